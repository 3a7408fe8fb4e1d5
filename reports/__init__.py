"""What it adds up to: dashboards, extracts, statistics, charts, reports, exports. Reads everything, owns only its own runs."""

import os

# One thread for linear algebra, decided before anything loads numpy: the order in which threads add up would make the
# last digits of a result depend on the number of cores, and for matrices as small as ours threads cost more than they
# save (beside a second busy process they cost ten times as much).
for _library in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_library, "1")
