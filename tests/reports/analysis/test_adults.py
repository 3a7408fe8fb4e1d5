import random

import pytest
from scipy import stats

from reports.analysis.adults import AREAS, Question, describe, read
from reports.analysis.schema import InvalidData, Rules
from tests.reports.analysis.adult_answers import CONFIDENCE, QUALITY, TOPICS, adult_data, mentors, only, sheet

RULES = Rules()
SEED = 20150801


def quality(rows, group="teacher"):
    found = describe(adult_data(rows), SEED)
    return next(row for row in found["agreement"] if row["item"] == "quality")["groups"][group]


def hidden(table, *keys):
    return all(table[key] is None for key in keys) and table["why"] == "hidden"


def test_agreement_leaves_cannot_say_out_of_its_share_and_reports_it_as_a_share_of_all():
    table = quality(only("teacher", "post", [5, 4, 4, 3, 2, "TE", "CS", ""]))

    # Three of five who answered on the scale agree; two of the seven who gave any answer cannot say; one left it blank.
    assert (table["base_post"], table["n_post"], table["blank_post"]) == (8, 5, 1)
    assert table["pos_post"] == 3 / 5
    assert table["counts_post"] == [0, 1, 1, 2, 1]
    assert table["mean_post"] == (5 + 4 + 4 + 3 + 2) / 5
    assert (table["cannot_say_post"], table["cannot_say_share_post"]) == (2, 2 / 7)


def test_agreement_of_reversed_question_is_turned_round():
    question = Question("anxious", "Teaching science makes me anxious.", reverse=True)
    rows = [{**sheet("teacher", "post"), "anxious": answer} for answer in (1, 2, 5)]

    table = describe(adult_data(rows, [question]), SEED)["agreement"][0]["groups"]["teacher"]

    assert table["counts_post"] == [1, 0, 0, 1, 1]
    assert table["pos_post"] == 2 / 3


def test_agreement_sets_mentors_teachers_and_headteachers_side_by_side():
    rows = only("mentor", "post", [5, 4]) + only("teacher", "post", [4, 2, 1, 1]) + only("head", "once", [5])

    row = next(row for row in describe(adult_data(rows), SEED)["agreement"] if row["item"] == "quality")

    assert {group: table["pos_post"] for group, table in row["groups"].items()} == {
        "mentor": 1.0,
        "teacher": 0.25,
        "head": 1.0,
    }
    assert row["groups"]["head"]["asked_pre"] is False
    assert row["groups"]["head"]["base_pre"] is None


def test_confidence_is_four_tables_and_never_one():
    rows = [
        sheet("mentor", "pre", "m1", "S1", conf_science=2, conf_technology=3, conf_engineering=1, conf_mathematics=4)
    ]
    rows += [
        sheet("mentor", "post", "m1", "S1", conf_science=4, conf_technology=3, conf_engineering=2, conf_mathematics=3)
    ]

    areas = describe(adult_data(rows), SEED)["confidence"]["mentor"]

    assert list(areas) == list(AREAS)
    assert [areas[area]["mean_change"] for area in AREAS] == [2, 0, 1, -1]


def test_confidence_of_linked_people_is_their_own_change():
    # Persons 0 to 3 answer both times: 2>4, 3>4, 4>4, 5>3. Person 4 only before, person 5 only after.
    rows = mentors([2, 3, 4, 5, 1, None], [4, 4, 4, 3, None, 5])

    found = describe(adult_data(rows), SEED)
    table = found["confidence"]["mentor"]["science"]

    assert found["groups"]["mentor"] | {"note": ""} == {
        "sheets_pre": 5,
        "sheets_post": 5,
        "schools": 6,
        "linked": 4,
        "without_link": 0,
        "ambiguous": 0,
        "basis": "matched",
        "note": "",
    }
    assert (table["n_pre"], table["n_post"], table["n_pair"]) == (5, 5, 4)
    assert (table["declined"], table["held"], table["improved"]) == (1, 1, 2)
    assert table["mean_change"] == (2 + 1 + 0 - 2) / 4
    assert (table["pos_pre"], table["pos_post"]) == (2 / 5, 4 / 5)
    assert (table["pos_pre_pair"], table["pos_post_pair"], table["pos_change_pair"]) == (2 / 4, 3 / 4, 1 / 4)


