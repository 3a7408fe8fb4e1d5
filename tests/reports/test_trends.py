"""The page of trends: published reports alone, by academic session or financial year, the same numbers in chart, table and files."""

import csv
import functools
import io
import re
from copy import deepcopy
from datetime import date

import openpyxl
import pytest

from reports import actions, tasks
from reports.analysis.disclosure import suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan
from reports.choices import ReportState
from reports.models import Report, Trend
from reports.noise_wording import NO_REFERENCE
from reports.presentation import comparators
from reports.trends import draw
from surveys.choices import Audience, Moment
from surveys.loading import load_instruments
from surveys.models import InstrumentVersion, Wave
from tests import make
from tests.mentors.making import session
from tests.reports.access import make_report
from tests.reports.programmes import make_programme

pytestmark = pytest.mark.django_db


@functools.cache
def stored():
    plan = Plan()
    return suppress(evaluate(make_programme(12, 40, lost=0.4, seed=3), plan), plan.rules)


def published(start, cluster=None, by=None, state=ReportState.PUBLISHED, version=1, cohort=None):
    """A report of the cohort that begins in the autumn of `start`, asked in September and May."""
    cohort = cohort or make.cohort(f"Cohort {start}", date(start, 8, 1), date(start + 2, 6, 30))
    report = make_report(cohort, cluster, version=version, by=by)
    Report.objects.filter(pk=report.pk).update(results=deepcopy(stored()), state=state)
    if not cohort.waves.exists():
        for moment, day in ((Moment.BASELINE, date(start, 9, 20)), (Moment.FOLLOW_UP, date(start + 1, 5, 12))):
            wave = Wave.objects.create(
                cohort=cohort, audience=Audience.PUPIL, moment=moment, opens_on=day, closes_on=day
            )
            wave.versions.set(InstrumentVersion.objects.filter(instrument__audience="pupil", number=1))
    return report


@pytest.fixture
def staff(world):
    load_instruments()
    return world.people["staff"]


@pytest.fixture
def two(staff):
    """Two published cohorts, and their trend drawn."""
    reports = [published(start, by=staff) for start in (2022, 2023)]
    draw("cohort")
    return reports


def page_of(client, address="/evaluation/trends/cohort/"):
    response = client.get(address)
    assert response.status_code == 200
    return response


def test_page_shows_the_numbers_of_the_published_reports(two, staff, sign_in):
    page = page_of(sign_in(staff))

    told, declined = page.content.decode(), stored()["change_groups"]["all"]["declined_pct"]
    assert f"{declined:.0f}%" in told
    assert [row[1]["text"] for row in page.context["figure"]["table"]["rows"]][:2] == ["Cohort 2022", "Cohort 2023"]
    assert told.count("<svg") > 2
    assert "nobody was followed from year to year" in told
    assert "Nothing in the method" in told


def test_share_that_declined_has_its_reference_in_the_trend_or_a_caution(two, staff, sign_in):
    noise, client = stored()["change_groups"]["noise_reference"], sign_in(staff)
    known = page_of(client).content.decode()
    results = deepcopy(stored())
    results["change_groups"]["noise_reference"] = None
    Report.objects.filter(pk=two[0].pk).update(results=results)
    Trend.objects.all().delete()
    draw("cohort")

    hidden = page_of(client).content.decode()

    assert f"about {noise:.0%} (Cohort 2022) and about {noise:.0%} (Cohort 2023) would still answer lower" in known
    assert NO_REFERENCE in hidden
    assert NO_REFERENCE not in page_of(client, "/evaluation/trends/cohort/?show=change").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get("/evaluation/trends/cohort.xlsx").content))
    assert NO_REFERENCE in [row[1].value for row in book["About"].iter_rows()]


