"""Speed, measured by hand with ``./run bench``: ratios to floors taken in the same run, never asserted by a test."""

import reports  # noqa: F401 (settles how many threads numpy may take, before a benchmark loads it)
