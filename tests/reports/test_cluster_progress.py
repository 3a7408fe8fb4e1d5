"""A cluster's progress page shows its report only to those whose right to reports reaches that cluster."""

from django.utils import timezone

from clusters.choices import Role
from reports.choices import ReportState
from reports.models import Report
from tests import make
from tests.reports.access import BUILT, make_report
from tests.surveys import make_surveys


def test_mentor_who_is_an_officer_elsewhere_sees_no_report_of_the_mentored_cluster(world, sign_in):
    person = make.person("Paula Pooled", qio=world.foreign_authority)
    make.give_role(person, Role.MENTOR, world.own_cluster)
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])

    page = sign_in(person).get(f"/clusters/{world.own_cluster.slug}/progress/")

    assert page.status_code == 200
    assert report.get_absolute_url() not in page.content.decode()
    assert "Latest report" not in page.content.decode()


def test_officer_of_the_authority_sees_the_report(world, sign_in):
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])

    page = sign_in(world.people["qio"]).get(f"/clusters/{world.own_cluster.slug}/progress/")

    assert page.context["dashboard"]["report"] == report
    assert report.get_absolute_url() in page.content.decode()


def test_officer_reads_that_nothing_is_published_and_of_no_draft(world, sign_in):
    draft = make_report(world.cohort, world.own_cluster)

    for address in (f"/clusters/{world.own_cluster.slug}/progress/", "/", world.own_authority.get_absolute_url()):
        told = sign_in(world.people["qio"]).get(address).content.decode()
        assert "has been published yet. One follows when the surveys before and after are over" in told
        assert draft.get_absolute_url() not in told
        assert "draft" not in told.lower()


def test_staff_read_that_a_draft_waits_beside_what_is_published(world, sign_in):
    address = f"/clusters/{world.own_cluster.slug}/progress/"
    client = sign_in(world.people["staff"])
    first = make_report(world.cohort, world.own_cluster, version=1)
    before = client.get(address).content.decode()
    Report.objects.update(state=ReportState.PUBLISHED, state_by=world.people["staff"], state_since=BUILT)
    published = client.get(address).content.decode()
    second = make_report(world.cohort, world.own_cluster, version=2)

    after = client.get(address).content.decode()

    assert "No report about this cluster alone has been published." in before
    assert "Version 1 of Cohort 2025, built 20 June 2026, is not published yet." in before
    assert (first.get_absolute_url() in published, "Read the draft" in published) == (True, False)
    assert first.get_absolute_url() in after
    assert f'<a href="{second.get_absolute_url()}">Read the draft</a>' in after


def test_staff_read_of_the_drafts_of_a_cohort_at_home(world, sign_in):
    draft = make_report(world.cohort)

    told = sign_in(world.people["staff"]).get("/").content.decode()

    assert "No report about a whole cohort has been published." in told
    assert draft.get_absolute_url() in told


def test_mentor_reads_how_many_have_answered_without_a_link_that_is_refused(world, sign_in):
    today = timezone.localdate()
    wave = make_surveys.wave(world.cohort, [world.own_school], opens_on=today, closes_on=today)
    address = f"/clusters/{world.own_cluster.slug}/progress/"

    pages = {
        role: sign_in(world.people[role]).get(address).content.decode().split("<main")[1] for role in ("mentor", "qio")
    }

    assert all(str(wave) in page for page in pages.values())
    assert {role: wave.get_absolute_url() in page for role, page in pages.items()} == {"mentor": False, "qio": True}
