"""What the evidence ladder says of generated programmes with a known truth, 40 of each kind."""

from collections import Counter

from reports.analysis.pipeline import evaluate
from reports.analysis.schema import Plan
from tests.bench.measuring import Figure
from tests.reports.programmes import make_programme

KINDS = {
    "no effect, 130 schools": {"schools": 130},
    "no effect, 6 schools": {"schools": 6},
    "effect 0.15 SD, 130 schools": {"schools": 130, "effect": 0.15},
    "effect 0.35 SD, 130 schools": {"schools": 130, "effect": 0.35},
    "effect 0.35 SD, 60 schools, messy": {"schools": 60, "effect": 0.35, "messy": True},
}
PROGRAMMES = 40


def figures():
    """Yield how many of the programmes of each kind reach each level."""
    for kind, how in KINDS.items():
        levels = Counter(
            evaluate(make_programme(seed=seed, **how), Plan())["ladder"]["level"] for seed in range(1, PROGRAMMES + 1)
        )
        for level, number in sorted(levels.items()):
            yield Figure(f"{kind}: {level}", number, f"of {PROGRAMMES}")
