"""What waits for a person in the surveys (settings.DUE_ITEMS)."""

from django.urls import reverse

from clusters.access import Permission
from clusters.due import DueItem
from surveys.choices import Audience
from surveys.counting import sheets_by_class, totals, with_sheets
from surveys.models import ClassGroup, Wave, WaveSchool


def survey_items(access, person, today):
    """Waves to open (staff) or to chase (staff, officer), classes that have not answered (school), the own rating (headteacher)."""
    if access.everywhere(Permission.WAVE_MANAGE):
        yield from _to_open(today)
    if access.everywhere(Permission.WAVE_VIEW) or access.places(Permission.WAVE_VIEW, "authority"):
        yield from _to_chase(WaveSchool.objects.allowed_to(access, Permission.WAVE_VIEW), today)
    schools = access.places(Permission.CLASS_EDIT, "school")
    if schools:
        yield from _for_schools(schools, today)
    if headed := access.places(Permission.RATING_GIVE, "school"):
        yield from _for_heads(headed, today)


def _for_heads(schools, today):
    asked = WaveSchool.objects.open(today).filter(school__in=schools, wave__audience=Audience.HEAD)
    for row in with_sheets(asked).filter(sheets=0).select_related("school"):
        yield DueItem(
            what="Say what difference the programme has made",
            why=f"Ten questions about {row.school}, five minutes. You can stop and come back.",
            on=row.closes_on,
            address=reverse("my-surveys"),
            button="Answer",
        )


def _to_open(today):
    for wave in Wave.objects.filter(opened_at__isnull=True, opens_on__lte=today, closes_on__gte=today).select_related(
        "cohort"
    ):
        yield DueItem(
            what=f"Open “{wave}”",
            why="Its first day has come. Nobody can answer until you open it.",
            on=wave.opens_on,
            address=wave.get_absolute_url(),
            button="Open it",
        )


def _to_chase(wave_schools, today):
    """Open waves with schools that have not answered; `wave_schools` is cut to what the person may see."""
    open_waves = Wave.objects.filter(opened_at__isnull=False, closed_at__isnull=True, closes_on__gte=today)
    counts = totals(wave_schools.filter(wave__in=open_waves))
    for wave in open_waves.filter(pk__in=counts).select_related("cohort"):
        count = counts[wave.pk]
        if missing := count.schools - count.answered:
            yield DueItem(
                what=f"“{wave}” closes",
                why=f"{count.answered} of {count.schools} schools have answered; {missing} {'has' if missing == 1 else 'have'} not.",
                on=wave.closes_on,
                address=wave.get_absolute_url(),
                button="See who",
            )


def _for_schools(schools, today):
    open_here = WaveSchool.objects.open(today).filter(school__in=schools, wave__audience=Audience.PUPIL)
    for row in open_here.select_related("wave__cohort", "school"):
        classes = set(
            ClassGroup.objects.active()
            .filter(school=row.school_id, cohort=row.wave.cohort_id)
            .values_list("pk", flat=True)
        )
        answered = {group for _, group in sheets_by_class(row.wave, [row.school_id])}
        if classes and not classes - answered:
            continue
        waiting = len(classes - answered)
        missing = "no class has been made" if not classes else f"{waiting} of {len(classes)} classes have not answered"
        yield DueItem(
            what=f"Pupil survey at {row.school}: {missing}",
            why="It takes a class about ten minutes, with a class code and a paper slip for each pupil.",
            on=row.closes_on,
            address=reverse("class-list") if classes else reverse("class-create"),
            button="Open your classes" if classes else "Make a class",
        )
