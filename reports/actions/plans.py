"""The plan of an evaluation, fixed before its data can be seen."""

from django.db import transaction
from django.utils import timezone

from clusters.actions import NotNow
from clusters.audit import record
from reports.models import AnalysisPlan
from surveys.choices import Audience, Moment


def check_plan_open(cohort):
    """Raise NotNow when the plan can no longer be fixed or changed: the follow-up was opened, or a report was built."""
    follow_up = cohort.waves.filter(audience=Audience.PUPIL, moment=Moment.FOLLOW_UP, opened_at__isnull=False).first()
    if follow_up:
        opened = timezone.localtime(follow_up.opened_at)
        raise NotNow(f"The follow-up of {cohort} opened on {opened:%-d %B %Y}. Its plan is fixed for good.")


@transaction.atomic
def fix_plan(*, cohort, cut, item_set, seed, by, at=None, salt=None):
    """Fix what an evaluation will do, before its data can be seen. May be changed until the follow-up wave opens.

    `salt` is given only by the demonstration, which must come out alike for the same seed; else it is drawn once and kept.
    """
    check_plan_open(cohort)
    plan = AnalysisPlan.objects.filter(cohort=cohort).first() or AnalysisPlan(cohort=cohort)
    plan.cut, plan.item_set, plan.seed = cut, item_set, seed
    plan.fixed_by, plan.fixed_at = by, at or timezone.now()
    plan.salt = salt or plan.salt
    plan._history_user = by
    plan.save()
    record("plan fixed", plan, by=by, cut=str(cut), seed=seed, item_set=item_set)
    return plan