def test_confidence_without_links_is_unmatched_and_says_so():
    found = describe(adult_data(mentors([2, 3, 4], [4, 4, 5], linked=False)), SEED)
    counts, table = found["groups"]["mentor"], found["confidence"]["mentor"]["science"]

    assert (counts["basis"], counts["linked"], counts["without_link"]) == ("unmatched", 0, 6)
    assert "two sets of people" in counts["note"]
    assert table["n_pair"] == 0
    assert table["mean_change"] is None
    assert table["pos_change"] == pytest.approx(2 / 3)


def test_link_that_stands_twice_at_one_time_is_never_used():
    rows = [*mentors([2, 3], [4, 4]), sheet("mentor", "pre", "m0", "S00", conf_science=5)]

    counts = describe(adult_data(rows), SEED)["groups"]["mentor"]

    assert (counts["linked"], counts["ambiguous"]) == (1, 2)


def test_person_who_changed_group_is_not_linked():
    rows = [sheet("teacher", "pre", "p1", conf_science=2), sheet("mentor", "post", "p1", conf_science=5)]

    found = describe(adult_data(rows), SEED)

    assert [found["groups"][group]["linked"] for group in ("mentor", "teacher")] == [0, 0]


def test_mean_change_of_people_in_schools_of_their_own_has_the_interval_of_a_t_test():
    before, after = [2, 3, 3, 4, 2, 1, 3, 4, 2, 3, 3, 2], [3, 3, 4, 4, 4, 2, 3, 5, 4, 3, 4, 4]
    expected = stats.ttest_1samp([b - a for a, b in zip(before, after, strict=True)], 0).confidence_interval()

    table = describe(adult_data(mentors(before, after)), SEED)["confidence"]["mentor"]["science"]

    assert table["mean_change"] == pytest.approx(11 / 12)
    assert (table["mean_change_lo"], table["mean_change_hi"]) == pytest.approx((expected.low, expected.high))
    assert table["pos_change_pair_lo"] < table["pos_change_pair"] < table["pos_change_pair_hi"]


def test_intervals_are_by_school():
    answers = [1] * 10 + [5] * 10
    alone = [sheet("teacher", "post", school=f"S{n:02d}", quality=answer) for n, answer in enumerate(answers)]
    together = [sheet("teacher", "post", school=f"S{n // 2:02d}", quality=answer) for n, answer in enumerate(answers)]
    few = [sheet("teacher", "post", school=f"S{n // 3:02d}", quality=answer) for n, answer in enumerate(answers)]

    narrow, wide = quality(alone), quality(together)

    assert narrow["pos_post_hi"] - narrow["pos_post_lo"] < wide["pos_post_hi"] - wide["pos_post_lo"]
    assert "pos_post_lo" not in quality(few)  # seven schools


def test_question_not_asked_at_one_time_has_no_base_there():
    question = Question("conf_science", "Confident in science?", area="science", asked=(("mentor", "post"),))
    data = adult_data(mentors([3, 3], [4, 4]), [question])

    table = describe(data, SEED)["confidence"]["mentor"]["science"]

    assert (table["asked_pre"], table["base_pre"], table["n_pre"], table["pos_pre"]) == (False, None, 0, None)
    assert (table["asked_post"], table["base_post"], table["pos_post"]) == (True, 2, 1.0)
    assert table["n_pair"] == 0


def test_question_that_nobody_answered_has_a_base_and_no_share():
    table = quality(only("teacher", "post", ["", "", ""]))

    assert (table["base_post"], table["n_post"], table["blank_post"]) == (3, 0, 3)
    assert (table["pos_post"], table["mean_post"], table["cannot_say_share_post"]) == (None, None, None)


def test_ticks_are_shares_of_people_and_need_not_sum_to_100():
    rows = only("teacher", "post", ["space;forces", "space", "space; code", ""], key="topics")

    ticks = describe(adult_data(rows), SEED)["choices"][0]["groups"]["teacher"]["post"]

    assert (ticks["base"], ticks["n"], ticks["blank"]) == (4, 3, 1)
    assert [(option["code"], option["count"], option["share"]) for option in ticks["options"]] == [
        ("space", 3, 1.0),
        ("forces", 1, 1 / 3),
        ("code", 1, 1 / 3),
    ]


def test_no_answers_give_an_empty_reading():
    found = read(adult_data([]), RULES)

    assert (found["groups"], found["confidence"]) == ({}, {})
    assert [row["groups"] for row in (*found["agreement"], *found["choices"])] == [{}, {}]


