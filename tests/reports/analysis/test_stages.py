"""The bench times the analysis stage by stage from outside: what it names must be there."""

import importlib

import pytest

from tests.bench.stages import STAGES, Clock


@pytest.mark.parametrize("place", [place for places in STAGES.values() for place in places])
def test_stage_of_the_bench_names_a_function_that_there_is(place):
    module, name = place.split(":")

    assert callable(getattr(importlib.import_module(f"reports.{module}"), name, None))


def test_clock_of_the_bench_gives_every_stage_its_time():
    from reports.analysis import disclosure, pipeline
    from reports.analysis.schema import Plan
    from tests.reports.programmes import make_programme

    clock = Clock()
    with clock.measuring():
        disclosure.suppress(pipeline.evaluate(make_programme(20, 20), Plan()), Plan().rules)

    assert set(STAGES) - {"reading"} <= set(clock.taken)
    assert all(taken >= 0 for taken in clock.taken.values())
