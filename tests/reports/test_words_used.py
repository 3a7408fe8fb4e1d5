"""What a report explains: the words and the method that it uses, the level's reasons once, and what PCP is."""

from reports.analysis.ladder import reasons
from reports.presentation import present
from tests.reports.sample_results import sample, sample_at


def words_in(section):
    """Every text of the method's section."""
    cells = [cell["text"] for block in section["blocks"] for row in block.get("rows", []) for cell in row]
    return [*cells, *(block.get("text", "") for block in section["blocks"])]


def words_used(presented):
    """What the glossary explains."""
    section = presented["sections"][-1]
    return {line.split(":")[0] for line in section["blocks"][0]["lines"]}


def test_report_without_a_comparison_explains_no_model_and_no_word_that_it_does_not_use():
    compared, described = present(sample(), {}), present(sample_at("L1"), {})

    method = " ".join(words_in(next(each for each in described["sections"] if each["id"] == "method")))
    assert {"Adjusted", "Odds ratio", "p", "q"} <= words_used(compared)
    assert not {"Odds ratio", "p", "q", "Bootstrap", "Clustered by school"} & words_used(described)
    assert "Stage" in words_used(described)
    assert "logistic model" not in method
    assert "see “Why there is no comparison”" in method


def test_report_names_each_failed_check_once_beside_the_finding():
    checks = [
        {"key": key, "phrase": phrase, "detail": "p = 0.200", "passed": False}
        for key, phrase in (("s1", "The follow-up score agrees"), ("s2", "The change in score agrees"))
    ]
    results = sample() | {"checks": checks}
    results["ladder"] |= {"failed_checks": ["s1", "s2"], "reasons": reasons({"level": "L3"}, checks)}

    level = present(results, {})["level"]

    assert level["failed"] == ["The follow-up score agrees", "The change in score agrees"]
    assert level["reasons"] == [
        "The 95% interval of the difference excludes zero.",
        "Two checks were not passed: they stand in the list.",
    ]


def test_report_introduces_pcp_and_explains_it_where_the_finding_says_it():
    presented = present(sample_at("L4"), {})

    assert presented["kicker"].startswith("Primary Cluster Programme (PCP): evaluation report, ")
    assert "PCP" in words_used(presented)
