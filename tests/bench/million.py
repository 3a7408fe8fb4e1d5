"""The analysis of ten times and a hundred times the programme's pupils, which takes minutes."""

from tests.bench import analysis


def figures():
    """Yield the time and the peak memory at 120,000 and at 1,200,000 pupils."""
    yield from analysis.figures(sizes=(120_000, 1_200_000))
