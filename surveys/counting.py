"""Who has answered: the one place where answer sheets are counted, for every page that shows such a number.

A *sheet* is one stored Response; an adult's counts once it was handed in. A school *has answered* when it has a sheet. Only how
many, never what: nothing here reads an answer.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from surveys.asking import best_row
from surveys.choices import MOST_PUPILS, Audience
from surveys.models import ClassGroup, Invitation, PupilCode, Response, Wave, WaveSchool

_SHEETS = {
    "sheets": Count("pk"),
    "no_slip": Count("pk", filter=Q(pupil_code="")),
    "received": Count("pupil_code", filter=~Q(pupil_code=""), distinct=True),
}


@dataclass(frozen=True)
class Totals:
    """The sheets of a wave: `schools` asked, of which `answered` have a sheet, and all their `sheets`.

    Of teachers and mentors also how many `people` on record were asked by name, and how many of those have `handed_in`. Mentors
    belong to no school of a wave: they are counted themselves in place of schools, as `unit` says.
    """

    schools: int = 0
    answered: int = 0
    sheets: int = 0
    people: int = 0
    handed_in: int = 0
    unit: str = "schools"


def most_pupils(slips):
    """How many pupils a class with so many slips may have; it sends no sheet without a slip once as many have answered."""
    return max(MOST_PUPILS, slips)


@dataclass(frozen=True)
class ClassSheets:
    """The `sheets` of one class in a wave: `no_slip` of them without a slip, the others with `received` different slips."""

    sheets: int = 0
    no_slip: int = 0
    received: int = 0

    def full(self, slips):
        """Whether as many pupils have answered as a class with so many slips may have."""
        return self.no_slip + self.received >= most_pupils(slips)


@dataclass(frozen=True)
class ClassCount:
    """One class: `sheets` that came in, of `slips` that were made for it (0 when it has none yet), and whether it is full."""

    class_group: ClassGroup
    slips: int
    sheets: int
    full: bool


@dataclass
class SchoolCount:
    """One school of a wave. `no_class` are sheets of no class: imported ones. `invitations` are its headteachers', if asked.

    Of teachers it is only told how many: `people` were asked by name, `handed_in` of them have answered, the rest came by the link.
    """

    wave_school: object
    sheets: int = 0
    slips: int = 0
    no_class: int = 0
    classes: list = field(default_factory=list)
    invitations: list = field(default_factory=list)
    people: int = 0
    handed_in: int = 0

    @property
    def by_link(self):
        """Sheets of teachers who came by the school's link."""
        return self.sheets - self.handed_in


@dataclass
class ClusterCount:
    """The mentors of one cluster in a wave: how many `people` were asked and how many have `handed_in`; until when it is open."""

    cluster: object
    wave_school: object
    people: int = 0
    handed_in: int = 0


def with_sheets(wave_schools):
    """WaveSchool rows with `sheets`: how many answer sheets came in from each."""
    counted = Response.objects.counted().filter(wave=OuterRef("wave"), school=OuterRef("school"))
    number = counted.order_by().values("school").annotate(number=Count("pk")).values("number")
    return wave_schools.annotate(sheets=Coalesce(Subquery(number), 0))


def totals(wave_schools):
    """Totals of each wave over the given WaveSchool rows: {wave pk: Totals}. Two queries, and two more for teachers and mentors.

    Pass rows that are already cut to what the reader may see, so that an officer's totals are of the own authority.
    """
    # All sheets of the waves are counted in one pass: asking school by school takes twice as long with 676 of them.
    counted = Response.objects.counted().filter(wave__in=wave_schools.order_by().values("wave")).order_by()
    sheets = {row[:2]: row[2] for row in counted.values_list("wave", "school").annotate(number=Count("pk"))}
    numbers, adults = defaultdict(list), set()
    for wave, school, cluster, audience in wave_schools.order_by().values_list(
        "wave", "school", "cluster", "wave__audience"
    ):
        numbers[wave].append(sheets.get((wave, school), 0))
        if audience in (Audience.TEACHER, Audience.MENTOR):
            adults |= {(wave, Audience.TEACHER, school), (wave, Audience.MENTOR, cluster)}
    found = {wave: Totals(len(each), sum(map(bool, each)), sum(each)) for wave, each in numbers.items()}
    return found | _people_totals(found, adults) if adults else found


