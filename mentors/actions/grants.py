"""What can be done to grants, step by step. Every action takes `by`, the person who does it, and `on`, the day on which.

Each step locks the school's grant and looks at what has happened before. The same step with the same facts again changes nothing;
with other facts it raises NotNow, so that nobody overwrites what a colleague has just decided. `seen` is the grant's `fingerprint`
when the person looked at it, None for whoever has just read it: a step on what nobody saw raises ChangedMeanwhile.
"""

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from clusters.actions import NotNow
from clusters.audit import record
from clusters.choices import GrantState, Topic
from clusters.models import GrantScheme, SchoolGrant
from mentors.grants import eligible, fit_of
from mentors.wording import day
from pcp.templatetags.ui import pounds

# An application for more than this many times the usual amount is a slip of the pen.
MOST_OF_USUAL = 2


class WrongPart(NotNow):
    """A step that may not be taken so; `field` is the part that is wrong."""

    def __init__(self, reason, field):
        super().__init__(reason)
        self.field = field


class ChangedMeanwhile(NotNow):
    """The grant says something else by now than what the person had seen."""

    def __init__(self):
        super().__init__("This has changed since you opened the page. Look at it again.")


@transaction.atomic
def make_scheme(*, funder, cohort, amount, report_due_on, report_weeks, by):
    """Set up what a funder gives to the schools of a cohort. Returns the scheme; raises NotNow when it is there already."""
    scheme = GrantScheme(funder=funder, cohort=cohort)
    return _save_scheme(scheme, "grant scheme made", by, funder, amount, report_due_on, report_weeks)


@transaction.atomic
def change_scheme(scheme, *, funder, amount, report_due_on, report_weeks, by, cohort=None):
    """Change a scheme, and its cohort while no school has been invited. Schools that are paid keep the day they were told."""
    held = GrantScheme.objects.select_for_update().get(pk=scheme.pk)
    if cohort is not None and cohort.pk != held.cohort_id:
        if held.grants.exists():
            raise NotNow("Schools have been invited, so the scheme stays with its cohort.")
        held.cohort = cohort
    return _save_scheme(held, "grant scheme changed", by, funder, amount, report_due_on, report_weeks)


def _save_scheme(scheme, event, by, funder, amount, report_due_on, report_weeks):
    others = GrantScheme.objects.filter(funder__iexact=funder, cohort=scheme.cohort_id).exclude(pk=scheme.pk)
    if others.exists():
        raise NotNow(f"{scheme.cohort} has a scheme of {funder} already. Change that one.")
    scheme.funder, scheme.amount = funder, amount
    scheme.report_due_on, scheme.report_weeks = report_due_on, report_weeks
    scheme._history_user = by
    scheme.save()
    record(event, scheme, by=by)
    return scheme


@transaction.atomic
def invite_schools(scheme, *, by, on, cluster=None):
    """Invite every eligible school of the scheme, or of one cluster in it. Returns how many; those invited before are left alone."""
    scheme = GrantScheme.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=scheme.pk)
    members = {member.school_id: member for member in eligible(scheme, on, cluster=cluster)}
    grants = [
        SchoolGrant(scheme=scheme, school=member.school, cluster=member.cluster, invited_on=on)
        for member in members.values()
    ]
    if grants:
        bulk_create_with_history(grants, SchoolGrant, batch_size=500, default_user=by)
        where = {"cluster": cluster.pk} if cluster is not None else {}
        record("schools invited to apply", scheme, by=by, schools=len(grants), **where)
    return len(grants)


@transaction.atomic
def apply_for(grant, *, asked, purpose, topics, by, on, seen=None):
    """Write down a school's application; until somebody decides it may be corrected. Returns the grant."""
    held = _locked(grant)
    topics = [topic.value for topic in Topic if topic.value in topics]
    facts = {"asked": asked, "purpose": purpose, "topics": topics}
    if _says(held, facts) and held.applied_on:
        return held
    if held.decided_on:
        raise NotNow(f"SSERC decided on {day(held.decided_on)}, so the application can no longer be changed.")
    _check_seen(held, seen)
    usual = held.scheme.amount
    if asked > MOST_OF_USUAL * usual:
        raise WrongPart(
            f"{held.scheme.funder} usually gives {pounds(usual)} a school. Ask for at most {pounds(MOST_OF_USUAL * usual)}.",
            "asked",
        )
    first = held.applied_on is None
    facts |= {"applied_on": on, "applied_by": by} if first else {}
    return _write(held, "grant applied for" if first else "application changed", by=by, amount=asked, **facts)


