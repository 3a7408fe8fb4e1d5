"""Every rendering of results as the analysis and disclosure control really hand them over."""

import json
import re

import pytest

from reports.analysis.disclosure import Rules, suppress
from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan
from reports.charts import render_all
from reports.documents.pdf import report_pdf
from reports.documents.workbook import report_workbook
from reports.exports import report_html
from reports.presentation import present, tables
from tests.reports.programmes import make_programme

PROGRAMMES = {
    "a programme with a mess in it": {"schools": 24, "pupils_per_school": 20, "messy": True},
    "six small schools": {"schools": 6, "pupils_per_school": 10},
    "four schools": {"schools": 4, "pupils_per_school": 30},
    "one stage group": {"schools": 12, "pupils_per_school": 12, "stage_groups": ("P5P7",)},
    "no school rated higher": {"schools": 8, "pupils_per_school": 15, "share_high": 0.0},
    "eight small schools by the Census's rule": {"schools": 8, "pupils_per_school": 8},
}
CENSUS = Rules(rule="health_census", minimum_base=5)


@pytest.fixture(scope="module", params=PROGRAMMES, ids=list(PROGRAMMES))
def results(request):
    complete = evaluate(
        make_programme(**PROGRAMMES[request.param]), Plan(fixed_by="Dr Hannah Osei", fixed_at="3 September 2024")
    )
    return suppress(complete, CENSUS if "Census" in request.param else Rules())


@pytest.fixture(scope="module")
def charts(results):
    return render_all(results)


def test_every_rendering_is_made(results, charts):
    assert report_pdf(results, charts).startswith(b"%PDF-")
    assert report_workbook(results).startswith(b"PK")
    assert report_html(results, charts).startswith(b"<!doctype html>")


def test_no_rendering_prints_what_is_not_a_number(results, charts):
    page = re.sub(r"<style>.*?</style>", "", report_html(results, charts).decode(), flags=re.S)
    words = re.sub(r"<[^>]+>", " ", page)

    assert re.findall(r"\b(None|nan|NaN|inf|Infinity|null)\b", words) == []


def test_charts_and_presentation_may_be_stored_as_json(results, charts):
    presented = present(results, charts)

    assert json.loads(json.dumps(charts, allow_nan=False)) == charts
    assert json.loads(json.dumps(presented, allow_nan=False)) == presented


def test_a_hidden_distribution_is_hidden_in_chart_and_table_alike(results, charts):
    presented = present(results, charts)
    for stage_group, items in results["items"].items():
        answers = [item[f"counts_{wave}"] for item in items.values() for wave in ("pre", "post")]
        name = stage_group.replace("P4", "–P4").replace("P7", "–P7")
        found = [each for each in tables(presented) if each["caption"].startswith(f"Answers before and after, {name}")]
        drawn = "".join(
            chart.get("wide", "") for key, chart in charts.items() if key.startswith(f"items_{stage_group}_")
        )

        answer_cells = [[cell["text"] for cell in row[2:-2]] for table in found for row in table["rows"]]
        assert [texts.count("[c]") for texts in answer_cells] == [
            item["points"] if item[f"counts_{wave}"] is None else item[f"counts_{wave}"].count(None)
            for item in items.values()
            for wave in ("pre", "post")
        ]
        if all("wide" in chart for key, chart in charts.items() if key.startswith(f"items_{stage_group}_")):
            assert drawn.count(">[c]</text>") == sum(counts is None or None in counts for counts in answers)


def test_the_sentence_of_the_ladder_opens_the_report(results, charts):
    level = present(results, charts)["level"]

    assert level["code"] == results["ladder"]["level"]
    assert level["sentence"] == results["ladder"]["sentence"]
