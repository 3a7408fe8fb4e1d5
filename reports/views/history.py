"""The record of changes: what happened lately, and every version of one row with who, when, old and new."""

import datetime

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BinaryField, JSONField
from django.http import Http404
from django.utils.dateformat import format as format_day

from clusters.access import Permission
from clusters.models import NamedEvent
from clusters.views.base import ListPage, TextPage
from pcp.templatetags.ui import moment, pounds

OURS = ("clusters", "mentors", "surveys", "reports")
_KINDS = {"+": "Made", "~": "Changed", "-": "Removed"}
_AT_MOST = 100
_LONGEST = 160
_MONEY = ", in pence"  # how the label of a field with money ends


def models_with_history():
    """{name in the address: model} of every model that keeps its versions."""
    return {
        model._meta.model_name: model
        for model in apps.get_models()
        if model._meta.app_label in OURS and hasattr(model._meta, "simple_history_manager_attribute")
    }


def names_of(events):
    """{(model, id): its name} of what these events are about, with one query for each model; what is gone has none."""
    wanted = {}
    for event in events:
        wanted.setdefault(event.target_type, set()).add(event.target_id)
    found, models = {}, {model._meta.label_lower: model for model in apps.get_models()}
    for label, ids in wanted.items():
        model = models[label]
        related = [field.name for field in model._meta.concrete_fields if field.many_to_one]
        heavy = [field.name for field in model._meta.concrete_fields if isinstance(field, (JSONField, BinaryField))]
        rows = model._default_manager.select_related(*related).defer(*heavy).filter(pk__in=ids)
        found |= {(label, str(row.pk)): str(row) for row in rows}
    return found


class EventList(ListPage):
    """The verbs that mattered, newest first."""

    permission = Permission.HISTORY_VIEW
    model = NamedEvent
    template_name = "reports/event_list.html"
    title = "What happened"
    crumbs = (("Set-up", "/setup/"),)

    def rows(self, model, permission=None):
        """All events: only national roles hold HISTORY_VIEW."""
        return NamedEvent.objects.select_related("by")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        kept = models_with_history()
        words = {model._meta.label_lower: model._meta.verbose_name for model in apps.get_models()}
        named = names_of(context["object_list"])
        for event in context["object_list"]:
            event.name = named.get((event.target_type, event.target_id), event.target_id)
            event.model_name = event.target_type.split(".")[-1]
            event.has_history = event.model_name in kept
            event.thing = words.get(event.target_type, event.target_type)
        return context


class HistoryDetail(TextPage):
    """Every version of one row, newest first; a removed row keeps its history."""

    permission = Permission.HISTORY_VIEW
    template_name = "reports/history_detail.html"
    crumbs = (("Set-up", "/setup/"), ("What happened", "/history/"))

    def get_context_data(self, **kwargs):
        model = models_with_history().get(self.kwargs["model"])
        if model is None:
            raise Http404
        versions = list(
            model.history.filter(**{model._meta.pk.attname: self.kwargs["pk"]})
            .select_related("history_user")
            .order_by("-history_date", "-history_id")[: _AT_MOST + 1]
        )
        if not versions:
            raise Http404
        earlier = [*versions[1:], None]
        target = {"target_type": model._meta.label_lower, "target_id": str(self.kwargs["pk"])}
        self.title = f"{model._meta.verbose_name[0].upper()}{model._meta.verbose_name[1:]}: {_name(versions[0])}"
        return super().get_context_data(
            versions=[
                {
                    "at": version.history_date,
                    "by": version.history_user,
                    "what": _KINDS[version.history_type],
                    "reason": version.history_change_reason,
                    "changes": list(_changes(version, before)),
                }
                for version, before in list(zip(versions, earlier, strict=True))[:_AT_MOST]
            ],
            more=len(versions) > _AT_MOST,
            events=NamedEvent.objects.filter(**target).select_related("by")[:_AT_MOST],
            **kwargs,
        )


def _name(version):
    try:
        return str(version.instance)
    except Exception:  # noqa: BLE001  a name made from rows that are gone
        return f"number {version.id}"


def _changes(version, before):
    """The fields that differ from the version before: {"field", "old", "new"}; for the first version, what it held."""
    if before is not None:
        for change in version.diff_against(before, foreign_keys_are_objs=True).changes:
            yield from _in_words(version, change.field, change.old, change.new)
    elif version.history_type == "+":
        for field in version.tracked_fields:
            value = getattr(version, field.attname)
            if not field.primary_key and not field.is_relation and value not in (None, "", {}, []):
                yield from _in_words(version, field.name, None, value)


def _in_words(version, name, old, new):
    try:
        field = version.instance_type._meta.get_field(name)
        label, choices = str(getattr(field, "verbose_name", name)), dict(getattr(field, "flatchoices", ()))
    except FieldDoesNotExist:
        label, choices = name, {}
    if label.endswith(_MONEY):
        label, old, new = label.removesuffix(_MONEY), pounds(old), pounds(new)
    if named := getattr(version.instance_type, "list_choices", {}).get(name):
        choices = dict(named.choices)
    if isinstance(old, dict) or isinstance(new, dict):
        old, new = old or {}, new or {}
        for key in sorted(old.keys() | new.keys(), key=str):
            if old.get(key) != new.get(key):
                yield {"field": f"{label}, {key}", "old": _words(old.get(key), {}), "new": _words(new.get(key), {})}
        return
    yield {"field": label[0].upper() + label[1:], "old": _words(old, choices), "new": _words(new, choices)}


def _words(value, choices):
    nobody = getattr(value, "pk", "") is None  # how simple-history gives a relation that was empty
    if nobody or value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime.datetime):
        return moment(value)
    if isinstance(value, datetime.date):
        return format_day(value, "j F Y")
    if isinstance(value, list):
        value = ", ".join(str(choices.get(each, each) if isinstance(each, str) else each) for each in value)
    words = str(choices.get(value, value) if isinstance(value, str | int) else value)
    return words if len(words) <= _LONGEST else words[:_LONGEST] + "…"