@transaction.atomic
def award(grant, *, awarded, confirmed, match_reason, by, on, seen=None):
    """Award a grant that was applied for, once `by` has confirmed that its purpose complements the sessions of the cluster.

    Where the application names no topic that a session was about, `match_reason` says why all the same. SSERC may award less than
    was asked for, never more. Raises NotNow, and WrongPart for "awarded", "confirmed" or "match_reason". Returns the grant.
    """
    held = _locked(grant)
    if held.awarded == awarded and (confirmed if held.matched_topics else held.match_reason == match_reason):
        return held
    _check_undecided(held)
    _check_seen(held, seen)
    if awarded > held.asked:
        raise WrongPart(f"The school asked for {pounds(held.asked)}. Award that or less.", "awarded")
    matched = fit_of(held).matched
    if matched and not confirmed:
        raise WrongPart("Confirm it, or do not award the grant.", "confirmed")
    if not matched and not match_reason:
        raise WrongPart(
            "No session was about a topic of this application. Say why it complements them all the same.",
            "match_reason",
        )
    facts = {
        "decided_on": on,
        "decided_by": by,
        "awarded": awarded,
        "matched_topics": matched,
        "match_reason": "" if matched else match_reason,
    }
    return _write(held, "grant awarded", by=by, amount=awarded, matched=len(matched), **facts)


@transaction.atomic
def decline(grant, *, decline_reason, by, on, seen=None):
    """Decide that a school does not get the grant it applied for; the reason is shown to its headteacher. Returns the grant."""
    held = _locked(grant)
    if held.decided_on and held.awarded is None and held.decline_reason == decline_reason:
        return held
    _check_undecided(held)
    _check_seen(held, seen)
    return _write(held, "grant not awarded", by=by, decided_on=on, decided_by=by, decline_reason=decline_reason)


def _check_undecided(grant):
    if grant.applied_on is None:
        raise NotNow(f"{grant.school} has not applied yet.")
    if grant.awarded is not None:
        raise NotNow(f"It was awarded {pounds(grant.awarded)} on {day(grant.decided_on)}. Take that back first.")
    if grant.decided_on:
        raise NotNow(f"It was decided on {day(grant.decided_on)} not to award it. Take that back first.")


@transaction.atomic
def pay(grant, *, paid, paid_on, by, on, seen=None):
    """Write down that an awarded grant was paid, all or part of it; from that day the report becomes due. Returns the grant."""
    held = _locked(grant)
    if (held.paid, held.paid_on) == (paid, paid_on):
        return held
    if held.awarded is None:
        raise NotNow("It has not been awarded, so nothing can be paid.")
    if held.paid_on:
        raise NotNow(f"{pounds(held.paid)} was paid on {day(held.paid_on)}. Take that back first.")
    _check_seen(held, seen)
    if paid > held.awarded:
        raise WrongPart(f"{pounds(held.awarded)} was awarded, so no more than that can be paid.", "paid")
    if not held.decided_on <= paid_on <= on:
        raise WrongPart(
            f"It was awarded on {day(held.decided_on)}. Choose that day or a later one, up to today.", "paid_on"
        )
    due = held.scheme.due_from(paid_on)
    if due < paid_on:
        raise NotNow(
            f"The scheme’s reports were due on {day(due)}. Choose the day of the payment or a later one there first."
        )
    return _write(held, "grant paid", by=by, amount=paid, paid=paid, paid_on=paid_on, report_due_on=due)


@transaction.atomic
def change_due_day(grant, *, report_due_on, by, seen=None):
    """Give a school more time for its report, or less. Returns the grant."""
    held = _locked(grant)
    if held.report_due_on == report_due_on:
        return held
    if held.paid_on is None:
        raise NotNow("It has not been paid, so no report is due.")
    if held.reported_on:
        raise NotNow(f"The report was handed in on {day(held.reported_on)}.")
    _check_seen(held, seen)
    if report_due_on < held.paid_on:
        raise WrongPart(f"It was paid on {day(held.paid_on)}. Choose that day or a later one.", "report_due_on")
    return _write(held, "report day changed", by=by, until=report_due_on.isoformat(), report_due_on=report_due_on)


