"""Whether a table of counts may be shown, under one of two rules, and which tables each place of a programme may show.

whole_tables    the rule of this programme. A cell is unsafe when it counts 1 to 4 pupils, or all but 1 to 4, or none or
                all of fewer than 20 (everybody answered alike); a table with an unsafe cell is hidden whole
health_census   the rule that Scotland's Health and Wellbeing Census was published by (its code,
                functions/perform_data_suppression.R at ef8366b). A cell of 1 to 4 is hidden; where one cell alone would
                be hidden and the answers make up the whole, the next lowest is hidden too; a question that 1 to 4
                answered is hidden altogether. None and all may be shown

Under both no two published tables may give away a third by subtraction (``parts``), which the Census's code does not
ask for. That costs some more cells, see ``_cell_by_cell``.
"""

import numpy as np
from scipy.special import comb

from reports.analysis.scales import positive_from

# Sheets of a group spread over some hundred sums, so that each sum is then shared by dozens of choices.
FEW_CHOICES = 5000


class Safety:
    """Whether tables of counts may be shown; every method takes an array whose last axis is the cells of a table.

    cell_by_cell   an unsafe answer hides itself (and enough others that it cannot be worked out), not its whole question
    """

    cell_by_cell = False

    def __init__(self, rules):
        self.rules = rules

    def base(self, cells):
        """No base, or one that is large enough."""
        n = cells.sum(axis=-1)
        return (n == 0) | (n >= self.rules.minimum_base)

    def a_few(self, counts):
        """Per number whether it counts a few."""
        return _between(counts, self.rules.small_cell)

    def few(self, cells):
        """Whether any cell counts a few of its table, or all but a few."""
        rest = cells.sum(axis=-1, keepdims=True) - cells
        return (self.a_few(cells) | self.a_few(rest)).any(axis=-1)

    def spread(self, cells):
        """A large enough base, no cell of a few pupils, and not everybody alike."""
        n = cells.sum(axis=-1)
        empty = ((cells == 0) | (cells == n[..., None])).any(axis=-1)
        return self.base(cells) & ~self.few(cells) & ~(empty & _between(n, self.rules.alike_base))

    def matched(self, cells):
        """Matched and not matched: a large enough base, and neither a few."""
        return self.base(cells) & ~self.few(cells)

    def ratings(self, cells):
        """Enough schools and pupils in both rating groups, or none in either; cells as ``parts`` gives them."""
        schools, pupils = cells[..., :4], cells[..., 4:]
        enough = (schools.min(axis=-1) >= self.rules.group_schools) & (pupils.min(axis=-1) >= self.rules.group_pupils)
        return enough | (cells == 0).all(axis=-1) | (not self.rules.guard_rating_groups)

    def choices(self, cells):
        """Many choices of as many schools as were rated higher could make up that group."""
        high, low = cells[..., 0], cells[..., 1]
        many = comb(high + low, high) >= FEW_CHOICES
        return many | (high + low == 0) | (not self.rules.guard_rating_groups)


class CensusSafety(Safety):
    """The rule by which Scotland's Health and Wellbeing Census was published: only 1 to 4 pupils are too few.

    Nobody, and everybody alike, may be shown. See ``_cell_by_cell`` for the second cell that is hidden with a first.
    """

    cell_by_cell = True

    def few(self, cells):
        """Whether any cell counts a few."""
        return self.a_few(cells).any(axis=-1)

    def spread(self, cells):
        """A large enough base, and no cell of a few pupils."""
        return self.base(cells) & ~self.few(cells)


SAFETIES = {"whole_tables": Safety, "health_census": CensusSafety}


def safety_of(rules):
    """The Safety by which ``rules`` (schema.Rules) want tables to be judged."""
    return SAFETIES[rules.rule](rules)


def _between(counts, limit):
    return (counts > 0) & (counts < limit)


def every_row(safe):
    """A table of rows is safe when all its rows are."""
    return lambda counts: safe(counts).all(axis=-1)


