"""The small line at the foot of whatever is printed for itself: which report it is of, and what its figures were made with."""

from reports.numbers import count, is_number, long_date
from reports.reading import part
from reports.wording import cut as cut_words

QUESTIONS = {"scored": "questions marked as scored", "all": "all questions"}
SHORT = 8  # letters of a hash that tell one from another


def report_line(results, number, version, covers):
    """The line of what is made of a report: its number and version, whom it covers, and how its figures came about.

    `results` are the stored results, `covers` the place and cohort in words.
    """
    made, sheets = part(results, "provenance"), part(results, "flow").get("rows_raw")
    scope = [
        covers,
        f"{count(sheets)} answer sheets" if is_number(sheets) else "",
        QUESTIONS.get(made.get("item_set"), ""),
    ]
    return provenance_line(made, f"Report {number}, version {version}: {', '.join(filter(None, scope))}")


def sheets_line(shared):
    """The line of a school's sheet and picture. Nothing in them is by rating, so no cut has a part in them.

    The data are those of the pupils' sheets alone, so their hash is not that of the report on the same cohort: the line says so.
    """
    version = f", version {shared['version']}" if shared.get("version") else ""
    day = long_date(shared.get("made_on"))
    return provenance_line(
        shared,
        f"School sheets, {shared['title']}{version}",
        data="Data (pupils’ sheets)",
        ending=f"made {day}" if day else "",
    )


def provenance_line(made, edition, *, data="Data", ending=""):
    """One line from `made`: data_hash, analysis_version, libraries, cut, cut_fixed_at and cut_fixed_by, as far as they are known."""
    fixed = [f"on {long_date(made['cut_fixed_at'])}"] if made.get("cut_fixed_at") else []
    fixed += [f"by {made['cut_fixed_by']}"] if made.get("cut_fixed_by") else []
    cut = f"rating cut {cut_words(made['cut'])}" if is_number(made.get("cut")) else ""
    with_what = [
        f"{data} {made['data_hash'][:SHORT]}…" if made.get("data_hash") else "",
        f"analysis {made['analysis_version']}" if made.get("analysis_version") else "",
        libraries_of(made),
    ]
    words = [", ".join(filter(None, with_what)), " ".join([cut, "fixed", *fixed]) if cut and fixed else cut, ending]
    return " ".join(f"{each}." for each in (edition, "; ".join(filter(None, words))) if each)


def libraries_of(made):
    """The versions of Python and of the libraries that counted: "Python 3.11.7, numpy 2.4.6"."""
    return ", ".join(f"{name} {version}" for name, version in sorted(part(made, "libraries").items()))