def _people_totals(found, places):
    """The Totals of the waves of teachers and mentors among `places`: (wave, audience, school or cluster)."""
    people = {(wave, audience): (0, 0) for wave, audience, _ in places}
    audiences = dict(Wave.objects.filter(pk__in={wave for wave, _, _ in places}).values_list("pk", "audience"))
    for wave, audience, place, asked, handed_in in _people(list(audiences)):
        if (wave, audience, place) in places:
            before = people[wave, audience]
            people[wave, audience] = (before[0] + asked, before[1] + handed_in)
    changed = {}
    for wave, audience in audiences.items():
        asked, handed_in = people[wave, audience]
        changed[wave] = replace(found[wave], people=asked, handed_in=handed_in)
        if audience == Audience.MENTOR:
            changed[wave] = Totals(asked, handed_in, handed_in, asked, handed_in, unit="mentors")
    return changed


def asked(wave_schools):
    """How many could have answered in the waves of one cohort, over the given WaveSchool rows. Four queries.

    Returns {"pupil": slips made for classes, which are the same both times; "head": schools; "teacher" and "mentor": people with a
    link of their own, {moment: number}}; without those who were not asked.
    """
    waves = {row[0]: row[1:] for row in wave_schools.order_by().values_list("wave", "wave__audience", "wave__moment")}
    found, counted = {}, totals(wave_schools)
    for wave, (audience, moment) in waves.items():
        if audience == Audience.HEAD:
            found[audience] = counted[wave].schools
        elif audience in (Audience.TEACHER, Audience.MENTOR):
            found.setdefault(audience, {})[moment] = counted[wave].people
    pupils = wave_schools.filter(wave__audience=Audience.PUPIL).order_by()
    slips = PupilCode.objects.filter(
        school__in=pupils.values("school"), cohort__in=pupils.values("wave__cohort")
    ).order_by()
    return found | ({str(Audience.PUPIL): number} if (number := slips.count()) else {})


def mentors_asked(waves):
    """How many mentors of each cluster were asked in mentors' waves, and have handed in: {(wave pk, cluster pk): (asked, handed in)}."""
    return {(wave, place): numbers for wave, audience, place, *numbers in _people(waves) if audience == Audience.MENTOR}


def _people(waves):
    """Who was asked by name in waves of teachers and mentors: [(wave, audience, school or cluster, asked, handed in)]."""
    invitations = Invitation.objects.filter(wave__in=waves, person__isnull=False).order_by()
    place = Case(When(audience=Audience.MENTOR, then="cluster"), default="school")
    rows = invitations.annotate(place=place).values("wave", "audience", "place")
    rows = rows.annotate(asked=Count("pk"), handed_in=Count("answered_at"))
    return rows.values_list("wave", "audience", "place", "asked", "handed_in")


def mentors_by_cluster(wave, wave_schools, on):
    """A ClusterCount of each cluster among the WaveSchool rows of a mentors' wave, by name. Two queries."""
    people = mentors_asked([wave.pk])
    rows = defaultdict(list)
    for row in wave_schools.select_related("cluster").order_by("cluster__name", "pk"):
        row.wave = wave
        rows[row.cluster].append(row)
    return [
        ClusterCount(cluster, best_row(here, on), *people.get((wave.pk, cluster.pk), (0, 0)))
        for cluster, here in rows.items()
    ]


def who_has_answered(wave, wave_schools):
    """A SchoolCount for each of the given WaveSchool rows of one wave, in their order, with its classes.

    `wave_schools` is a list or a page of rows with `school` loaded. The number of queries does not depend on how many.
    """
    counts = {row.school_id: SchoolCount(row) for row in wave_schools}
    if wave.audience == Audience.HEAD:
        for invitation in wave.invitations.filter(school__in=counts).select_related("person"):
            found = counts[invitation.school_id]
            found.invitations.append(invitation)
            found.sheets += invitation.answered_at is not None
        return list(counts.values())
    if wave.audience == Audience.TEACHER:
        for _, _, school, asked, handed_in in _people([wave.pk]):
            if school in counts:
                counts[school].people, counts[school].handed_in = asked, handed_in
        sent = Response.objects.counted().filter(wave=wave, school__in=counts).order_by().values_list("school")
        for school, number in sent.annotate(number=Count("pk")):
            counts[school].sheets = number
        return list(counts.values())
    sheets = sheets_by_class(wave, counts)
    for group, slips in _classes(wave, counts):
        found = counts[group.school_id]
        sent = sheets.pop((group.school_id, group.pk), ClassSheets())
        found.classes.append(ClassCount(group, slips, sent.sheets, sent.full(slips)))
        found.slips += slips
        found.sheets += sent.sheets
    for (school, _), sent in sheets.items():
        counts[school].no_class += sent.sheets
        counts[school].sheets += sent.sheets
    return list(counts.values())


