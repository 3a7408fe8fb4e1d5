"""What can be done to places, people and the calendar. Every action takes `by`, the person who does it."""

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.text import slugify

from clusters import letters, tasks
from clusters.audit import record
from clusters.choices import ReadingState, SchoolStatus
from clusters.importing import facts, runs, uploads
from clusters.models import Cluster, ClusterMembership, Cohort, Participation, Person, RoleAssignment


class NotNow(Exception):
    """The thing may not be done at this moment; the message is a sentence for the person who asked."""


@transaction.atomic
def save(form, *, by):
    """Save one row from a valid ModelForm; its history row, with `by` as the person, follows by itself. Returns the row."""
    form.instance._history_user = by
    return form.save()


@transaction.atomic
def give_role(*, email, full_name, role, starts_on, by, authority=None, cluster=None, school=None):
    """Give a person a role, making the person when the e-mail address is new. No e-mail is sent.

    `by` is None only for a command. Asking twice for the same role at the same place changes nothing the second time. Returns
    (person, role assignment, whether it is new); raises NotNow for a person whose account is closed.
    """
    email = email.strip().lower()
    person = Person.objects.filter(email=email).first()
    if person is None:
        person = Person.objects.create_user(email, full_name)
    elif by is not None and person.pk == by.pk:
        raise NotNow("Nobody gives a role to themselves. Ask somebody else who may.")
    elif not person.is_active:
        raise NotNow(f"The account of {person} is closed. Open it first, on the page about {person}.")
    place = {"authority": authority, "cluster": cluster, "school": school}
    existing = RoleAssignment.objects.filter(person=person, role=role, ends_on__isnull=True, **place).first()
    if existing:
        return person, existing, False
    assignment = RoleAssignment(person=person, role=role, starts_on=starts_on, **place)
    assignment._history_user = by
    assignment.save()
    record("role given", assignment, by=by, role=str(role))
    return person, assignment, True


@transaction.atomic
def invite_person(*, sign_in_url, by, **whom):
    """Give a person a role, as `give_role` does with `whom`, and tell them by e-mail how to sign in. Returns the same three.

    Somebody who has the role already is not written to again.
    """
    person, assignment, made = give_role(by=by, **whom)
    if made:
        mail = {
            "subject": "You can now sign in to the Primary Cluster Programme",
            "body": (
                f"Hello {person.get_short_name()},\n\n"
                f"SSERC has added you to the Primary Cluster Programme as: {assignment}.\n\n"
                f"Sign in with this e-mail address at {sign_in_url}\n"
                "We send you a code each time, so there is no password to remember.\n"
            ),
            "to": [person.email],
        }
        transaction.on_commit(lambda: tasks.deliver_mail.delay(**mail))
    return person, assignment, made


@transaction.atomic
def end_role(assignment, *, on, by):
    """End a role on a date. The row stays, so that the past still says who was what."""
    assignment.ends_on = max(on, assignment.starts_on)
    assignment._history_user = by
    assignment.save()
    record("role ended", assignment, by=by)
    return assignment


@transaction.atomic
def close_account(person, *, by):
    """Close a person's account: they can no longer sign in. Their roles and what they entered stay. Raises NotNow for oneself.

    E-mails for them that wait for a mail server are thrown away.
    """
    if person == by:
        raise NotNow("You cannot close your own account. Ask another administrator.")
    letters.forget(person.email)
    return _set_active(person, False, "account closed", by)


@transaction.atomic
def open_account(person, *, by):
    """Let a person whose account was closed sign in again."""
    return _set_active(person, True, "account opened", by)


def _set_active(person, active, event, by):
    person.is_active = active
    person._history_user = by
    person.save(update_fields=["is_active"])
    record(event, person, by=by)
    return person


RESERVED_SLUGS = {"new", "memberships", "participations", "milestones", "phases"}


def _free_slug(model, *words):
    """The shortest address made of the first word and, when that is taken, of the following ones or a number."""
    slug = slugify(words[0])[:60] or model._meta.model_name
    candidates = [
        slug,
        *(slugify(f"{words[0]} {more}")[:70] for more in words[1:]),
        *(f"{slug}-{n}" for n in range(2, 1000)),
    ]
    taken = RESERVED_SLUGS | set(model.objects.filter(slug__in=candidates).values_list("slug", flat=True))
    return next(candidate for candidate in candidates if candidate not in taken)


@transaction.atomic
def make_cluster(*, authority, name, by, local_word=""):
    """Make a cluster in an authority, with an address made from its name. Returns the cluster."""
    cluster = Cluster(
        authority=authority, name=name, local_word=local_word, slug=_free_slug(Cluster, name, authority.name)
    )
    cluster._history_user = by
    cluster.save()
    record("cluster made", cluster, by=by)
    return cluster


@transaction.atomic
def make_cohort(*, name, phase, starts_on, ends_on, by):
    """Make a cohort of a phase, with an address made from its name. Returns the cohort."""
    cohort = Cohort(name=name, phase=phase, starts_on=starts_on, ends_on=ends_on, slug=_free_slug(Cohort, name))
    cohort._history_user = by
    cohort.save()
    record("cohort made", cohort, by=by)
    return cohort


