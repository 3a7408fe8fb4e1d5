"""The school sheet and the picture sheet as PDF: one A4 side, tagged, the same words and numbers as the page."""

import re

import pytest

from reports.documents.sheets import picture_pdf, sheet_pdf
from reports.noise_wording import NO_REFERENCE
from reports.presentation.picture import present_picture
from reports.presentation.sheet import present_sheet
from reports.wording import claims_in
from tests.reports.documents.printed import letter_sizes, lines_on, opened, words_of
from tests.reports.sample_sheets import HIDDEN, figures, results, shared

CAUSES = re.compile(
    r"\b(because of|caused|led to|thanks to|improved by|effect|impact|better than|worse than|best|worst)\b", re.I
)


def many_questions(number):
    """What all sheets share, and a school's figures, when the questionnaires have as many questions as this for each stage group."""
    common, own = shared(), results()
    for group in common["questions"]:
        first = common["questions"][group][0]
        names = [f"{group}-{place}" for place in range(number)]
        common["questions"][group] = [
            first | {"item": name, "text": f"I like question {name} rather a lot."} for name in names
        ]
        for place in (common["cohort"], own["own"], own["around"]):
            one = next(iter(place["items"][group].values()))
            place["items"][group] = dict.fromkeys(names, one)
    return own, common


def spoken(presented):
    """Every sentence and cell of a presented sheet."""
    if isinstance(presented, dict):
        return [text for value in presented.values() for text in spoken(value)]
    if isinstance(presented, list):
        return [text for value in presented for text in spoken(value)]
    return [presented] if isinstance(presented, str) else []


@pytest.mark.parametrize(
    "own", [figures(), HIDDEN, figures(0, 0, outcomes=(0, 0, 0))], ids=["shown", "hidden", "nobody"]
)
def test_both_sheets_are_one_tagged_side_of_a4(own):
    given, common = results(own=own), shared()

    for content in (
        sheet_pdf(present_sheet(given, common), common),
        picture_pdf(present_picture(given, common), common),
    ):
        document = opened(content)
        assert len(document.pages) == 1
        assert [round(float(side)) for side in document.pages[0].MediaBox] == [0, 0, 595, 842]
        assert bool(document.Root.MarkInfo.Marked)
        assert str(document.Root.Lang) == "en-GB"
        with document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_sheet_stays_on_one_side_with_more_questions():
    own, common = many_questions(23)

    assert len(opened(sheet_pdf(present_sheet(own, common), common)).pages) == 1


def test_sheet_of_thirty_questions_is_set_in_letters_of_nine_points_and_more():
    own, common = many_questions(15)

    document = opened(sheet_pdf(present_sheet(own, common), common))

    assert len(document.pages) == 1
    assert min(letter_sizes(document)) >= 9


def test_sheet_of_28_questions_of_which_some_are_hidden_stays_on_one_side_in_nine_points():
    own, common = many_questions(14)
    for items in own["own"]["items"].values():
        names = list(items)
        items |= {
            name: {f"{key}_{wave}": None for key in ("n", "pos") for wave in ("pre", "post")} for name in names[:2]
        }
        items[names[2]] = items[names[2]] | {"pos_post": 12}
        items[names[3]] = items[names[3]] | {"pos_post": 34}

    presented = present_sheet(own, common)

    assert sum("The two hidden ones" in words for words in presented["shows"]) == 2
    document = opened(sheet_pdf(presented, common))
    assert len(document.pages) == 1
    assert min(letter_sizes(document)) >= 9


def test_sheet_has_the_later_answers_of_the_others_and_says_where_the_earlier_ones_are():
    own, common = results(), shared()
    common["cohort"]["items"]["P2P4"]["a1"] |= {"pos_pre": 488, "pos_post": 1952}  # 20% and 80%

    presented = present_sheet(own, common)
    words = words_of(sheet_pdf(presented, common))

    assert {"20%", "80%"} <= {cell["text"] for cell in presented["tables"][0]["rows"][0]["cells"]}
    assert "80%" in words
    assert "20%" not in words
    assert presented["left-out"].replace(" ", "") in words


def test_words_beside_the_stars_stay_beside_them():
    common = shared()
    common["questions"]["P5P7"][0] |= {"text": "How much do you like this: doing experiments in class?", "points": 5}

    document = opened(picture_pdf(present_picture(results(), common), common))

    assert "8 out of 10 of us like it quite a lot or a lot" in lines_on(document.pages[0])


def test_same_figures_give_the_same_bytes():
    given, common = results(), shared()

    assert sheet_pdf(present_sheet(given, common), common) == sheet_pdf(present_sheet(given, common), common)
    assert picture_pdf(present_picture(given, common), common) == picture_pdf(present_picture(given, common), common)


