"""The school register: read an official list, look at what it would change, apply it, take it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.views.generic import View
from django.views.generic.detail import SingleObjectMixin

from clusters import actions
from clusters.access import Permission
from clusters.choices import ReadingState
from clusters.forms.register import RegisterUploadForm
from clusters.importing import runs, uploads
from clusters.models import ClusterMembership, RegisterImport
from clusters.registers.readings import Kind
from clusters.views.base import ConfirmPage, DetailPage, FormPage, ListPage, Page
from pcp.forms import NothingToFillIn

SETUP = ("Set-up", reverse_lazy("setup"))
CRUMBS = (SETUP, ("School register", reverse_lazy("register-list")))
PER_PAGE = 25
# A register is public and national: everybody with the permission sees every import.
EVERY_IMPORT = RegisterImport.objects.select_related("made_by", "applied_by")


class RegisterList(ListPage):
    """The imports so far, newest first."""

    permission = Permission.REGISTER_IMPORT
    model = RegisterImport
    template_name = "clusters/register_list.html"
    title = "School register"
    crumbs = (SETUP,)

    def get_queryset(self):
        """Every import."""
        return EVERY_IMPORT.all()


class RegisterUpload(FormPage):
    """Choose a file; it is looked at at once and read in the background. Nothing is saved but the preview."""

    permission = Permission.REGISTER_IMPORT
    form_class = RegisterUploadForm
    template_name = "clusters/register_upload.html"
    title = "Read an official school list"
    button = "Read the list"
    crumbs = CRUMBS

    def act(self, form):
        """Hand the file to the worker."""
        file = form.cleaned_data["file"]
        file.seek(0)
        return actions.read_register(
            file.read(), file_name=file.name, edition=form.edition, said_on=form.said_on, by=self.request.user
        ).get_absolute_url()


class RegisterDetail(DetailPage):
    """What a list would change, or has changed: safe to reload, nothing happens here.

    While the list is being read, the progress part replaces itself each second.
    """

    permission = Permission.REGISTER_IMPORT
    model = RegisterImport
    template_name = "clusters/register_import.html"
    crumbs = CRUMBS

    def get_queryset(self):
        """Every import."""
        return EVERY_IMPORT.all()

    def get_template_names(self):
        return ["clusters/parts/register_reading.html"] if self.request.htmx else [self.template_name]

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs)
        if self.request.htmx and self.object.state != ReadingState.READING:
            response["HX-Redirect"] = self.object.get_absolute_url()
        return response

    def get_title(self):
        """Where the import stands."""
        if self.object.state == ReadingState.READING:
            return "Reading the list"
        if self.object.state == ReadingState.REFUSED:
            return "This list could not be used"
        if self.object.undone_at:
            return "This import was taken back"
        return "This list has been applied" if self.object.applied_at else "Check before anything is saved"

    def get_context_data(self, **kwargs):
        run = self.object
        if run.state != ReadingState.READ:
            now = timezone.now()
            late = run.heartbeat_at is None and run.made_at < now - uploads.STOPPED_AFTER
            return super().get_context_data(run=run, stopped=uploads.has_stopped(run, now), late=late, **kwargs)
        query = self.request.GET.copy()
        query.pop("page", None)
        words = " ".join(self.request.GET.get("q", "").split())[:100]
        rows = [
            row for row in run.preview[self.shown] if words.lower() in f"{row['school']} {row.get('key', '')}".lower()
        ]
        return super().get_context_data(
            run=run,
            kind=Kind(run.kind).title,
            edition=run.edition.partition(", ")[2],
            tiles=_tiles(run.counts, applied=bool(run.applied_at)),
            choices=self.choices,
            shown=self.shown,
            words=words,
            page_obj=Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page")),
            query_string=query.urlencode(),
            button=_button(run),
            undoable=runs.can_be_undone(run, timezone.localdate()),
            still_in=self.still_in(),
            **kwargs,
        )

    def still_in(self):
        """Today's memberships of the schools that this list calls closed or mothballed."""
        shut = set(self.object.preview.get("shut", []))
        if not shut:
            return []
        held = ClusterMembership.objects.current(timezone.localdate()).select_related("school", "cluster")
        return [membership for membership in held if membership.school.key in shut]

    @cached_property
    def choices(self):
        """The tables that have rows: (word in the address, label with count)."""
        preview = self.object.preview
        labels = {
            "changed": "Facts that change",
            "new": "New schools",
            "missing": "Not in this list",
            "problems": "Cannot be read",
        }
        return [(name, f"{label} ({len(preview[name]):,})") for name, label in labels.items() if preview[name]]

    @property
    def shown(self):
        """The table asked for, else the first that has rows."""
        asked = self.request.GET.get("show")
        names = [name for name, _ in self.choices]
        return asked if asked in names else (names or ["changed"])[0]


