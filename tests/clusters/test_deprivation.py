"""The fifth of primary schools that a school belongs to, from the official share of its pupils in the most deprived fifth."""

import datetime
from decimal import Decimal

import pytest

from clusters import actions
from clusters.importing.deprivation import NAMES, RULE, fifth_by_share
from clusters.models import School
from tests import make
from tests.clusters import register_files as files
from tests.clusters.register_files import apply

Q1 = "SIMD Quintile 1 [Note 6]"
SHARE = "PropPupils20PCMostDeprived"
CENSUS = datetime.date(2023, 9, 1)


@pytest.mark.parametrize(
    ("low", "high", "fifth"),
    [
        ("97.5", None, 1), ("50", None, 1), ("49.9", None, 2), ("15", None, 2), ("14.9", None, 3), ("0.1", None, 3),
        ("0", None, 4), ("95", "100", 1), ("50", "55", 1), ("45", "50", 2), ("15", "20", 2), ("10", "15", 3),
        ("0", "5", 3), ("10", "20", None), ("40", "60", None),
    ],
)  # fmt: skip
def test_fifth_follows_the_share_and_a_band_that_crosses_a_limit_has_none(low, high, fifth):
    assert fifth_by_share(Decimal(low), high and Decimal(high)) == fifth


def test_every_fifth_has_its_words():
    assert NAMES.keys() == RULE.keys() == {1, 2, 3, 4}


@pytest.fixture
def fife():
    return make.authority("Fife", gss_code="S12000047")


def fifth_of(seed, sector="P"):
    return School.objects.get(seed_code=seed, sector=sector).simd_quintile


@pytest.mark.django_db
def test_statistics_give_a_primary_its_fifth_and_a_hidden_share_none(fife):
    rows = [
        files.statistics_row(9900417, **{Q1: 120}),
        files.statistics_row(9900425, **{Q1: 0}),
        files.statistics_row(9900433, **{Q1: "c"}),
        files.statistics_row(9900441, **{Q1: 120, "School Type": "Secondary"}),
    ]

    apply(files.statistics(*rows))

    found = [fifth_of(9900417), fifth_of(9900425), fifth_of(9900433), fifth_of(9900441, "S")]
    assert found == [1, 4, None, None]


@pytest.mark.django_db
def test_fifth_changes_with_the_share_and_goes_back_with_its_import(fife):
    apply(files.school_roll(files.school_roll_row(**{SHARE: "20 - <25%"})), said_edition=CENSUS)
    before = fifth_of(9900417)
    run = apply(files.statistics(files.statistics_row(**{Q1: "c"}), year=2024))
    hidden = fifth_of(9900417)

    actions.undo_register(run, on=run.undo_until, by=None)

    assert (before, hidden, fifth_of(9900417)) == (2, None, 2)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"simd_quintile": 2}, "Second of five"),
        ({"simd_quintile": None}, "None: the share above does not tell"),
        ({"sector": "S"}, None),
    ],
)
@pytest.mark.django_db
def test_school_page_says_that_the_fifth_is_worked_out_here(fields, words, sign_in, world):
    school = make.school("Fifthschool", world.own_authority, **fields)

    rows = sign_in(world.people["staff"]).get(school.get_absolute_url()).context["figures"]

    found = {row["label"]: row["words"] for row in rows}.get("Fifth of schools, for the evaluation")
    assert found == words
