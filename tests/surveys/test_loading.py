"""Questionnaire files become versions; loading twice changes nothing and a frozen version is never changed."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from surveys.choices import Moment
from surveys.loading import FOLDER, BadInstrument, load_instruments
from surveys.models import Instrument, InstrumentVersion, Item
from surveys.questionnaires import AnswersRefused, questionnaire

pytestmark = pytest.mark.django_db

FILE = """
key = "pupils-p2p4"
title = "Pupils"
audience = "pupil"
stage_group = "P2P4"
[scales.faces3]
look = "faces"
points = [{ value = 1, label = "No" }, { value = 2, label = "Yes" }]
outside = [{ code = "NS", label = "Not sure" }]
[[items]]
key = "one"
text = "I like school."
construct = "school liking"
scale = "faces3"
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pupils.toml").write_text(FILE)
    return tmp_path


ADULTS = """
key = "teachers"
title = "Teachers"
audience = "teacher"
[scales.sure5]
look = "words"
points = [{ value = 1, label = "No" }, { value = 2, label = "Yes" }]
outside = [{ code = "CS", label = "Cannot say" }]
[scales.ways]
look = "ticks"
options = [{ code = "led", label = "Led" }, { code = "none", label = "None of these", alone = true }]
[[items]]
key = "confidence_science"
text = "How confident are you in teaching science?"
construct = "confidence"
scale = "sure5"
area = "science"
[[items]]
key = "confidence_space"
text = "How confident are you in teaching about space?"
construct = "confidence"
scale = "sure5"
[[items]]
key = "ways"
text = "How have you taken part?"
construct = "taking part"
scale = "ways"
moments = ["post"]
"""


def test_programme_has_six_instruments():
    load_instruments()

    versions = {version.instrument.key: version for version in InstrumentVersion.objects.select_related("instrument")}
    assert {key: version.items.count() for key, version in versions.items()} == {
        "pupils-p2p4": 20,
        "pupils-p5p7": 26,
        "headteacher-impact": 16,
        "teachers": 24,
        "mentors": 29,
        "session-feedback": 5,
    }
    assert versions["pupils-p5p7"].items.filter(reverse=True).count() == 1


def test_adults_are_asked_less_at_the_baseline():
    load_instruments()

    versions = {version.instrument.key: version for version in InstrumentVersion.objects.select_related("instrument")}
    asked = {
        key: [len(questionnaire(versions[key]).at(moment).questions) for moment in Moment.values]
        for key in ("teachers", "mentors", "headteacher-impact")
    }

    assert asked == {"teachers": [15, 24, 15], "mentors": [20, 29, 20], "headteacher-impact": [16, 16, 16]}


def test_each_area_has_one_question_on_confidence_for_teachers_and_for_mentors():
    load_instruments()

    found = Item.objects.exclude(area="").order_by("order").values_list("version__instrument__key", "key", "area")

    areas = ["science", "technology", "engineering", "mathematics"]
    assert list(found.filter(version__instrument__key="teachers")) == [
        ("teachers", f"confidence_{area}", area) for area in areas
    ]
    assert list(found.filter(version__instrument__key="mentors")) == [
        ("mentors", f"confidence_{area}", area) for area in areas
    ]
    assert len(found) == 8


def test_rating_of_a_school_is_made_of_the_ten_impact_questions_alone():
    load_instruments()

    scored = Item.objects.filter(version__instrument__audience="head", scored=True).values_list("key", flat=True)

    assert list(scored) == [f"headteacher_impact_rating_{number}" for number in range(1, 11)]
    assert not Item.objects.filter(version__instrument__audience__in=["teacher", "mentor"], scored=True).exists()


def test_liking_of_school_and_subjects_is_not_scored():
    load_instruments()

    pupils = Item.objects.filter(version__instrument__audience="pupil")
    unscored = set(pupils.filter(scored=False).values_list("construct", flat=True))
    assert unscored == {"school liking", "subject liking"}
    assert not Item.objects.filter(scored=True, construct__in=unscored).exists()


def test_each_scale_offers_its_codes_outside():
    load_instruments()

    offered = {
        name: [code["code"] for code in scale["outside"]]
        for version in InstrumentVersion.objects.all()
        for name, scale in version.scales.items()
        if scale["look"] != "ticks"
    }
    assert offered == {
        "faces3": ["NS"],
        "faces3_done": ["NS", "ND"],
        "agree5": ["PN"],
        "enjoy5": ["ND", "PN"],
        "impact5": ["TE"],
        "agreement5": ["CS", "PN"],
        "confidence5": ["ND", "PN"],
    }


def test_load_reference_twice_changes_nothing(capsys):
    call_command("load_reference")
    before = list(InstrumentVersion.objects.values_list("pk", "number", "source_sha256"))

    call_command("load_reference")

    assert list(InstrumentVersion.objects.values_list("pk", "number", "source_sha256")) == before
    assert "Questionnaires: 6 same." in capsys.readouterr().out


