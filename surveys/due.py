"""What waits for a person in the surveys (settings.DUE_ITEMS)."""

from django.urls import reverse

from clusters.access import Permission
from clusters.due import DueItem
from mentors.wording import counted, have
from surveys.asking import own_rows
from surveys.choices import Audience
from surveys.counting import sheets_by_class, totals, with_sheets
from surveys.models import ClassGroup, Wave, WaveSchool
from surveys.questionnaires import questionnaire
from surveys.wording import WORDS, effort


def survey_items(access, person, today):
    """Waves to open (staff) or to chase (staff, officer), classes that have not answered (school), the own answers (headteacher, teacher, mentor)."""
    if access.everywhere(Permission.WAVE_MANAGE):
        yield from _to_open(today)
    if access.everywhere(Permission.WAVE_VIEW) or access.places(Permission.WAVE_VIEW, "authority"):
        yield from _to_chase(WaveSchool.objects.allowed_to(access, Permission.WAVE_VIEW), today)
    schools = access.places(Permission.CLASS_EDIT, "school")
    if schools:
        yield from _for_schools(schools, today)
    if access.may(Permission.SURVEY_ANSWER):
        yield from _to_answer(access, person, today)


def _to_answer(access, person, today):
    own = [(row, invitation) for row, invitation in own_rows(access, person, today) if row.is_open(today)]
    rated = [row.pk for row, _ in own if row.wave.audience == Audience.HEAD]
    rated = set(with_sheets(WaveSchool.objects.filter(pk__in=rated)).filter(sheets__gt=0).values_list("pk", flat=True))
    for row, invitation in own:
        if row.pk in rated or (invitation and invitation.answered_at):
            continue
        wave = row.wave
        asked = questionnaire(wave.versions.select_related("instrument").get()).at(wave.moment)
        place = row.cluster if wave.audience == Audience.MENTOR else row.school
        yield DueItem(
            what=WORDS[wave.audience].due,
            why=f"{place}: {effort(asked)}. You can stop and come back.",
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
        if wave.audience in (Audience.TEACHER, Audience.MENTOR):
            missing, words = count.people - count.handed_in, WORDS[wave.audience]
            told = f"{count.handed_in} of {counted(count.people, words.one)} with a link of their own {have(count.handed_in)} answered"
        else:
            missing = count.schools - count.answered
            told = f"{count.answered} of {count.schools} schools {have(count.answered)} answered"
        if missing:
            yield DueItem(
                what=f"“{wave}” closes",
                why=f"{told}; {missing} {have(missing)} not.",
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
        told = f"{waiting} of {counted(len(classes), 'class', 'classes')} {have(waiting)} not answered"
        missing = told if classes else "no class has been made"
        yield DueItem(
            what=f"Pupil survey at {row.school}: {missing}",
            why="It takes a class about ten minutes, with a class code and a paper slip for each pupil.",
            on=row.closes_on,
            address=reverse("class-list") if classes else reverse("class-create"),
            button="Open your classes" if classes else "Make a class",
        )