def test_financial_years_are_kept_in_the_link_and_in_the_files(two, staff, sign_in):
    client = sign_in(staff)
    page = page_of(client, "/evaluation/trends/cohort/?years=financial_year&show=question-P5P7.item2")

    rows = page.context["figure"]["table"]["rows"]
    assert [row[2]["text"] for row in rows] == ["2022/23", "2023/24", "2023/24", "2024/25"]
    assert 'option value="financial_year" selected' in page.content.decode()
    assert "/evaluation/trends/cohort.csv?years=financial_year" in page.content.decode()
    content = client.get("/evaluation/trends/cohort.csv?years=financial_year").content.decode()
    file = [row for row in csv.DictReader(io.StringIO(content)) if row["what"] == "Matched pupils who declined"]
    assert [(row["cohort"], row["year"]) for row in file] == [("Cohort 2022", "2023/24"), ("Cohort 2023", "2024/25")]
    share = stored()["change_groups"]["all"]["declined_pct"] / 100
    assert [float(row["estimate"]) for row in file] == pytest.approx([share, share])


def test_workbook_has_every_series_and_numbers_that_are_numbers(two, staff, sign_in):
    content = sign_in(staff).get("/evaluation/trends/cohort.xlsx").content

    book = openpyxl.load_workbook(io.BytesIO(content))

    sheet = book["Table 1 Matched pupils"]
    assert sheet["A5"].value == "Matched pupils who declined, declined"
    assert isinstance(sheet["E5"].value, float)
    assert any("nobody was followed" in str(row[1].value) for row in book["About"].iter_rows())


def test_csv_and_workbook_have_the_same_figures_in_the_same_unit(two, staff, sign_in):
    client = sign_in(staff)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/evaluation/trends/cohort.xlsx").content))
    rows = list(csv.DictReader(io.StringIO(client.get("/evaluation/trends/cohort.csv").content.decode())))

    told = {
        (row[0].value, row[1].value): row[4].value
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows(min_row=5)
        if isinstance(row[4].value, float | int)
    }
    file = {
        (f"{row['what']}, {row['series']}", row["cohort"]): float(row["estimate"]) for row in rows if row["estimate"]
    }
    assert len(file) > 50
    assert {"share", "pp", "SD"} == {row["unit"] for row in rows if row["estimate"]}
    assert file == pytest.approx(told)


def test_new_version_of_a_questionnaire_breaks_the_line(two, staff, sign_in):
    instrument = InstrumentVersion.objects.get(instrument__stage_group="P5P7", number=1).instrument
    newer = InstrumentVersion.objects.create(instrument=instrument, number=2, source_sha256="2" * 64)
    wave = two[1].cohort.waves.get(moment=Moment.BASELINE)
    wave.versions.set([newer, *wave.versions.filter(instrument__stage_group="P2P4")])
    Trend.objects.all().delete()
    draw("cohort")

    page = page_of(sign_in(staff), "/evaluation/trends/cohort/?show=question-P5P7.item2")
    other = page_of(sign_in(staff), "/evaluation/trends/cohort/?show=question-P2P4.item2")

    broken = "The questionnaire of P5–P7 has another version or other questions."
    assert [row[-1]["text"] for row in page.context["figure"]["table"]["rows"]] == ["", broken, "", broken]
    # Where every line is joined there is no column for why one is not.
    assert all("joined" not in column["label"] for column in other.context["figure"]["table"]["columns"])
    assert f"Between Cohort 2022 and Cohort 2023: {broken}" in page.content.decode()


def test_published_figures_of_other_surveys_stand_beside_a_question_that_is_like_theirs(
    two, staff, sign_in, monkeypatch
):
    published_figure = {"source": "A survey", "who": "pupils", "asked": "Likes it", "share": 0.4, "ours": ["item2"], "caution": "Other words."}  # fmt: skip
    monkeypatch.setattr(comparators, "FIGURES", [published_figure])
    client = sign_in(staff)

    beside = page_of(client, "/evaluation/trends/cohort/?show=question-P5P7.item2").content.decode()
    alone = page_of(client, "/evaluation/trends/cohort/?show=question-P5P7.item3").content.decode()

    assert "Likes it: 40% of pupils. A survey. Other words." in beside
    assert "Beside other surveys" not in alone


def test_draft_and_withdrawn_reports_stand_in_no_trend(two, staff, sign_in):
    draft = published(2024, state=ReportState.DRAFT)
    newer = published(2023, state=ReportState.DRAFT, version=2, cohort=two[1].cohort)
    gone = published(2021, by=staff, state=ReportState.WITHDRAWN)

    page = page_of(sign_in(staff))

    assert page.context["reports"] == two
    assert newer not in page.context["reports"]
    unpublished = dict(page.context["unpublished"])
    assert (unpublished[draft.cohort], unpublished[gone.cohort]) == (draft, gone)
    assert draft.get_absolute_url() in page.content.decode()