def test_markup_in_a_school_name_or_question_is_printed_and_not_obeyed():
    given, common = results('*Nasty* #panic("x") <script> $x$'), shared()
    common["questions"]["P2P4"][0]["text"] = '#image("x") 😀'

    assert len(opened(sheet_pdf(present_sheet(given, common), common)).pages) == 1
    assert len(opened(picture_pdf(present_picture(given, common), common)).pages) == 1


def test_sheet_puts_school_cluster_and_cohort_side_by_side():
    presented = present_sheet(results(), shared())

    table = presented["tables"][0]
    assert table["columns"] == [
        "School, before",
        "School, after",
        "Cluster, before",
        "Cluster, after",
        "All schools, before",
        "All schools, after",
    ]
    assert [row["first"] for row in table["rows"]] == ["Doing experiments in class", "I can do a science experiment"]
    assert [cell["text"] for cell in table["rows"][0]["cells"]] == ["75% (40)"] * 2 + ["60%"] * 2 + ["70%"] * 2
    assert presented["tables"][1]["rows"][1]["first"] == "Science is too hard for me (not agreed)"
    assert "In all schools 2,440 to 2,440 answered a question." in presented["reading"]
    assert [[cell["text"] for cell in row["cells"]] for row in presented["outcomes"]["rows"]] == [
        ["38%", "19%", "44%", "32"],
        ["38%", "19%", "44%", "32"],
        ["44%", "11%", "45%", "1,000"],
    ]


def test_sheet_says_in_words_how_the_school_stands_beside_its_cluster():
    own = figures(40, 30)
    own["items"]["P2P4"]["a1"]["pos_post"] = 36  # 90% where the cluster has 60%
    own["items"]["P2P4"]["a2"]["pos_post"] = 25  # 62%

    presented = present_sheet(results(own=own), shared())

    assert presented["tables"][0]["sentence"] == (
        "After, beside the cluster: of two shares of positive answers, one is less than 10 points away and one is higher. "
        "Furthest above: “Doing experiments in class” (90%, the cluster 60%)."
    )


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ((25, 25), "both shares of positive answers are less than 10 points away."),
        ((25, None), "the one share of positive answers is less than 10 points away."),
        ((36, 36), "both shares of positive answers are 10 points or more higher. Furthest"),
        ((36, 6), "of two shares of positive answers, one is 10 points or more higher and one is lower. Furthest"),
    ],
)
def test_sheet_says_nothing_of_shares_that_there_are_none_of(shares, words):
    own = figures(40, 30)
    for item, positive in zip(("a1", "a2"), shares, strict=True):
        own["items"]["P2P4"][item]["pos_post"] = positive

    assert f"After, beside the cluster: {words}" in present_sheet(results(own=own), shared())["tables"][0]["sentence"]


def test_sheet_names_what_stands_out_and_nothing_where_shares_tie_or_there_is_one():
    apart, tied, single = figures(40, 30), figures(40, 30), figures(40, 30)
    apart["items"]["P2P4"]["a1"]["pos_post"] = 36
    for wave in ("pre", "post"):
        single["items"]["P2P4"]["a2"] |= {f"n_{wave}": None, f"pos_{wave}": None}

    said = [present_sheet(results(own=own), shared())["shows"] for own in (apart, tied, single)]

    assert said[0][0] == (
        "P2–P4, after: most positive on “Doing experiments in class” (90%), least positive on “I can do a science experiment” (75%)."
    )
    assert said[1] == said[2] == ["Ask your pupils what they make of it: they know what they meant."]


def test_sheet_calls_nothing_the_most_positive_of_all_where_a_question_is_hidden():
    own, common = figures(40, 30), shared()
    third = {"item": "a3", "text": "I like PE.", "points": 3, "construct": "science", "reverse": False, "scored": True}
    common["questions"]["P2P4"].append(third)
    own["items"]["P2P4"]["a1"]["pos_post"] = 35
    for place in (own, common["cohort"], around := figures(200, 120)):
        place["items"]["P2P4"]["a3"] = {"n_pre": None, "pos_pre": None, "n_post": None, "pos_post": None}

    presented = present_sheet(results(own=own) | {"around": around}, common)

    assert presented["shows"][0] == (
        "P2–P4, after, of the two questions shown: most positive on “Doing experiments in class” (88%), "
        "least positive on “I can do a science experiment” (75%). The hidden one may lie higher or lower."
    )
    assert "Furthest above of those shown: “Doing experiments in class”" in presented["tables"][0]["sentence"]


def test_sheet_counts_a_question_put_the_other_way_round_as_its_table_does():
    own = figures(40, 30)
    own["items"]["P5P7"]["b2"]["pos_post"] = 35

    presented = present_sheet(results(own=own), shared())

    first, most = presented["tables"][1]["rows"][1]["first"], presented["shows"][0]
    assert most.startswith(f"P5–P7, after: most positive on “{first}” (88%), least positive on")