def test_changed_file_rewrites_a_draft(folder):
    load_instruments(folder)
    (folder / "pupils.toml").write_text(FILE.replace("I like school.", "I like coming to school."))

    counts = load_instruments(folder)

    assert counts == {"draft changed": 1}
    assert list(Item.objects.values_list("version__number", "text")) == [(1, "I like coming to school.")]


def test_changed_file_leaves_a_frozen_version_and_makes_the_next(folder):
    load_instruments(folder)
    InstrumentVersion.objects.update(frozen_at=datetime(2025, 9, 1, tzinfo=UTC))
    (folder / "pupils.toml").write_text(FILE.replace("I like school.", "I like coming to school."))

    counts = load_instruments(folder)

    assert counts == {"new version": 1}
    assert list(Item.objects.order_by("version__number").values_list("version__number", "text")) == [
        (1, "I like school."),
        (2, "I like coming to school."),
    ]


def test_missing_file_retires_its_instrument_and_deletes_nothing(folder):
    load_instruments(folder)
    (folder / "pupils.toml").unlink()

    load_instruments(folder)

    assert Instrument.objects.get().retired
    assert Item.objects.count() == 1
    assert not InstrumentVersion.objects.latest_of_each().exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('scale = "faces3"', 'scale = "faces9"'),
        ('code = "NS"', 'code = "XX"'),
        ('audience = "pupil"', 'audience = "parents"'),
        ("[scales.faces3]", "[scales.faces3"),
    ],
)
def test_faulty_file_is_refused_with_its_name(folder, old, new):
    (folder / "pupils.toml").write_text(FILE.replace(old, new))

    with pytest.raises(BadInstrument, match=r"pupils\.toml"):
        load_instruments(folder)

    assert not Instrument.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('code = "led"', 'code = "Led;x"', "code of its own"),
        ('code = "led"', 'code = "none"', "code of its own"),
        ('look = "ticks"', 'look = "ticks"\npoints = [{ value = 1, label = "No" }]', "code of its own"),
        ('moments = ["post"]', 'moments = ["once"]', "moments is"),
        ('moments = ["post"]', "moments = []", "moments is"),
        ('moments = ["post"]', 'area = "science"', "has no area"),
        ('moments = ["post"]', "scored = true", "in no score"),
        ('area = "science"', "scored = true", "in no score"),
        ('area = "science"', 'area = "maths"', "area is one of"),
        ('key = "confidence_space"', 'key = "confidence_space"\narea = "science"', "stands twice"),
        ('audience = "teacher"', 'audience = "pupil"', "pupils are asked"),
    ],
)
def test_fault_in_a_form_for_adults_is_refused_with_a_sentence(tmp_path, old, new, word):
    (tmp_path / "teachers.toml").write_text(ADULTS.replace(old, new))

    with pytest.raises(BadInstrument, match=word):
        load_instruments(tmp_path)

    assert not Instrument.objects.exists()


@pytest.fixture
def asked(tmp_path):
    """A form with a scale and something to tick."""
    (tmp_path / "teachers.toml").write_text(ADULTS)
    load_instruments(tmp_path)
    return questionnaire(InstrumentVersion.objects.get())


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (["led"], ["led"]),
        (["none", "led", "led"], ["led"]),
        (["none"], ["none"]),
        (("none", ""), ["none"]),
        ([], None),
        ("", None),
    ],
)
def test_ticks_are_kept_once_each_and_none_of_these_alone(asked, sent, kept):
    found = asked.checked({"ways": sent})

    assert found == ({"ways": kept} if kept else {})


@pytest.mark.parametrize(
    "answers",
    [
        {"ways": "led"},
        {"ways": ["led", "other"]},
        {"ways": ["le\0d"]},
        {"ways": [["led"]]},
        {"ways": {"led": 1}},
        {"confidence_science": ["1"]},
        {"confidence_science": {"1": "1"}},
        {"confidence_science": True},
    ],
)
def test_list_for_one_answer_and_the_reverse_are_refused(asked, answers):
    with pytest.raises(AnswersRefused):
        asked.checked(answers)


def test_question_of_another_moment_is_not_asked(asked):
    before = asked.at(Moment.BASELINE)

    assert [question.key for question in before.questions] == ["confidence_science", "confidence_space"]
    with pytest.raises(AnswersRefused):
        before.checked({"ways": ["led"]})


def test_item_keys_are_unique_among_the_pupils_forms():
    load_instruments(FOLDER)

    keys = list(Item.objects.filter(version__instrument__audience="pupil").values_list("key", flat=True))
    assert len(keys) == len(set(keys))


def test_question_that_several_audiences_share_has_the_same_words_and_answers_for_all():
    load_instruments(FOLDER)

    forms = [questionnaire(version) for version in InstrumentVersion.objects.select_related("instrument")]
    found = {}
    for question in (question for form in forms for question in form.questions):
        said = (question.text, question.construct, question.points, question.outside, question.options, question.area)
        found.setdefault(question.key, set()).add(said)
    assert {key for key, said in found.items() if len(said) > 1} == set()
    shared = [
        {question.key for question in form.questions} for form in forms if form.audience not in ("pupil", "session")
    ]
    assert {f"programme_{name}" for name in ("quality", "relevance", "engagement")} <= set.intersection(*shared)
