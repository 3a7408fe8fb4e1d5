"""The plan of an evaluation: fixed for good once the follow-up has opened."""

import pytest
from django.utils import timezone

from reports import actions, jobs
from reports.choices import PlaceKind, RunStatus
from reports.models import ReportRun
from surveys.choices import Audience
from surveys.models import Response
from tests import make
from tests.reports.waves import finished_cohort

pytestmark = pytest.mark.django_db


def test_plan_of_a_cohort_that_was_followed_up_leads_nowhere_to_change_it(sign_in):
    staff = make.person("Stella Staff", staff=True)
    cohort, _ = finished_cohort(by=staff, schools=4, pupils=4)
    client = sign_in(staff)

    page = client.get("/evaluation/plan/").content.decode()
    answer = client.get(f"/evaluation/plan/{cohort.slug}/", follow=True)

    assert "Fixed for good" in page
    assert f"/evaluation/plan/{cohort.slug}/" not in page
    assert answer.redirect_chain == [("/evaluation/plan/", 302)]
    assert "Its plan is fixed for good." in answer.content.decode()


def test_plan_that_is_fixed_says_by_whom_and_when_and_that_it_can_be_changed(world, sign_in):
    cohort = make.cohort()
    client = sign_in(world.people["evaluator"])
    address = f"/evaluation/plan/{cohort.slug}/"
    before = client.get(address).content.decode()

    refused = client.post(address, {"cut": "9", "item_set": "scored", "seed": "1"})
    client.post(address, {"cut": "3.5", "item_set": "scored", "seed": "1"})
    after = client.get(address).content.decode()

    assert "Fix the plan" in before
    assert "Give a rating from 1 to 5." in refused.content.decode()
    today = f"{timezone.localdate():%-d %B %Y}"
    assert f"Fixed on {today} by {world.people['evaluator']}." in after
    assert "Change the plan" in after


def test_asking_again_for_a_run_that_failed_keeps_its_question(world, sign_in):
    run = ReportRun.objects.create(
        place_kind=PlaceKind.CLUSTER,
        cohort=world.cohort,
        authority=world.own_authority,
        cluster=world.own_cluster,
        key="k",
        status=RunStatus.FAILED,
        failure="The database was away.",
    )
    client = sign_in(world.people["staff"])

    page = client.get(run.get_absolute_url()).content.decode()
    address = page.split('href="/evaluation/new/?')[1].split('"')[0].replace("&amp;", "&")
    form = client.get(f"/evaluation/new/?{address}").content.decode()

    assert f'<option value="{world.own_cluster.pk}" selected>' in form
    assert f'<option value="{world.cohort.pk}" selected>' in form


def test_cohort_in_which_no_headteacher_was_heard_has_a_report_that_says_so():
    staff = make.person("Stella Staff", staff=True)
    cohort, _ = finished_cohort(by=staff)
    Response.objects.filter(wave__cohort=cohort, wave__audience=Audience.HEAD).delete()

    run, _ = actions.request_report(cohort=cohort, place_kind=PlaceKind.COHORT, by=staff)
    jobs.build(run.pk)

    run.refresh_from_db()
    assert (run.status, run.failure) == (RunStatus.READY, "")
    assert run.report.level == "L0"
