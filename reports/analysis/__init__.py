"""The statistics of the evaluation: pure functions from data frames to plain values.

The vocabulary, used everywhere with one meaning:

pre, post       the two waves of a cohort: baseline and follow-up answer sheets
linked          a baseline and a follow-up sheet with the same school, stage and code
matched         linked, and enough of the same questions answered both times (an "analysable pair")
change          follow-up minus baseline, over the questions answered both times
declined        the change is below zero; held: it is zero; improved: it is above zero
high, low       schools whose headteacher's rating is at or above the cut, or below it
effect          always an association between schools; nothing here speaks of cause

The modules, in the order in which a programme passes through them (each one's docstring is its
specification): ``schema`` -> ``coding`` -> ``matching`` -> ``scales`` and ``ratings`` ->
``descriptives``, ``change``, ``reliability``, ``attrition`` -> ``clustered``, ``logistic``,
``resampling`` -> ``comparison``, ``headline``, ``sensitivity``, ``items`` -> ``ladder`` -> ``disclosure``;
``pipeline.evaluate`` joins them. ``representativeness`` counts schools, not pupils; ``breakdowns`` and ``popularity`` are made
in ``disclosure``, from what may be shown. Beside it stand ``adults`` (what mentors, teachers and headteachers say),
``school_sheets`` (each school beside its cluster and the cohort) and
``trends`` (from the results of several cohorts), each called on its own. There is no Django here, no file and no clock.
"""

ANALYSIS_VERSION = "1.4.0"
