"""What is asked again before a sentence of the key findings is saved: numbers from elsewhere, and words of cause."""

import re

import pytest

from clusters.models import NamedEvent
from reports import actions
from reports.presentation.doubts import doubts
from reports.presentation.key_findings import draft
from tests.reports.access import as_read, make_report
from tests.reports.sample_results import sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(world):
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])
    return actions.draft_key_findings(report, by=world.people["staff"])


def sentence(text, part="findings", anchor=""):
    return {"part": part, "text": text, "anchor": anchor}


def test_sentence_with_a_strange_number_and_a_word_of_cause_is_saved_only_when_somebody_confirms_it(
    page, world, sign_in
):
    client, address = sign_in(world.people["staff"]), f"{page.get_absolute_url()}edit/"
    typed = {"findings_1": "PCP raised attitudes: it works. 99% of pupils improved.", "findings_1_anchor": "change"}

    asked = client.post(address, typed | as_read(page))
    page.refresh_from_db()
    unsaved = [each["text"] for each in page.sentences]
    mark = re.search(r'name="doubted" value="(\w+)"', asked.content.decode()).group(1)
    client.post(address, typed | as_read(page) | {"doubted": mark, "knowing": "on"})
    page.refresh_from_db()

    assert asked.status_code == 422
    assert "99% cannot be found in “Declined, held, improved”" in asked.content.decode()
    assert "“raised” and “works” may say that the programme brought this about" in asked.content.decode()
    assert typed["findings_1"] not in unsaved
    assert [each["text"] for each in page.sentences] == [typed["findings_1"]]
    assert NamedEvent.objects.filter(event="key findings edited").last().detail == {"warnings_confirmed": 2}


def test_tick_under_one_warning_does_not_confirm_another(page, world, sign_in):
    client, address = sign_in(world.people["staff"]), f"{page.get_absolute_url()}edit/"
    asked = client.post(address, {"findings_1": "It works."} | as_read(page)).content.decode()
    mark = re.search(r'name="doubted" value="(\w+)"', asked).group(1)

    answer = client.post(address, {"findings_1": "97% liked it.", "doubted": mark, "knowing": "on"} | as_read(page))

    assert answer.status_code == 422
    assert "97% cannot be found in the report, since no section is chosen" in answer.content.decode()


def test_drafted_page_and_numbers_of_the_linked_section_raise_no_doubt():
    drafted = draft(sample())
    written = sentence("Of the 1,338 matched pupils of P5–P7 and P2–P4, 42% improved.", anchor="change")

    assert doubts([*drafted, written], [], sample()) == []
    assert doubts([written | {"anchor": "who"}], [], sample()) != []
    assert doubts([written | {"anchor": "who"}], [written | {"anchor": "who"}], sample()) == []


@pytest.mark.parametrize(
    "text",
    [
        *(
            "PCP improved attitudes.",
            "The programme has helped.",
            "It made a difference.",
            "The PCP has greatly helped.",
        ),
        *(
            "The programme clearly improved science.",
            "The sessions improved it.",
            "Mentors made pupils more confident.",
        ),
        *("This is due to PCP.", "It had an impact.", "The effect of the programme.", "It has had a positive effect."),
        *("Leading to better science.", "It is effective.", "The clusters have increased it.", "The figures prove it."),
    ],
)
def test_words_of_cause_raise_a_doubt(text):
    assert len(doubts([sentence(text)], [], sample())) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("It moved .97 points.", ".97"), ("Pupils93 liked it.", "93"), ("Those who like it doubled.", "doubled")),
        *(("Two thirds liked it.", "Two thirds"), ("Ninety-seven in a hundred did.", "Ninety-seven")),
    ],
)
def test_size_however_it_is_written_raises_a_doubt_where_the_section_has_it_not(text, number):
    (doubt,) = doubts([sentence(text, anchor="change")], [], sample())

    assert number in doubt


def test_mentors_who_help_each_other_raise_no_doubt():
    assert doubts([sentence("Mentors help each other and work together.")], [], sample()) == []