def test_one_person_is_hidden_everywhere():
    rows = [sheet("mentor", "pre", "m1", "S1", conf_science=2, topics="space"),
            sheet("mentor", "post", "m1", "S1", conf_science=5, quality=4, topics="code")]  # fmt: skip

    found = read(adult_data(rows), RULES)
    table, ticks = found["confidence"]["mentor"]["science"], found["choices"][0]["groups"]["mentor"]["pre"]

    assert hidden(found["groups"]["mentor"], "sheets_pre", "sheets_post", "linked")
    assert hidden(table, "base_pre", "n_pre", "pos_pre", "counts_pre", "mean_pre", "n_pair", "mean_change", "improved")
    assert hidden(ticks, "base", "n")
    assert all(option["share"] is None for option in ticks["options"])


def test_everybody_alike_is_hidden_below_twenty_people_and_shown_above():
    few, many = (
        read(adult_data(only("teacher", "post", [4] * people)), RULES)["agreement"][0]["groups"]["teacher"]
        for people in (19, 20)
    )

    assert hidden(few, "pos_post", "counts_post", "mean_post")
    assert few["n_post"] == 19
    assert (many["pos_post"], many["counts_post"]) == (1.0, [0, 0, 0, 20, 0])


def test_everybody_the_same_both_times_has_no_interval_and_no_error():
    table = describe(adult_data(mentors([3] * 12, [3] * 12)), SEED)["confidence"]["mentor"]["science"]

    assert (table["mean_change"], table["held"]) == (0, 12)
    assert (table["mean_change_lo"], table["mean_change_hi"]) == (None, None)


def test_few_who_cannot_say_look_like_none():
    none, few, many = (
        read(adult_data(only("teacher", "post", [4] * 12 + [2] * 12 + ["CS"] * number)), RULES) for number in (0, 4, 6)
    )
    shown = [found["agreement"][0]["groups"]["teacher"] for found in (none, few, many)]

    assert all(hidden(table, "cannot_say_post", "cannot_say_share_post", "blank_post") for table in shown[:2])
    assert shown[2]["cannot_say_share_post"] == 6 / 30


def test_few_unmatched_people_cannot_be_had_by_subtraction():
    # Twenty people both times, three more only before: all less matched would be these three.
    before = [2] * 10 + [4] * 10 + [5] * 3
    after = [4] * 10 + [2] * 5 + [5] * 5 + [None] * 3

    table = read(adult_data(mentors(before, after)), RULES)["confidence"]["mentor"]["science"]

    assert (table["pos_pre_pair"], table["pos_post_pair"]) == (10 / 20, 15 / 20)
    assert hidden(table, "pos_pre", "counts_pre", "mean_pre", "pos_change")
    assert table["pos_post"] == 15 / 20  # nobody answered afterwards only


def test_many_unmatched_people_leave_both_tables_in_place():
    before = [2] * 10 + [4] * 10 + [2] * 6 + [4] * 6
    after = [4] * 10 + [2] * 5 + [5] * 5 + [None] * 12

    table = read(adult_data(mentors(before, after)), RULES)["confidence"]["mentor"]["science"]

    assert (table["pos_pre"], table["pos_pre_pair"]) == (16 / 32, 10 / 20)


def test_option_ticked_by_few_is_hidden_and_the_others_stay_unless_everybody_ticked_one():
    free = read(
        adult_data(only("teacher", "post", ["space;code"] * 10 + ["forces"] * 3 + ["code"] * 9, "topics")), RULES
    )
    single = read(adult_data(only("teacher", "post", ["space"] * 10 + ["forces"] * 3 + ["code"] * 9, "topics")), RULES)

    counts = [
        [option["count"] for option in found["choices"][0]["groups"]["teacher"]["post"]["options"]]
        for found in (free, single)
    ]

    assert counts == [[10, None, None], [None, None, None]]  # 19 of 22 ticked computing: all but three
    assert "ticks" not in free["choices"][0]["groups"]["teacher"]["post"]


