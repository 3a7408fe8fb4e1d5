"""manage.py seed_demo: build the demonstration programme through the actions of real use. The same seed gives the same programme."""

import random
import time
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from clusters.choices import SchoolStatus
from clusters.models import Demonstration, Participation, Person, School
from pcp.celery import app as celery_app
from reports import actions, jobs, sheets
from reports.choices import PlaceKind
from reports.management.demonstration import adults, feedback, fieldwork, grants, places, sessions, showcase
from reports.management.demonstration.names import Names
from surveys.closing import close_ended_waves

SCALES = {
    "small": {
        "authorities": 2,
        "kinds": ["effect", "current"],
        "clusters": {"effect": 3, "current": 1},
        "primaries": [7, 8],
        "size": fieldwork.Size(pupils=41, both=0.64, before_only=0.2, after_only=0.13, ratings=1.0),
        "adults": adults.Size(mentors=4, on_record=0.7, by_link=4),
        "sessions": 14,
        "sheets": True,
        "earlier": {"clusters": 1, "pupils": 22},
    },
    "national": {
        "authorities": 32,
        "kinds": ["effect", "null", "current"],
        "clusters": {"effect": 58, "null": 58, "current": 4},
        "primaries": [5, 6, 6],
        "size": fieldwork.Size(pupils=18, both=0.43, before_only=0.27, after_only=0.28, ratings=0.9),
        "adults": adults.Size(mentors=2, on_record=0.15, by_link=2),
        "sessions": 10,
        "sheets": False,  # 676 of them take a worker more than a minute; staff make them with one click
    },
}
NATIONAL_SCHOOLS = 676


