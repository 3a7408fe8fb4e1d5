"""What an evaluation asks of a wave before it may open (settings.WAVE_OPENING_CHECKS)."""

from reports.models import AnalysisPlan
from surveys.choices import Audience, Moment


def why_not_open(wave):
    """A sentence when the wave may not open yet, or None: the pupils' follow-up waits until the analysis plan is fixed."""
    if wave.audience != Audience.PUPIL or wave.moment != Moment.FOLLOW_UP:
        return None
    if AnalysisPlan.objects.filter(cohort=wave.cohort).exists():
        return None
    return f"Fix the analysis plan of {wave.cohort} first: the cut and the items are chosen before the follow-up opens."
