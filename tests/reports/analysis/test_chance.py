"""The distributions, against scipy.stats, which the program itself does not load because that takes a second."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from reports.analysis.chance import corrected, t_quantile, two_sided_p


@pytest.mark.parametrize("df", [1.3, 4.0, 27.6, 5000.0])
def test_t_agrees_with_scipy(df):
    assert t_quantile(0.975, df) == pytest.approx(stats.t.ppf(0.975, df), rel=1e-12)
    assert two_sided_p(-2.5, df) == two_sided_p(2.5, df) == pytest.approx(2 * stats.t.sf(2.5, df), rel=1e-12)


def test_corrected_agrees_with_scipy_in_any_order_and_with_ties():
    p = np.array([0.04, 0.001, 0.04, 0.9, 0.03, 0.0001, 0.6])

    assert corrected(p).tolist() == stats.false_discovery_control(p).tolist()


def test_analysis_loads_without_the_large_statistics_package():
    found = subprocess.run(
        [sys.executable, "-c", "import sys, reports.analysis.pipeline; print('scipy.stats' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout == "False\n"