def test_reading_does_not_depend_on_the_order_of_rows():
    chance = random.Random(5)
    rows = mentors([chance.randint(1, 5) for _ in range(25)], [chance.randint(1, 5) for _ in range(25)])
    rows += [sheet("teacher", "post", quality=chance.randint(1, 5)) for _ in range(30)]
    mixed = chance.sample(rows, len(rows))

    assert describe(adult_data(mixed), SEED) == describe(adult_data(rows), SEED)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (sheet("pupil", "pre"), "row 2, column group: “pupil” is not mentor or teacher or head"),
        (sheet("mentor", "during"), "row 2, column wave: “during” is not pre or post or once"),
    ],
)
def test_unknown_group_or_time_is_named(row, sentence):
    with pytest.raises(InvalidData, match=sentence):
        describe(adult_data([row]), SEED)


def test_missing_question_is_named():
    data = adult_data([], CONFIDENCE)

    with pytest.raises(InvalidData, match="no column quality"):
        describe(type(data)(data.sheets, (*CONFIDENCE, QUALITY, TOPICS)), SEED)


def test_answer_off_the_scale_counts_as_blank():
    table = quality(only("teacher", "post", [4, 6, "x"]))

    assert (table["n_post"], table["blank_post"], table["cannot_say_post"]) == (1, 2, 0)


def few(part, whole):
    """Whether a count that somebody worked out points at few people."""
    return 0 < part < 5 or 0 < whole - part < 5 or (0 < whole < 20 and part in (0, whole))


def worked_out(table):
    """Every (count, base) that a reader can take from one published table, by itself or by subtraction."""
    for wave in ("pre", "post"):
        n, positive = table[f"n_{wave}"], table.get(f"n_pos_{wave}")
        if positive is not None:
            yield positive, n
        yield from ((count, n) for count in table[f"counts_{wave}"] or [] if n)
        outside = table[f"cannot_say_{wave}"]
        if outside is not None:
            yield outside, table[f"base_{wave}"] - table[f"blank_{wave}"]
        pair = table.get(f"n_pos_{wave}_pair")
        if pair is not None and table["n_pair"]:
            yield pair, table["n_pair"]
            if positive is not None:
                yield positive - pair, n - table["n_pair"]
    if table["declined"] is not None and table["n_pair"]:
        yield from ((table[outcome], table["n_pair"]) for outcome in ("declined", "held", "improved"))


def test_no_count_of_few_people_can_be_worked_out_from_what_is_shown():
    chance = random.Random(11)
    shown = 0
    for _ in range(150):
        people, lost = chance.randint(5, 60), chance.choice([0, 0.05, 0.2, 0.4])
        lean = chance.choice([(1, 5), (3, 5), (4, 5)])
        times = [
            [
                None if chance.random() < lost else chance.choice([*range(lean[0], lean[1] + 1), "CS"])
                for _ in range(people)
            ]
            for _ in range(2)
        ]
        table = read(adult_data(mentors(*times)), RULES)["confidence"].get("mentor", {}).get("science")
        for count, base in worked_out(table) if table else ():
            shown += 1
            assert not few(count, base), (count, base, table)
        if table and all(table[key] is not None for key in ("mean_pre", "mean_post", "mean_change")):
            rests = [table[f"n_{wave}"] - table["n_pair"] for wave in ("pre", "post")]
            assert not [rest for rest in rests if 0 < rest < 10]
    assert shown > 300


@pytest.mark.parametrize(
    ("agree", "differ", "over", "under"),
    [(52, 2, 0.9, None), (22, 3, 0.75, None), (12, 0, 0.5, None), (2, 52, None, 0.1), (1, 11, None, 0.5)],
)
def test_share_of_nearly_everybody_or_nobody_is_bounded(agree, differ, over, under):
    rows = only("teacher", "post", [5] * agree + [2] * differ)

    found = read(adult_data(rows), RULES)

    table = next(row for row in found["agreement"] if row["item"] == "quality")["groups"]["teacher"]
    assert table["pos_post"] is None
    assert table.get("pos_post_over") == over
    assert table.get("pos_post_under") == (None if under is None else pytest.approx(under))


@pytest.mark.parametrize(("agree", "differ"), [(30, 8), (2, 3), (40, 0)])
def test_share_that_is_shown_or_of_too_few_people_has_no_bound(agree, differ):
    rows = only("teacher", "post", [5] * agree + [2] * differ)

    found = read(adult_data(rows), RULES)

    table = next(row for row in found["agreement"] if row["item"] == "quality")["groups"]["teacher"]
    assert not {"pos_post_over", "pos_post_under"} & table.keys()
