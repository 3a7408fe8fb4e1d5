"""Pages set by a process of their own are those that this process would set."""

import pytest

from reports.charts import render_all
from reports.documents.apart import TypesettingError, pages_apart
from reports.documents.pictures import named_font
from reports.documents.typesetting import pages
from tests.reports.sample_results import sample


@pytest.fixture(scope="module")
def drawings():
    charts = list(render_all(sample()).values())[:2]
    return [{"svg": named_font(chart["wide"]), "slide": False} for chart in charts]


def test_pages_apart_are_the_same_to_the_last_byte(drawings):
    how = {"format": "png", "ppi": 72}

    found = pages_apart("pictures.typ", drawings, **how)

    assert len(found) == 2
    assert found == pages("pictures.typ", drawings, **how)


@pytest.mark.parametrize("make", [pages, pages_apart])
def test_data_that_cannot_be_set_are_told_in_typsts_own_words(make):
    with pytest.raises(TypesettingError, match="failed to parse SVG"):
        make("pictures.typ", [{"svg": "no drawing", "slide": False}], format="png", ppi=72)
