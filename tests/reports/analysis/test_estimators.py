"""The estimators one by one: known answers, and the corners that golden programmes do not reach."""

import numpy as np
import pytest
from scipy import stats

from reports.analysis import clustered, logistic, mixed, ordinal, polychoric, reliability, resampling, roots
from reports.analysis.change import cliff
from reports.analysis.planning import detectable_difference
from reports.analysis.results import NotEstimable, plain


def schools_of(sizes, seed=1):
    """(design, outcome, groups) of a logistic problem in schools of these sizes."""
    random = np.random.default_rng(seed)
    school = np.repeat(np.arange(len(sizes)), sizes)
    high, x = (school % 2).astype(float), random.normal(size=len(school))
    y = (random.random(len(school)) < 1 / (1 + np.exp(-0.4 * high + x))).astype(float)
    return np.column_stack([np.ones(len(school)), high, x]), y, clustered.grouped(school)


@pytest.mark.parametrize("size", (3, 17, 60))
def test_both_ways_to_the_first_root_agree(size, monkeypatch):
    x, y, groups = schools_of([size, size + 1, size, size + 5, size + 9, size])
    found = []

    for small in (0, 10_000):
        monkeypatch.setattr(logistic, "SMALL_SCHOOL", small)
        estimate = logistic.logit(x, y, groups).estimate(np.eye(3)[1])
        found.append((estimate.se, estimate.df))

    assert found[0] == pytest.approx(found[1], rel=1e-10)


def test_whitened_root_of_large_schools_differs_little_from_the_first():
    x, y, groups = schools_of([90] * 12)

    first, white = (logistic.logit(x, y, groups, most_rows=rows).estimate(np.eye(3)[1]) for rows in (600, 10))

    assert white.est == first.est
    assert white.se == pytest.approx(first.se, rel=2e-2)
    assert white.se != first.se


def test_quadrature_reaches_the_inverse_root_of_a_spread_out_spectrum():
    spectrum = np.geomspace(1e-7, 0.06, 30)

    weights, shifts = roots._nodes(1e-7, 0.06)
    found = (weights[:, None] / (spectrum + shifts[:, None])).sum(axis=0)

    assert found == pytest.approx(spectrum**-0.5, rel=1e-11)


def test_separated_outcome_gives_no_odds_ratio():
    x, _, groups = schools_of([20] * 8)

    with pytest.raises(NotEstimable, match="odds ratio cannot be computed"):
        logistic.logit(x, x[:, 1], groups)


def test_rows_in_any_order_of_clusters_give_the_same_fit():
    x, y, groups = schools_of([9, 12, 7, 15, 8, 11])
    school = np.repeat(np.arange(6), [9, 12, 7, 15, 8, 11])
    order = np.random.default_rng(3).permutation(len(y))

    first = clustered.ols(x, y, groups).estimate(np.eye(3)[1])
    second = clustered.ols(x[order], y[order], clustered.grouped(school[order])).estimate(np.eye(3)[1])

    assert (first.est, first.se, first.df) == pytest.approx((second.est, second.se, second.df), rel=1e-12)


def test_cr2_of_a_mean_over_schools_of_equal_size_is_the_t_test_of_their_means():
    d = np.random.default_rng(2).normal(0.2, 1, (11, 6))

    estimate = clustered.mean_change(d.ravel(), clustered.grouped(np.repeat(np.arange(11), 6)))

    known = stats.ttest_1samp(d.mean(axis=1), 0)
    assert estimate.df == pytest.approx(10)
    assert estimate.p == pytest.approx(known.pvalue)


def test_design_leaves_out_what_says_nothing_new_and_keeps_what_came_first():
    high = np.array([0.0, 0, 1, 1, 1])

    design = clustered.Design({"high": high, "same": 2 * high + 1, "flat": np.full(5, 3.0), "x": np.arange(5.0)})

    assert design.names == ["1", "high", "x"]
    with pytest.raises(NotEstimable):
        design.contrast("same")


def test_exact_wild_bootstrap_and_permutation_count_every_pattern():
    x, y, groups = schools_of([5] * 6)
    high = np.array([False, True] * 3)

    wild = resampling.wild_cluster(x, y, 1, groups, seed=1)
    dealt = resampling.permutation(np.arange(6.0), high, seed=1)

    assert wild["p"] * 2**6 == pytest.approx(round(wild["p"] * 2**6))
    assert dealt["diff"] == pytest.approx(1.0)
    assert dealt["p"] == pytest.approx(14 / 20)


def test_largest_difference_of_three_against_three_schools_has_p_of_one_in_ten():
    high = np.array([True] * 3 + [False] * 3)

    assert resampling.permutation(np.array([9.0, 8, 7, 1, 2, 3]), high, seed=1)["p"] == pytest.approx(0.1)


def test_wild_bootstrap_agrees_with_refitting_every_draw():
    x, y, groups = schools_of([6, 9, 7, 8, 10])
    school = np.repeat(np.arange(5), [6, 9, 7, 8, 10])
    rest = np.delete(x, 1, axis=1)
    fitted = rest @ np.linalg.lstsq(rest, y, rcond=None)[0]

    def t_of(outcome):
        bread = np.linalg.inv(x.T @ x)
        beta = bread @ x.T @ outcome
        score = groups.sums(x * (outcome - x @ beta)[:, None])
        return beta[1] / np.sqrt((bread @ score.T @ score @ bread)[1, 1])

    patterns = next(resampling.signs(5, seed=1))
    replicates = [t_of(fitted + pattern[school] * (y - fitted)) for pattern in patterns]

    found = resampling.wild_cluster(x, y, 1, groups, seed=1)

    assert found["t"] == pytest.approx(t_of(y))
    assert found["p"] == pytest.approx(np.mean(np.abs(replicates) >= abs(t_of(y)) * (1 - 1e-9)))


