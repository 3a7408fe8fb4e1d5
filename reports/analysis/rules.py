"""The rule of disclosure control and its thresholds. No heavy library is needed to check them."""

from dataclasses import dataclass

RULES = ("whole_tables", "health_census")
FLOOR = 5  # no setting may let a cell of fewer pupils than this be shown
FEWEST_SCHOOLS = 3  # nor anything of fewer schools


@dataclass(frozen=True)
class Rules:
    """The rule of disclosure control and its thresholds (statistics.md 6), each with a floor.

    rule                which tables are unsafe: "whole_tables" or "health_census" (``safety``)
    minimum_base        no percentage of fewer pupils than this is shown
    small_cell          1 to small_cell - 1 pupils (or not-that-answer) hide a cell
    alike_base          0% and 100% are hidden below this base: everybody answered alike
    group_schools       schools that each rating group needs before anything is shown by rating group
    group_pupils        pupils that each rating group needs
    place_schools       schools that a cluster or an authority needs for a report of its own
    guard_rating_groups False only for SSERC and the evaluator, who may see the ratings themselves
    """

    rule: str = "whole_tables"
    minimum_base: int = 10
    small_cell: int = 5
    alike_base: int = 20
    group_schools: int = 3
    group_pupils: int = 10
    place_schools: int = 3
    guard_rating_groups: bool = True

    def __post_init__(self):
        if self.rule not in RULES:
            raise ValueError(f"There is no disclosure rule {self.rule}; there are {' and '.join(RULES)}.")
        for name in ("minimum_base", "small_cell", "alike_base", "group_pupils"):
            if getattr(self, name) < FLOOR:
                raise ValueError(f"The disclosure setting {name} may not be below {FLOOR}.")
        for name in ("group_schools", "place_schools"):
            if getattr(self, name) < FEWEST_SCHOOLS:
                raise ValueError(f"The disclosure setting {name} may not be below {FEWEST_SCHOOLS}.")