class RegisterApply(Page, SingleObjectMixin, View):
    """The one step that saves: all of it or nothing."""

    permission = Permission.REGISTER_IMPORT
    http_method_names = ["post"]

    def get_queryset(self):
        """Every import."""
        return EVERY_IMPORT.all()

    def post(self, request, *args, **kwargs):
        """Apply, and say what was done or why not."""
        run = self.get_object()
        try:
            actions.apply_register(run, by=request.user)
            until = date_format(run.undo_until)
            messages.success(request, f"Applied: {_what(run.counts)}. You can take it back until {until}.")
        except actions.NotNow as reason:
            messages.warning(request, str(reason))
        return HttpResponseRedirect(run.get_absolute_url())


class RegisterUndo(ConfirmPage):
    """Asks before an applied list is taken back."""

    permission = Permission.REGISTER_IMPORT
    model = RegisterImport
    form_class = NothingToFillIn
    title = "Take this import back"
    button = "Take it back"
    danger = True
    crumbs = CRUMBS

    def get_queryset(self):
        """Every import that was read."""
        return EVERY_IMPORT.filter(state=ReadingState.READ)

    def get_consequence(self):
        """What goes back and what stays."""
        return (
            f"{self.object.edition}: the {self.object.counts['changed']:,} changed schools get back the facts that they had, "
            f"and the {self.object.counts['new']:,} added schools are removed. A school that a cluster or a class already "
            "refers to stays, marked as not in the latest list."
        )

    def get_context_data(self, **kwargs):
        return super().get_context_data(cancel=self.object.get_absolute_url(), **kwargs)

    def act(self, form):
        """Take it back and say what was done."""
        back, removed = actions.undo_register(self.object, on=timezone.localdate(), by=self.request.user)
        messages.success(self.request, f"Taken back: {back:,} schools as they were, {removed:,} removed.")
        return reverse("register-import", args=[self.object.pk])


def _tiles(counts, applied):
    """Label, figure and base line of each summary tile."""
    rows, records = counts["rows"], counts["records"]
    base = f"of which {counts['primary']:,} are primary schools"
    if records + counts["unreadable"] > rows:
        base = f"{records:,} schools by sector, {counts['primary']:,} of them primary"
    unreadable = "left out; reasons below" if counts["unreadable"] else "every row was read"
    if counts["doubtful"]:
        unreadable = f"rows, and {counts['doubtful']:,} other places; reasons below"
    return [
        ("Rows read", f"{rows:,}", base),
        ("New schools", f"{counts['new']:,}", "were added" if applied else "will be added"),
        ("Changed", f"{counts['changed']:,}", f"schools, {counts['facts']:,} facts; old and new are below"),
        ("The same", f"{counts['same']:,}", "nothing to do"),
        ("Not in this list", f"{counts['missing']:,}", "kept and marked; never deleted"),
        ("Cannot be read", f"{counts['unreadable']:,}", unreadable),
    ]


def _what(counts):
    """What applying does, in words: "11 new and 37 changed"."""
    parts = [f"{counts[name]:,} {name}" for name in ("new", "changed") if counts[name]]
    if counts["newly_missing"]:
        parts.append(f"{counts['newly_missing']:,} marked as not in the list")
    if not parts:
        return f"{counts['confirmed']:,} schools confirmed, no fact changed"
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _button(run):
    """The words of the one main button, or "" when there is nothing to apply."""
    if run.applied_at or run.preview["nothing_to_do"]:
        return ""
    counts = run.counts
    if counts["new"] or counts["changed"] or counts["newly_missing"]:
        return f"Apply {_what(counts)}"
    return f"Confirm {counts['confirmed']:,} schools"
