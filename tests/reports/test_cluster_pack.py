"""The pack that mentors bring to their second residential."""

import pytest

from reports.presentation.pack import pack_sections
from tests import make
from tests.mentors.making import session
from tests.reports.access import make_report
from tests.reports.sample_results import sample

pytestmark = pytest.mark.django_db
ADDRESS = "/clusters/owncluster/pack/"


def words_of(value):
    if isinstance(value, dict):
        return [text for each in value.values() for text in words_of(each)]
    if isinstance(value, (list, tuple)):
        return [text for each in value for text in words_of(each)]
    return [value] if isinstance(value, str) else []


def test_mentor_reads_progress_and_what_pupils_said(world, sign_in):
    session(world.own_cluster, {world.own_school: 7}, by=world.people["mentor"])
    make_report(world.cohort, world.own_cluster, by=world.people["staff"])

    page = sign_in(world.people["mentor"]).get(ADDRESS).content.decode()

    assert "1 session so far" in page
    assert page.index("Secondown Primary") < page.index("Ownschool Primary")  # whom nobody came from stands first
    assert "Positive answers before and after, P5–P7" in page
    assert "Read with care" in page


def test_pack_counts_the_schools_that_nobody_came_from_as_the_progress_page_does(world, sign_in):
    academy = make.school("Ownacademy", world.own_authority, sector="S")
    make.membership(world.own_cluster, academy)
    session(world.own_cluster, {world.own_school: 7}, by=world.people["mentor"])
    client = sign_in(world.people["mentor"])

    pack, progress = (client.get(address).content.decode() for address in (ADDRESS, "/clusters/owncluster/progress/"))

    assert "Nobody has been at a session yet from 1 of 2 primary schools and the one other school." in pack
    assert "1 primary school of 2 has had nobody at a session." in progress


def test_pack_without_a_published_report_says_when_it_comes(world, sign_in):
    make_report(world.cohort, world.own_cluster)  # a draft

    page = sign_in(world.people["mentor"]).get(ADDRESS).content.decode()

    assert "when SSERC has published a report on this cluster" in page
    assert "Positive answers" not in page


def test_nothing_of_a_headteachers_rating_is_in_the_pack():
    results = sample()
    results["change_groups"]["high"] |= {"declined": 31337}
    results["match_table"].append({"group": "Higher-rated", "n_pre": 31337, "n_matched": 31337, "rate": 1, "smd": 0})
    results["ladder"]["sentence"] = "rated higher 31337"

    text = "\n".join(words_of(pack_sections(results, {})))

    assert "31,337" not in text
    assert "31337" not in text
    assert "rated" not in text.lower()