class Command(BaseCommand):
    """Seeds an empty database once; repeated, it says that the programme is there."""

    help = "Build the demonstration programme (invented schools, people and answers)."

    def add_arguments(self, parser):
        parser.add_argument("--scale", choices=list(SCALES), default="small")
        parser.add_argument("--seed", type=int, default=11)
        parser.add_argument(
            "--schools", metavar="FILE", help="an official school list to use in place of invented primaries"
        )
        parser.add_argument("--today", type=date.fromisoformat, help="build it as of this date (YYYY-MM-DD)")

    def handle(self, *args, scale, seed, schools, today, **options):
        there = Demonstration.objects.filter(complete=True).first()
        if there:
            same = (there.scale, there.seed) == (scale, seed)
            advice = "" if same else " Delete the folder var to build another."
            self.stdout.write(f"The demonstration is there already ({there.scale}, seed {there.seed}).{advice}")
            return
        if Person.objects.exists():
            raise CommandError("This database has people in it, so it is not made into a demonstration.")
        # Nobody is mailed about an invented programme, and its report is built here by the worker's own function.
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        celery_app.conf.update(task_always_eager=True, task_eager_propagates=True)
        try:
            with transaction.atomic():
                self._build(SCALES[scale], scale, seed, schools, today or timezone.localdate())
        finally:
            celery_app.conf.update(task_always_eager=False, task_eager_propagates=False)

    def _build(self, scale, name, seed, schools, today):
        chooser = random.Random(seed)  # noqa: S311  an invented programme, not a secret
        programme = places.Programme(chooser=chooser, names=Names(chooser), today=today, seed=seed)
        mark = Demonstration.objects.create(seed=seed, scale=name)
        self._step("people", places.make_people_at_the_centre, programme)
        places.make_cohorts(programme, scale["kinds"])
        authorities = places.make_authorities(programme, scale["authorities"])
        if schools:
            self._step("official schools", self._read_register, programme, schools, authorities)
        self._step("schools and clusters", self._clusters, programme, scale, authorities)
        for kind in scale["kinds"]:
            if kind == "current":
                self._step("the cohort in progress", fieldwork.in_progress, programme, scale["size"])
                self._step("its mentors and teachers", adults.in_progress, programme, scale["adults"])
            else:
                self._evaluated(programme, kind, scale, scale["size"])
            self._what_was_done(programme, kind, scale)
        if earlier := scale.get("earlier"):
            self._step("an earlier cohort", places.make_earlier_cohort, programme, authorities, earlier["clusters"])
            self._evaluated(programme, "earlier", scale, replace(scale["size"], pupils=earlier["pupils"]))
            self._what_was_done(programme, "earlier", scale)
        close_ended_waves(now=fieldwork.at(today), on=today)
        self._finish_cohorts(programme)
        self._step("reports", self._reports, programme)
        shown = showcase.people(programme)
        if scale["sheets"]:
            self._step("school sheets and de-identified data", self._sheets_and_data, programme, shown)
        mark.people.set(shown)
        mark.complete = True
        mark.save()

    def _evaluated(self, programme, kind, scale, size):
        self._step(f"answers of {programme.cohorts[kind]}", fieldwork.evaluated, programme, kind, size)
        self._step("their mentors and teachers", adults.evaluated, programme, kind, scale["adults"])

    def _what_was_done(self, programme, kind, scale):
        self._step(f"sessions of {programme.cohorts[kind]}", sessions.hold_sessions, programme, kind, scale["sessions"])
        self._step("what people said of them", feedback.say, programme, kind)
        self._step("grants", grants.give, programme, kind)

    def _step(self, title, work, *args):
        started = time.monotonic()
        work(*args)
        self.stdout.write(f"  {title}: {time.monotonic() - started:.1f} s")
        self.stdout.flush()

    def _read_register(self, programme, path, authorities):
        """Import the official list as staff would, and let clusters be made of neighbouring schools (by postcode)."""
        call_command("import_schools", path, apply=True, stdout=self.stdout)
        for authority in authorities:
            primaries = School.objects.primary().filter(authority=authority, status=SchoolStatus.OPEN)
            programme.register[authority.pk] = list(primaries.order_by("-postcode", "-seed_code"))

    def _clusters(self, programme, scale, authorities):
        plan = [(kind, number) for kind in scale["kinds"] for number in range(scale["clusters"][kind])]
        left = NATIONAL_SCHOOLS if len(authorities) == 32 else None
        for place, (kind, number) in enumerate(plan):
            primaries = programme.chooser.choice(scale["primaries"])
            if left is not None:
                # 676 schools in all: what is left is shared out over the clusters that are left.
                primaries = round(left / (len(plan) - place))
                left -= primaries
            # The cohort in progress begins with the first authority again, which has most to show of the evaluated ones.
            turn = number if kind == "current" else place
            places.make_cluster(programme, kind, authorities[turn % len(authorities)], primaries)

    def _finish_cohorts(self, programme):
        """Past cohorts end in the state that they are in today; while they answered, they were active."""
        for participation in Participation.objects.select_related("cohort"):
            state = places.state_on(participation.cohort, programme.today)
            if state != participation.state:
                participation.state = state
                participation.state_since = min(places.state_since(participation.cohort, state), programme.today)
                participation._history_user = programme.staff
                participation.save()

    def _reports(self, programme):
        """Of each evaluated cohort: the whole of it, and the authority and the cluster that a visitor looks into.

        Of the earlier one that authority alone, which is all of it.
        """
        authority, clusters = showcase.places(programme)
        for kind, cohort in programme.cohorts.items():
            if kind == "current":
                continue
            asked = [{"place_kind": PlaceKind.COHORT}] if kind != "earlier" else []
            if kind in clusters:
                asked.append({"place_kind": PlaceKind.AUTHORITY, "authority": authority})
            if kind in clusters and kind != "earlier":
                asked.append({"place_kind": PlaceKind.CLUSTER, "cluster": clusters[kind]})
            for question in asked:
                run, _ = actions.request_report(cohort=cohort, by=programme.evaluator, **question)
                jobs.build(run.pk)
                run.refresh_from_db()
                if run.report_id is None:
                    raise CommandError(f"The report {run} was not built: {run.failure}")
                actions.publish_report(run.report, by=programme.staff, site="")

    def _sheets_and_data(self, programme, shown):
        """The sheets of an evaluated cohort's schools, published, and its de-identified data, ready to be taken."""
        cohort = programme.cohorts["effect"]
        run, _ = actions.request_sheets(cohort=cohort, by=programme.staff)
        for sheet in jobs.build(run.pk):
            sheets.make(sheet)
        actions.publish_sheets(run.sheet_set, by=programme.staff, site="")
        showcase.share_a_headship(programme, shown, run.sheet_set)
        run, _ = actions.request_export(cohort=cohort, by=programme.evaluator)
        jobs.build(run.pk)