def test_bivariate_normal_agrees_with_scipy():
    h, k, r = (np.array(values) for values in ([-1.2, 0.3, 2.0], [0.4, -0.7, 1.1], [0.8, -0.5, 0.0]))

    found = polychoric.bivariate_normal(h, k, r)

    known = [stats.multivariate_normal([0, 0], [[1, c], [c, 1]]).cdf([a, b]) for a, b, c in zip(h, k, r, strict=True)]
    assert found == pytest.approx(known, abs=1e-7)


def test_polychoric_correlation_finds_the_one_that_made_the_answers():
    random = np.random.default_rng(5)
    trait = random.multivariate_normal([0, 0, 0], [[1, 0.6, 0.3], [0.6, 1, 0.5], [0.3, 0.5, 1]], 20_000)
    answers = 1 + (trait[:, :, None] > [-1.0, 0.2, 1.3]).sum(axis=2)

    matrix = polychoric.correlations(answers.astype(float), 4)

    assert matrix[np.triu_indices(3, 1)] == pytest.approx([0.6, 0.3, 0.5], abs=0.02)


def test_omega_of_a_one_factor_matrix_is_its_formula():
    loading = np.array([0.8, 0.7, 0.6, 0.5])
    matrix = np.outer(loading, loading)
    np.fill_diagonal(matrix, 1)

    assert polychoric.omega(matrix) == pytest.approx(
        loading.sum() ** 2 / (loading.sum() ** 2 + (1 - loading**2).sum()), abs=1e-6
    )


def test_item_that_does_not_vary_has_no_ordinal_reliability():
    answers = np.random.default_rng(1).integers(1, 6, (60, 4)).astype(float)
    answers[:, 2] = 3

    assert polychoric.ordinal_reliability(answers, 5) == {"alpha_ordinal": None, "omega_ordinal": None}


def test_unused_answer_is_no_category_of_the_item_model():
    random = np.random.default_rng(4)
    school = np.repeat(np.arange(20), 10)
    high, before = school % 2 == 0, random.integers(1, 6, 200)
    after = random.choice([1, 2, 4], 200)

    apart = ordinal.proportional_odds(high, before, after, school)
    together = ordinal.proportional_odds(high, before, np.where(after == 4, 3, after), school)

    assert (apart.est, apart.se) == pytest.approx((together.est, together.se))


@pytest.mark.parametrize("fault", ("after", "before", "high"))
def test_item_that_does_not_vary_has_no_model_and_says_why(fault):
    given = {
        "high": np.arange(40) % 8 < 4,
        "before": np.arange(40) % 3 + 1,
        "after": np.arange(40) % 4 + 1,
        "school": np.arange(40) % 8,
    }
    given[fault] = np.ones(40, dtype=int)
    order = np.argsort(given["school"], kind="stable")

    with pytest.raises(NotEstimable):
        ordinal.proportional_odds(*(given[name][order] for name in ("high", "before", "after", "school")))


def test_random_intercept_of_schools_that_do_not_differ_has_no_variance_between_them():
    y = np.tile([1.0, 2.0, 3.0, 4.0], 10)

    fit = mixed.reml(np.ones((40, 1)), y, clustered.grouped(np.repeat(np.arange(10), 4)))

    assert fit.var_school == 0
    assert fit.var_pupil == pytest.approx(y.var(ddof=1))
    assert fit.effect == pytest.approx(np.zeros(10))


def test_alpha_of_identical_items_is_one_and_reversal_is_noticed():
    answers = np.tile(np.random.default_rng(1).integers(1, 6, (50, 1)), (1, 4)).astype(float)
    turned = answers.copy()
    turned[:, 3] = 6 - turned[:, 3]

    assert reliability.alpha(answers) == pytest.approx(1)
    assert reliability.alpha(turned) < 0.6
    assert reliability.item_total(turned)[3] == pytest.approx(-1)


@pytest.mark.parametrize(("high", "low", "delta"), [([3, 4], [1, 2], 1), ([1, 2], [1, 2], 0), ([0.1 + 0.2], [0.3], 0)])
def test_cliffs_delta_of_small_sets(high, low, delta):
    assert cliff(np.array(high, dtype=float), np.array(low, dtype=float))["delta"] == delta


@pytest.mark.parametrize(("schools", "pupils", "expected"), [(676, 7.5, 0.045), (120, 42.2, 0.069)])
def test_planning_gives_the_worked_examples(schools, pupils, expected):
    found = detectable_difference(schools, pupils, 0.05, base_share=0.5)

    assert found == pytest.approx(expected, abs=0.001)


def test_plain_values_have_no_nan_and_no_numpy():
    found = plain(
        {"a": np.float64("nan"), "b": np.int64(3), "c": [np.bool_(True), float("inf")], "d": np.array([1.5, np.nan])}
    )

    assert found == {"a": None, "b": 3, "c": [True, None], "d": [1.5, None]}
    assert type(found["b"]) is int and type(found["c"][0]) is bool