@transaction.atomic
def add_school(cluster, *, school, starts_on, by):
    """Let a school belong to a cluster from a day on.

    Raises NotNow when it belongs to one already on that day or later, is closed, or lies in another authority.
    """
    check_school_open(school)
    held = (
        school.memberships.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)).select_related("cluster").first()
    )
    if held and held.cluster == cluster and held.ends_on is None:
        raise NotNow(f"{school} belongs to {cluster} already.")
    if held and held.ends_on is None:
        raise NotNow(
            f"{school} belongs to {held.cluster} since {_day(held.starts_on)}. End that membership first; a school may move "
            "between clusters, but is in one at a time."
        )
    if held:
        raise NotNow(f"{school} belongs to {held.cluster} until {_day(held.ends_on)}. Choose a later day.")
    if school.authority_id and school.authority_id != cluster.authority_id:
        raise NotNow(f"{school} is in {school.authority}, but {cluster} is in {cluster.authority}.")
    membership = ClusterMembership(cluster=cluster, school=school, starts_on=starts_on)
    membership._history_user = by
    membership.save()
    record("school added", cluster, by=by, school=school.pk, on=starts_on.isoformat())
    return membership


def check_school_open(school):
    """Raise NotNow when the register says that a school is closed or mothballed."""
    if school.status == SchoolStatus.OPEN:
        return
    status = facts.held_by(school, "status").value
    source = school.facts.get("status", {}).get("edition")
    raise NotNow(
        f"{school} cannot join a cluster: it is {status.words[0].lower()}{status.words[1:]}"
        f"{f', says the {source[0].lower()}{source[1:]}' if source else ''}."
    )


@transaction.atomic
def end_membership(membership, *, on, by):
    """Let a school's membership end on a day. The row stays: figures of a past cohort use the membership of that time."""
    if membership.ends_on is not None:
        raise NotNow(f"{membership.school} left {membership.cluster} on {_day(membership.ends_on)} already.")
    if on < membership.starts_on:
        raise NotNow(f"It began on {_day(membership.starts_on)}. Choose that day or a later one.")
    membership.ends_on = on
    membership._history_user = by
    membership.save()
    record("school left", membership.cluster, by=by, school=membership.school_id, on=on.isoformat())
    return membership


@transaction.atomic
def join_cohort(cluster, *, cohort, state, state_since, by):
    """Let a cluster take part in a cohort, with the state it has reached. Raises NotNow when it takes part already."""
    if cluster.participations.filter(cohort=cohort).exists():
        raise NotNow(f"{cluster} takes part in {cohort} already. Change its state there.")
    participation = Participation(cluster=cluster, cohort=cohort, state=state, state_since=state_since)
    participation._history_user = by
    participation.save()
    record("cohort joined", participation, by=by, state=str(state))
    return participation


@transaction.atomic
def change_state(participation, *, state, state_since, by):
    """Write down that a cluster's part in a cohort has reached another state, and since when."""
    participation.state, participation.state_since = state, state_since
    participation._history_user = by
    participation.save()
    record("state changed", participation, by=by, state=str(state))
    return participation


def _day(on):
    return date_format(on, "j F Y")


@transaction.atomic
def read_register(content, *, file_name, edition, said_on, by):
    """Have an official register read in the background. Returns its import; sending the same file twice reads it once.

    `content` is the file's bytes, `edition` what was recognised in it, `said_on` the date that a person gave it (or None).
    """
    run, waits = uploads.begin(content, file_name=file_name, edition=edition, said_on=said_on, by=by)
    if waits:
        tasks.read_register.delay_on_commit(run_id=run.pk)
    return run


def apply_register(run, *, by, on_progress=lambda done: None):
    """Apply an official register as its preview shows it: all of it, or nothing. Returns the import.

    `run` is the RegisterImport; `on_progress` is told the share written (0 to 1). Raises NotNow when it was applied before or
    has not been read, or when our list has changed since the preview, which is then worked out again.
    """
    if run.state != ReadingState.READ:
        raise NotNow("This list has not been read, so there is nothing to apply.")
    try:
        with transaction.atomic():
            runs.apply(run, by=by, on_progress=on_progress)
            record("register applied", run, by=by, **run.counts)
    except runs.AlreadyDecided as reason:
        raise NotNow("This list has been applied already. There is nothing left to do.") from reason
    except runs.Outdated as reason:
        runs.refresh(run)
        raise NotNow(
            "Schools have changed since this preview was made. We have worked it out again: look at it once more, then apply."
        ) from reason
    return run


def undo_register(run, *, on, by):
    """Take an applied register back on a day. Returns (schools put back, schools removed); raises NotNow when it is too late."""
    if not runs.can_be_undone(run, on):
        raise NotNow(
            "This import can no longer be taken back: its time is over, or another one has been applied since."
        )
    try:
        with transaction.atomic():
            done = runs.undo(run, by=by)
            record("register taken back", run, by=by, put_back=done[0], removed=done[1])
    except runs.AlreadyDecided as reason:
        raise NotNow("This import has been taken back already.") from reason
    return done