@transaction.atomic
def write_down_spending(grant, *, spent, bought, used, by, on, seen=None):
    """Write down what was bought and how it is used; until the report is handed in it may be corrected. Returns the grant."""
    held = _locked(grant)
    facts = {"spent": spent, "bought": bought, "used": used}
    if _says(held, facts) and held.spent_on:
        return held
    if held.paid_on is None:
        raise NotNow("It has not been paid, so nothing can be spent.")
    if held.reported_on:
        raise NotNow(f"The report was handed in on {day(held.reported_on)}. SSERC can open it again.")
    _check_seen(held, seen)
    if spent > held.paid:
        raise WrongPart(f"{pounds(held.paid)} was paid. Give only what was spent of that.", "spent")
    first = held.spent_on is None
    facts |= {"spent_on": on} if first else {}
    return _write(held, "grant spent" if first else "spending changed", by=by, amount=spent, **facts)


@transaction.atomic
def hand_in_report(grant, *, by, on, seen=None):
    """Hand in what was written down as the school's report. A second click changes nothing. Returns the grant."""
    held = _locked(grant)
    if held.reported_on:
        return held
    if held.spent_on is None:
        raise NotNow("Say first what was bought and how it is used.")
    _check_seen(held, seen)
    return _write(held, "grant report handed in", by=by, reported_on=on)


_NOTHING = {
    GrantState.REPORTED: {"reported_on": None},
    GrantState.SPENT: {"spent_on": None, "spent": None, "bought": "", "used": ""},
    GrantState.PAID: {"paid_on": None, "paid": None, "report_due_on": None},
    GrantState.AWARDED: {
        "decided_on": None,
        "decided_by": None,
        "awarded": None,
        "matched_topics": [],
        "match_reason": "",
    },
    GrantState.DECLINED: {"decided_on": None, "decided_by": None, "decline_reason": ""},
    GrantState.APPLIED: {"applied_on": None, "applied_by": None, "asked": None, "purpose": "", "topics": []},
}


@transaction.atomic
def take_back(grant, *, step, by, seen=None):
    """Take back the latest step of a grant, which the person saw as `step` (a GrantState); what it said stays in the history.

    Taking back the invitation removes the row. A second click takes back no second step. Returns the grant, or None once it is
    removed. Raises NotNow when another step has happened since, and when the same step says something else by now.
    """
    held = _locked(grant, missing_ok=True)
    if held is None:
        return None
    order = list(_NOTHING) + [GrantState.INVITED]
    if held.last_step != step:
        if order.index(held.last_step) > order.index(step):
            return held
        raise NotNow(
            f"This grant has come further since: {GrantState(held.last_step).label.lower()}. Look at it again."
        )
    _check_seen(held, seen)
    if step != GrantState.INVITED:
        return _write(held, f"grant step taken back: {step}", by=by, **_NOTHING[step])
    record("grant invitation taken back", held, by=by)
    held._history_user = by
    held.delete()
    return None


def _locked(grant, missing_ok=False):
    """The grant as it stands now, locked until the transaction ends. Only its own row: a lock reaches over no outer join."""
    rows = SchoolGrant.objects.select_for_update(of=("self",)).select_related("scheme__cohort", "school")
    held = rows.filter(pk=grant.pk).first()
    if held is None and not missing_ok:
        raise NotNow("The invitation has been taken back, so this grant is no longer there.")
    return held


def _check_seen(grant, seen):
    if seen is not None and seen != grant.fingerprint:
        raise ChangedMeanwhile


def _says(grant, facts):
    return all(getattr(grant, name) == value for name, value in facts.items())


def _write(grant, event, *, by, amount=None, matched=None, until=None, **facts):
    """Save these facts with the person in the history, and the verb as a named event with numbers and days only."""
    for name, value in facts.items():
        setattr(grant, name, value)
    grant._history_user = by
    grant.save()
    detail = {"amount": amount, "matched": matched, "until": until}
    record(event, grant, by=by, **{name: value for name, value in detail.items() if value is not None})
    return grant