def test_sheet_says_what_one_pupil_weighs():
    careful = present_sheet(results(own=figures(40, 30)), shared())["careful"]

    assert careful[0] == (
        "Few pupils. With about 40 answers to a question, one pupil who answers otherwise moves its share by about 2 percentage points."
    )


def test_marks_of_the_little_chart_stand_where_the_shares_are():
    row = present_sheet(results(own=figures(40, 40)), shared())["tables"][0]["rows"][0]

    assert {mark["place"]: mark["at"] for mark in row["marks"]} == {"own": 96.0, "around": 59.2, "cohort": 68.4}


def test_sheet_of_a_school_that_may_show_nothing_has_a_sentence_and_no_columns_of_marks():
    presented = present_sheet(results(own=HIDDEN), shared())

    table = presented["tables"][0]
    assert table["columns"] == ["Cluster, before", "Cluster, after", "All schools, before", "All schools, after"]
    assert table["sentence"].startswith("Your own pupils’ answers to these questions are too few to be shown")
    assert {mark["place"] for row in table["rows"] for mark in row["marks"]} == {"around", "cohort"}
    assert [row["first"] for row in presented["outcomes"]["rows"]] == ["Cluster", "All schools"]
    assert "[c]" not in " ".join(cell["text"] for row in table["rows"] for cell in row["cells"])


def test_what_nobody_answered_looks_like_what_is_hidden():
    own = figures()
    own["items"]["P2P4"]["a1"] |= {"n_post": 0, "pos_post": 0}
    own["items"]["P2P4"]["a2"] |= {"n_pre": None, "pos_pre": None}

    rows = present_sheet(results(own=own), shared())["tables"][0]["rows"]

    assert (rows[0]["cells"][1]["text"], rows[1]["cells"][0]["text"]) == ("[c]", "[c]")


def test_parts_of_a_bar_make_a_whole_and_narrow_ones_have_no_words():
    bar = present_sheet(results(own=figures(outcomes=(90, 5, 5))), shared())["outcomes"]["rows"][0]["bar"]

    assert sum(part["width"] for part in bar) == 100
    assert [part["text"] for part in bar] == ["90% declined", "", ""]


def test_sheet_has_a_caution_beside_the_declines_where_their_reference_is_hidden():
    note = present_sheet(results(), shared() | {"noise": None})["outcomes"]["note"]

    assert note == NO_REFERENCE


def test_sheet_says_when_it_was_made_and_whom_to_ask():
    presented = present_sheet(results(), shared() | {"made_on": "2026-11-16"})

    assert presented["footer"].endswith("made 16 November 2026.")
    assert presented["ask"] == "Questions? Ask your mentors or SSERC."


@pytest.mark.parametrize(
    "own", [figures(), HIDDEN, figures(0, 0, outcomes=(0, 0, 0))], ids=["shown", "hidden", "nobody"]
)
def test_sheet_claims_nothing_and_is_careful_at_equal_weight(own):
    presented = present_sheet(results(own=own), shared())

    text = " ".join(spoken(presented))
    assert claims_in(re.sub("improved", "", text, flags=re.IGNORECASE)) == []  # a word of ours that holds another
    assert CAUSES.findall(text) == []
    assert "Never read “declined” alone" in text
    assert "no league table" in text
    assert len(presented["careful"]) >= len(presented["shows"])


def test_picture_names_no_count_and_no_small_share():
    presented = present_picture(results(), shared())

    text = " ".join(spoken(presented | {"footer": ""}))
    assert set(re.findall(r"\d+", text)) <= {"2", "4", "5", "7", "8", "10", "2026"}  # P2 to P4, 8 out of 10, May 2026
    assert "8 out of 10 of us like it a lot" in text
    assert "too hard" not in text
    assert [sum(line["row"]) for group in presented["groups"] for line in group["lines"]] == [8, 8, 8]


@pytest.mark.parametrize(
    ("positive", "words"),
    [(40, "All of us"), (39, "Nearly all of us"), (30, "8 out of 10 of us"), (20, "5 out of 10 of us")],
)
def test_picture_says_how_many_in_words_that_children_read(positive, words):
    line = present_picture(results(own=figures(40, positive)), shared())["groups"][0]["lines"][0]

    assert line["words"] == f"{words} like it a lot"


@pytest.mark.parametrize(
    ("text", "points", "words"),
    [
        ("How much do you like this: doing experiments in class?", 3, "like it a lot"),
        ("How much do you like this: doing experiments in class?", 5, "like it quite a lot or a lot"),
        ("How much do you enjoy science?", 5, "enjoy it quite a lot or a lot"),
        ("Science lessons are interesting.", 5, "say yes"),
    ],
)
def test_picture_says_what_a_positive_answer_was_in_the_words_of_the_answers(text, points, words):
    common = shared()
    common["questions"]["P5P7"][0] |= {"text": text, "points": points}

    line = present_picture(results(), common)["groups"][1]["lines"][0]

    assert line["words"] == f"8 out of 10 of us {words}"