def test_withdrawing_takes_a_report_out_before_anything_is_drawn_again(two, staff, sign_in, monkeypatch):
    published(2024, by=staff)
    draw("cohort")
    monkeypatch.setattr(tasks.draw_trend, "delay_on_commit", lambda **kwargs: None)
    monkeypatch.setattr(tasks.draw_trend, "delay", lambda **kwargs: None)
    actions.withdraw_report(two[0], by=staff, site="", reason="A slip.")

    client = sign_in(staff)
    page = page_of(client)

    assert "The charts are being drawn" in page.content.decode()
    assert "Cohort 2022, 2022/23" not in page.content.decode()
    assert page.context["figure"] is None
    assert client.get("/evaluation/trends/cohort.csv").status_code == 404


def test_publishing_and_withdrawing_draw_the_trend_of_that_place(staff, django_capture_on_commit_callbacks):
    reports = [published(start, by=None, state=ReportState.DRAFT) for start in (2022, 2023)]
    for report in reports:
        report.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            actions.publish_report(report, by=staff, site="", reason="Checked.")
    after_two = Trend.objects.get().charts.count()
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw_report(reports[0], by=staff, site="", reason="A slip.")

    assert after_two > 20
    assert not Trend.objects.exists()


def test_page_whose_trend_was_never_drawn_asks_for_it_once(staff, sign_in, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.draw_trend, "delay", lambda **kwargs: asked.append(kwargs))
    for start in (2022, 2023):
        published(start, by=staff)
    client = sign_in(staff)

    page_of(client)
    page_of(client)

    assert asked == [{"place_key": "cohort"}]


def test_one_cohort_is_no_trend(staff, sign_in):
    report = published(2022, by=staff)

    told = page_of(sign_in(staff)).content.decode()

    assert "One point is no trend" in told
    assert report.get_absolute_url() in told


def test_officer_sees_the_own_cluster_and_hears_of_no_draft(world, staff, sign_in):
    for start in (2022, 2023):
        published(start, world.own_cluster, by=staff)
    draft = published(2024, world.own_cluster, state=ReportState.DRAFT)
    make.participation(world.own_cluster, draft.cohort)
    draw(f"cluster-{world.own_cluster.pk}")

    page = page_of(sign_in(world.people["qio"]), f"/evaluation/trends/cluster-{world.own_cluster.pk}/")

    assert page.context["figure"]
    assert draft.get_absolute_url() not in page.content.decode()
    assert (draft.cohort, None) in page.context["unpublished"]


def test_page_says_that_hours_add_up_over_the_years_but_for_rounding(staff, sign_in):
    school = make.school()
    cluster = make.cluster(schools=[school], starts_on=date(2023, 8, 1))
    for year in (2023, 2024):
        for day in (5, 6):
            session(cluster, {school: 1}, by=staff, held_on=date(year, 10, day), minutes=310)

    page = page_of(sign_in(staff), f"/evaluation/trends/cluster-{cluster.pk}/").content.decode()

    assert re.findall(r'data-l="Learning given">([^<]+)<', page) == ["10 h", "10 h", "21 h"]
    assert "Hours and units do too, but for rounding: each figure is rounded by itself." in page


def test_results_that_went_through_no_disclosure_control_are_not_drawn(staff, sign_in):
    for start in (2022, 2023):
        report = published(start, by=staff)
        Report.objects.filter(pk=report.pk).update(results=stored() | {"disclosure": {}})
    draw("cohort")

    told = page_of(sign_in(staff)).content.decode()

    assert "has not been through disclosure control" in told


def test_more_cohorts_ask_no_more_queries(two, staff, sign_in, django_assert_max_num_queries):
    client = sign_in(staff)
    page_of(client)
    for start in range(2016, 2022):
        published(start, by=staff)
    draw("cohort")

    with django_assert_max_num_queries(16):
        page_of(client)
