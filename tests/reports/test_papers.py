"""Papers made on request: key findings and the mentors' pack as PDF, by the same people and with the same words as their pages."""

import subprocess
import sys
from datetime import date

import pytest
from django.urls import reverse

from reports import actions
from reports.charts import render_all
from reports.documents.papers import key_findings_pdf, pack_pdf
from reports.models import KeyFindings, Report
from reports.presentation.pack import pack_sections
from reports.presentation.papers import present_key_findings, present_pack
from reports.reading import INVENTED
from tests.mentors.making import session
from tests.reports.access import make_report
from tests.reports.documents.printed import elements, opened, words_of
from tests.reports.sample_results import sample

DAY = date(2026, 11, 22)


def findings(number=4, **other):
    sentences = [
        {"part": "findings", "text": f"Finding {place} says *something* #quite(long). " * 3} for place in range(number)
    ]
    given = {
        "quotes": [],
        "covers": "Cohort 2025",
        "source": "Approved.",
        "provenance": "Report 7, version 2.",
        "approved": True,
    } | other
    return present_key_findings(sample(), sentences, **given)


def pack(results, charts, schools=()):
    return present_pack(
        place="Torran Bay Cluster", kicker="Moray", facts="As it stood on 22 November 2026", tiles=[("Sessions held", 12, "in session 2026/27")],
        learning="12 sessions so far.", schools=schools, statements=[], source="From a report.", provenance="Report 7.", sections=pack_sections(results, charts),
    )  # fmt: skip


@pytest.fixture(scope="module")
def pack_document():
    charts = render_all(sample())
    return opened(pack_pdf(pack(sample(), charts, [("Ownschool Primary", 2, 14, True)]), DAY))


@pytest.mark.parametrize("number", [1, 4, 12])
def test_key_findings_are_one_tagged_side_however_many_sentences(number):
    document = opened(key_findings_pdf(findings(number, quotes=[("Grand.", "A mentor")]), DAY))

    assert len(document.pages) == 1
    assert str(document.Root.Lang) == "en-GB"
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize("mark", [INVENTED, ""])
def test_papers_of_a_demonstration_say_that_their_data_are_invented(mark):
    papers = [key_findings_pdf(findings(), DAY, mark), pack_pdf(pack(sample(), {}), DAY, mark)]

    for paper in map(opened, papers):
        assert (INVENTED in str(paper.docinfo["/Keywords"])) == bool(mark)


def test_same_words_on_the_same_day_give_the_same_bytes():
    assert key_findings_pdf(findings(), DAY) == key_findings_pdf(findings(), DAY)
    assert pack_pdf(pack(sample(), {}), DAY) == pack_pdf(pack(sample(), {}), DAY)


def test_draft_says_so_and_what_is_approved_does_not():
    assert findings(approved=False)["notice"].startswith("Draft.")
    assert findings(approved=True)["notice"] == ""


def test_pack_has_every_table_and_its_figures_are_described(pack_document):
    kinds = [str(element.S) for element in elements(pack_document.Root.StructTreeRoot)]

    tables = sum(len([block for block in each["blocks"] if block["kind"] == "table" or block.get("table")])
                 for each in pack_sections(sample(), render_all(sample())))  # fmt: skip
    assert kinds.count("/Table") == tables + 1  # the schools
    assert len(pack_document.pages) <= 9
    assert all("/Alt" in each for each in elements(pack_document.Root.StructTreeRoot) if str(each.S) == "/Figure")


def test_pack_says_of_what_time_its_sessions_are_and_marks_the_schools_that_nobody_came_from():
    presented = pack(sample(), {}, [("Ownschool Primary", 2, 14, True), ("Secondown Primary", 0, 0, False)])

    words = words_of(pack_pdf(presented, DAY))

    assert "12sessionssofar." in words
    assert "A.Sessionsbyschool,allsessionssofar." in words
    assert "SecondownPrimary(nobodyyet)" in words
    assert "OwnschoolPrimary(nobodyyet)" not in words


@pytest.mark.django_db
def test_pack_on_paper_has_the_sentence_of_its_page(world, sign_in):
    session(world.own_cluster, {world.own_school: 7}, by=world.people["mentor"])
    client = sign_in(world.people["mentor"])

    page, paper = (
        client.get(reverse(name, args=[world.own_cluster.slug])) for name in ("cluster-pack", "cluster-pack-file")
    )

    assert page.context["so_far"].startswith("1 session so far, ")
    assert "Nobody has been at a session yet from " in page.context["so_far"]
    words = words_of(paper.content)
    assert page.context["so_far"].replace(" ", "") in words
    assert "(nobodyyet)" in words


def test_pack_without_a_report_says_when_it_comes():
    presented = present_pack("Torran Bay", "Moray", "", [], "", [], [], "", "", [])

    assert "when SSERC has published a report on this cluster" in presented["source"]


@pytest.mark.django_db
def test_mentor_takes_the_pack_of_the_own_cluster(world, sign_in):
    session(world.own_cluster, {world.own_school: 7}, by=world.people["mentor"])
    make_report(world.cohort, world.own_cluster, by=world.people["staff"])

    answer = sign_in(world.people["mentor"]).get(reverse("cluster-pack-file", args=[world.own_cluster.slug]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="pack-owncluster.pdf"'
    document = opened(answer.content)
    assert str(document.docinfo["/Title"]) == "Owncluster: pack for the second residential"


@pytest.mark.django_db
def test_officer_takes_key_findings_once_they_are_approved(world, sign_in):
    report = make_report(world.cohort, world.own_cluster, by=world.people["staff"])
    page = actions.draft_key_findings(report, by=world.people["staff"])
    address = reverse("key-findings-file", args=[report.pk])
    officer = sign_in(world.people["qio"])

    draft = officer.get(address)
    actions.publish_key_findings(page, by=world.people["staff"])
    out = officer.get(address)

    assert draft.status_code == 404
    document = opened(out.content)
    said = str(document.docinfo["/Subject"])
    assert f"Report {report.pk}, version 1: " in said
    assert report.results["provenance"]["data_hash"][:8] in said
    assert f"Approved by {KeyFindings.objects.get(report=report).state_by}" in said
    assert Report.objects.get().files.count() == 1  # nothing new is stored


def test_web_process_makes_papers_without_loading_what_sets_them():
    code = (
        "import os, sys, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'pcp.settings'); django.setup();"
        "import reports.views.papers; print(sorted({'typst', 'matplotlib', 'pandas', 'numpy'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_pack_marks_what_nobody_may_be_told_of_sessions_and_says_no_nought():
    statements = [("I had enough time.", "77%", "[c]", 22), ("It met my needs.", "[c]", "[c]", None)]

    presented = present_pack(
        place="Torran Bay Cluster",
        kicker="",
        facts="",
        tiles=[],
        learning="",
        schools=[],
        statements=statements,
        source="",
        provenance="",
        sections=[],
    )

    table = presented["progress"][0]
    assert [[cell["text"] for cell in row[1:]] for row in table["rows"]] == [
        ["77%", "[c]", "22"],
        ["[c]", "[c]", "[c]"],
    ]
    assert "[c] is hidden" in table["note"]


def test_withdrawn_key_findings_say_so_on_paper():
    withdrawn = findings(approved=False, withdrawn="3 May 2026")

    assert withdrawn["notice"] == "Withdrawn on 3 May 2026. Please do not use it any longer."