def against_the_rest(cells):
    """Tables of a first cell and all others together."""
    return np.stack([cells[..., 0], cells[..., 1:].sum(axis=-1)], axis=-1)


def answer_masks(answers, points, tree, safety):
    """What ``Tree.shown`` gives for one wave of questions (answers: ``parts.Counts``, clusters x items x codes).

    returns  the masks of bases, of positive shares (both places x items) and of single answers (places x items x codes)
    """
    bases = tree.shown(answers, safety.base)
    shares = tree.shown(answers.of(positive_or_not(answers.cells, points)), safety.spread, given=bases)
    if safety.cell_by_cell:
        return bases, shares, _cell_by_cell(answers, points, tree, safety, shares)
    return bases, shares, _each_code(tree.shown(answers, _spread_of(points, safety), given=shares), answers.cells)


def _each_code(masks, answers):
    """Masks of whole questions, said of every code."""
    return [np.repeat(mask[..., None], answers.shape[-1], axis=-1) for mask in masks]


def _cell_by_cell(answers, points, tree, safety, shares):
    """Which single answers each place may show, where an unsafe one hides itself and others with it.

    The answers of a question have two sides, positive and not, whose totals stand with the share. On each side the two
    answers that the fewest of the whole programme gave are shown together or not at all, and only where every answer of
    the side is shown; an answer beside which only a few gave another of its side is hidden too, or it would tell that the hidden
    are few. So never one alone is hidden, and whatever is added up from several places, the totals give no
    hidden answer away. For the places that show one of these two are among those that show any other answer, so that no
    sum of totals less other answers is left over but what these places show themselves. Each answer keeps, across places,
    to the rule of ``parts``.
    """
    given, found = _each_code(shares, answers.cells), _each_code(shares, answers.cells)
    codes = np.arange(answers.cells.shape[-1])
    positive = codes >= positive_from(points)[:, None]
    asked = (codes >= 1) & (codes <= points[:, None])
    for side in (asked & positive, asked & ~positive):
        table = np.where(side, answers.cells, 0)
        alone = np.stack([table, table.sum(axis=-1, keepdims=True) - table], axis=-1)
        each = tree.shown(answers.of(alone), lambda cells: ~safety.a_few(cells).any(axis=-1), given=given)
        every = [np.where(side, mask, True).all(axis=-1) for mask in each]
        together = tree.shown(answers.of(table), lambda cells: ~safety.few(cells), given=every)
        together = _each_code(together, answers.cells)
        lowest = _two_lowest(table.sum(axis=0), side)
        for mask, single, pair in zip(found, each, together, strict=True):
            mask[:, side] = np.where(lowest, pair, single)[:, side]
    return found


def _two_lowest(counts, side):
    """Of each question the two codes of a side that were given least often in the whole programme; the lower code of equals."""
    order = np.where(side, counts, np.inf).argsort(axis=-1, kind="stable").argsort(axis=-1, kind="stable")
    return side & (order < 2)


def positive_or_not(answers, points):
    """Counts of answers (places x items x codes) as tables of two cells: positive, and not."""
    positive = np.where(np.arange(answers.shape[-1]) >= positive_from(points)[:, None], answers, 0).sum(axis=-1)
    return np.stack([positive, answers.sum(axis=-1) - positive], axis=-1)


def _spread_of(points, safety):
    """``Safety.spread`` of questions that have different numbers of answers: codes 1 to ``points`` are the cells."""

    def safe(counts):
        found = np.ones(counts.shape[:-1], dtype=bool)
        for number in np.unique(points):
            here = points == number
            found[:, here] = safety.spread(counts[:, here, 1 : number + 1])
        return found

    return safe


def outcome_masks(counts, tree, safety, given=None):
    """What ``Tree.shown`` gives for the share that declined, and for all three outcomes (``parts.Counts``, clusters x rows x 3)."""
    declined = tree.shown(counts.of(against_the_rest(counts.cells)), every_row(safety.spread), given=given)
    return declined, tree.shown(counts, every_row(safety.spread), given=declined)