def sheets_by_class(wave, schools):
    """The sheets of a wave from each class of some schools: {(school pk, class pk or None): ClassSheets}. One query."""
    rows = Response.objects.for_wave(wave).filter(school__in=schools).order_by().values("school", "class_group")
    return {(row.pop("school"), row.pop("class_group")): ClassSheets(**row) for row in rows.annotate(**_SHEETS)}


def is_full(wave, class_group):
    """Whether a class has sent as many sheets of a wave as it may have pupils. Both are given by primary key. Two queries."""
    sent = Response.objects.filter(wave=wave, class_group=class_group).aggregate(**_SHEETS)
    return ClassSheets(**sent).full(PupilCode.objects.filter(class_group=class_group).count())


def _classes(wave, schools):
    """The classes of the wave's cohort at some schools, each with the number of slips made for it."""
    slips = defaultdict(int)
    codes = PupilCode.objects.filter(school__in=schools, cohort=wave.cohort_id).order_by()
    for row in codes.values("class_group").annotate(slips=Count("pk")):
        slips[row["class_group"]] = row["slips"]
    groups = ClassGroup.objects.active().filter(school__in=schools, cohort=wave.cohort_id).order_by("name")
    return [(group, slips[group.pk]) for group in groups]


@dataclass(frozen=True)
class SlipCount:
    """The slips of one class in one wave. Numbers only: which have come in, never what they say, and never who holds which.

    `slips` is [(number on the slip, stage, how many sheets came with it)]; `no_slip` counts the sheets without one.
    """

    slips: list
    no_slip: int

    @property
    def received(self):
        """How many slips have come in."""
        return sum(1 for _, _, sheets in self.slips if sheets)

    @property
    def waiting(self):
        """How many slips have not come in."""
        return len(self.slips) - self.received

    @property
    def twice(self):
        """The numbers of the slips that came in more than once."""
        return [number for number, _, sheets in self.slips if sheets > 1]

    @property
    def most(self):
        """How many pupils the class may have."""
        return most_pupils(len(self.slips))

    @property
    def full(self):
        """Whether as many have answered, so that no more sheets without a slip are taken."""
        return self.no_slip + self.received >= self.most

    @property
    def sheets(self):
        """All sheets of the class."""
        return sum(sheets for _, _, sheets in self.slips) + self.no_slip


def slips_of_class(class_group, wave=None):
    """The SlipCount of a class in a wave; without a wave, none has come in. Two queries."""
    used = Counter()
    if wave is not None:
        used.update(
            Response.objects.for_wave(wave).filter(class_group=class_group).values_list("pupil_code", flat=True)
        )
    slips = [
        (code.slip, code.stage, used.pop(code.code, 0)) for code in PupilCode.objects.filter(class_group=class_group)
    ]
    return SlipCount(slips, no_slip=used.total())


def latest_sheets(groups):
    """For each class, its latest opened pupil wave and the sheets in it: {class pk: (WaveSchool, sheets)}. Two queries.

    A class whose school has no opened wave in the cohort is left out.
    """
    opened = WaveSchool.objects.filter(
        wave__audience=Audience.PUPIL,
        wave__opened_at__isnull=False,
        school__in={group.school_id for group in groups},
        wave__cohort__in={group.cohort_id for group in groups},
    )
    latest = {}
    for row in opened.select_related("wave").order_by("opens_on", "pk"):
        latest[row.school_id, row.wave.cohort_id] = row
    rows = Response.objects.filter(class_group__in=groups).order_by().values("class_group", "wave")
    sheets = {(row["class_group"], row["wave"]): row["number"] for row in rows.annotate(number=Count("pk"))}
    return {
        group.pk: (row, sheets.get((group.pk, row.wave_id), 0))
        for group in groups
        if (row := latest.get((group.school_id, group.cohort_id)))
    }
