"""Making classes, their codes and their slips. No name of a pupil is taken anywhere: who holds which slip stays on paper."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from clusters.actions import NotNow
from clusters.audit import record
from clusters.models import ClusterMembership, Participation, School
from surveys.actions.waves import TAKING_PART
from surveys.choices import GROUP_BY_STAGE, MOST_PUPILS
from surveys.coding import NoCodesLeft, new_class_code, new_picture_codes
from surveys.models import ClassGroup, PupilCode


def places_for_classes(schools, on):
    """Where classes may be made on a date: [(School, Cohort)] of the primary schools among `schools`, a queryset, by name."""
    cohorts = defaultdict(list)
    for part in Participation.objects.filter(state__in=TAKING_PART, cohort__ends_on__gte=on).select_related("cohort"):
        cohorts[part.cluster_id].append(part.cohort)
    members = ClusterMembership.objects.current(on).filter(school__in=schools.primary(), cluster__in=cohorts)
    members = members.select_related("school").order_by("school__name", "school__seed_code")
    return [(member.school, cohort) for member in members for cohort in cohorts[member.cluster_id]]


def check_class(*, school, cohort, name, slips):
    """Raise NotNow when such a class cannot be made: see `create_class` for the arguments."""
    if not Participation.objects.filter(cohort=cohort, cluster__memberships__school=school).exists():
        raise NotNow(f"{school} takes no part in {cohort}.")
    if ClassGroup.objects.filter(school=school, cohort=cohort, name__iexact=name).exists():
        raise NotNow(f"There is a class called {name} already. Give this one another name.")
    _check_slips(slips)


@transaction.atomic
def create_class(*, school, cohort, name, slips, by, chooser=None):
    """Make a class with its code and a picture code for each slip.

    `slips` is {stage: how many}, for example {"P3": 14, "P4": 12} for a composite class; slips are numbered through in that order.
    `chooser` is a random.Random for a demonstration. Raises NotNow. Returns the ClassGroup.
    """
    name = name.strip()
    check_class(school=school, cohort=cohort, name=name, slips=slips)
    group = ClassGroup(
        school=school, cohort=cohort, name=name, stages=sorted(slips), code=_free_class_code(chooser), made_by=by
    )
    group._history_user = by
    group.save()
    _add_slips(group, slips, chooser)
    record("class made", group, by=by, slips=sum(slips.values()))
    return group


@transaction.atomic
def add_slips(group, *, slips, by, chooser=None):
    """Give a class more slips, numbered on from the last one; a stage that is new to the class joins it.

    Arguments as in `create_class`. Raises NotNow. Returns the new PupilCodes.
    """
    if group.retired_at:
        raise NotNow(f"{group.name} has been retired, so it gets no more slips.")
    _check_slips(slips)
    if not set(slips) <= set(group.stages):
        group.stages = sorted(set(group.stages) | set(slips))
        group._history_user = by
        group.save()
    made = _add_slips(group, slips, chooser)
    record("slips added", group, by=by, slips=len(made))
    return made


@transaction.atomic
def retire_class(group, *, by):
    """Take a class out of use: its code opens nothing from now on. Its answers and slips are kept. Twice is as once."""
    if group.retired_at is None:
        group.retired_at = timezone.now()
        group._history_user = by
        group.save()
        record("class retired", group, by=by)
    return group


def _check_slips(slips):
    if not slips or any(count < 1 for count in slips.values()):
        raise NotNow("Say how many slips you need for at least one stage.")
    if unknown := sorted(set(slips) - set(GROUP_BY_STAGE)):
        raise NotNow(f"There is no pupil form for {', '.join(unknown)}.")
    if sum(slips.values()) > MOST_PUPILS:
        raise NotNow(f"That is more than {MOST_PUPILS} slips for one class. Check the numbers.")


def _free_class_code(chooser):
    while True:
        code = new_class_code(chooser)
        if not ClassGroup.objects.filter(code=code).exists():
            return code


def _add_slips(group, slips, chooser):
    # Two classes of a school made at the same moment must not draw the same code: the second waits for the first.
    School.objects.select_for_update().get(pk=group.school_id)
    taken = set(PupilCode.objects.filter(school=group.school_id, cohort=group.cohort_id).values_list("code", flat=True))
    stages = [stage for stage in sorted(slips) for _ in range(slips[stage])]
    try:
        codes = new_picture_codes(len(stages), taken, chooser)
    except NoCodesLeft:
        raise NotNow("Every picture code of this school has been given out. Ask your SSERC contact.") from None
    last = group.pupil_codes.order_by("-slip").values_list("slip", flat=True).first() or 0
    return PupilCode.objects.bulk_create(
        [
            PupilCode(
                class_group=group,
                school_id=group.school_id,
                cohort_id=group.cohort_id,
                slip=slip,
                stage=stage,
                code=code,
            )
            for slip, (stage, code) in enumerate(zip(stages, codes, strict=True), start=last + 1)
        ]
    )
