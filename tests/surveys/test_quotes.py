"""The quotes bank holds what adults said, with consent, and nothing that leads to anybody who did not allow it."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from clusters.actions import NotNow
from surveys import actions
from surveys.choices import Consent, ConsentBy
from surveys.models import Quote

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 9, 10, tzinfo=UTC)


@pytest.fixture
def facts(world):
    return {
        "text": "The children ask for science day.",
        "role": "mentor",
        "source": "diary",
        "said_on": date(2026, 4, 30),
        "cluster": world.own_cluster,
        "consent": Consent.PLACE,
        "consent_on": date(2026, 5, 3),
        "consent_by": ConsentBy.EMAIL,
        "name": "",
    }


@pytest.mark.parametrize(
    ("consent", "said"),
    [
        (Consent.ANONYMOUS, "Somebody in the programme"),
        (Consent.ROLE, "A mentor"),
        (Consent.PLACE, "A mentor, Ownshire"),
        (Consent.NAMED, "Morag Mentor, mentor, Ownshire"),
    ],
)
def test_attribution_says_what_consent_allows_and_no_more(world, facts, consent, said):
    kept = actions.add_quote(by=world.people["staff"], **facts | {"consent": consent, "name": "Morag Mentor"})

    assert kept.attribution == said
    assert kept.name == ("Morag Mentor" if consent == Consent.NAMED else "")


def test_quote_without_a_place_names_none(world, facts):
    kept = actions.add_quote(by=world.people["staff"], **facts | {"cluster": None, "consent": Consent.ROLE})

    assert kept.attribution == "A mentor"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "pupil"}, "role"),
        ({"text": "Write to m.mentor@example.org about it."}, "text"),
        ({"text": "Ring me on 0131 496 0000."}, "text"),
        ({"text": "Ring +44 7700 900123."}, "text"),
        ({"consent_on": None}, "consent_on"),
        ({"consent_by": ""}, "consent_by"),
        ({"cluster": None}, "cluster"),
        ({"consent": Consent.NAMED}, "name"),
    ],
)
def test_quote_that_may_not_be_kept_is_refused_with_its_field(world, facts, wrong, field):
    with pytest.raises(actions.QuoteRefused) as refused:
        actions.add_quote(by=world.people["staff"], **facts | wrong)

    assert refused.value.field == field
    assert not Quote.objects.exists()


@pytest.mark.parametrize(
    "text", ["From 2012-2018 we grew, 3 of 4 said so in 2015.", "About 1,200 pupils @ 30 schools."]
)
def test_years_and_numbers_are_no_phone_number(world, facts, text):
    assert actions.add_quote(by=world.people["staff"], **facts | {"text": text}).text == text


def test_database_itself_refuses_a_pupil_and_a_name_without_consent(world, facts):
    for wrong in ({"role": "pupil"}, {"name": "Morag Mentor"}, {"consent_by": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Quote.objects.create(**facts | wrong)


def test_quote_without_consent_is_kept_but_not_usable(world, facts):
    kept = actions.add_quote(by=world.people["staff"], **facts | {"consent": Consent.NONE})

    assert (kept.consent_on, kept.consent_by, kept.may_be_used) == (None, "", False)
    assert not Quote.objects.usable().exists()
    with pytest.raises(NotNow, match="none to withdraw"):
        actions.withdraw_quote(kept, by=world.people["staff"], now=NOW)


def test_withdrawn_consent_ends_every_use_and_every_change(world, facts):
    staff = world.people["staff"]
    kept = actions.add_quote(by=staff, **facts)

    first = actions.withdraw_quote(kept, by=staff, now=NOW).withdrawn_at
    second = actions.withdraw_quote(kept, by=staff, now=datetime(2027, 1, 1, tzinfo=UTC)).withdrawn_at

    assert first == second == NOW
    assert not Quote.objects.usable().exists()
    with pytest.raises(NotNow, match="stays as it is"):
        actions.change_quote(kept, by=staff, **facts)


def test_change_leaves_the_words_before_in_the_history_and_no_change_leaves_nothing(world, facts):
    staff = world.people["staff"]
    kept = actions.add_quote(by=staff, **facts)

    actions.change_quote(kept, by=staff, **facts)
    actions.change_quote(kept, by=staff, **facts | {"text": "The children ask for a science day."})

    assert [(row.text, row.history_user) for row in kept.history.order_by("history_date")] == [
        ("The children ask for science day.", staff),
        ("The children ask for a science day.", staff),
    ]
