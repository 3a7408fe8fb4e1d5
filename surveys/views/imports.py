"""Answers from a file: choose it, look at what it would bring, bring it in."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from clusters.access import Permission
from clusters.actions import NotNow
from clusters.views.base import ObjectFormPage
from surveys import actions
from surveys.choices import Audience
from surveys.forms import AnswerFileForm, EmptyForm
from surveys.importing import AnswerFileRefused
from surveys.models import AnswerImport, Wave

SHOWN = 50


class AnswersChoose(ObjectFormPage):
    """Choose a file of answers for a pupil wave; nothing is saved."""

    permission = Permission.ANSWERS_IMPORT
    model = Wave
    form_class = AnswerFileForm
    template_name = "surveys/answers_choose.html"
    title = "Bring in answers from a file"
    button = "Read this file"

    def get_queryset(self):
        return super().get_queryset().filter(audience=Audience.PUPIL).select_related("cohort")

    def get_crumbs(self):
        return [("Surveys", reverse("wave-list")), (str(self.object), self.object.get_absolute_url())]

    def form_valid(self, form):
        file = form.cleaned_data["file"]
        try:
            made = actions.read_import(self.object, file=file.file, name=file.name, by=self.request.user)
        except AnswerFileRefused as refused:
            form.add_error("file", str(refused))
            return self.form_invalid(form)
        return HttpResponseRedirect(made.get_absolute_url())

    def get_context_data(self, **kwargs):
        imports = self.object.imports.filter(applied_at__isnull=False).select_related("made_by")
        return super().get_context_data(cancel=self.object.get_absolute_url(), imports=imports, **kwargs)


class AnswersCheck(ObjectFormPage):
    """What a file would bring, row by row where something is wrong; the button brings it in."""

    permission = Permission.ANSWERS_IMPORT
    model = AnswerImport
    form_class = EmptyForm
    template_name = "surveys/answers_check.html"
    success_message = "The answers are in."

    def get_queryset(self):
        # Not cut by place: only roles that hold for the whole programme may import answers.
        return AnswerImport.objects.select_related("wave__cohort", "made_by").defer("reading")

    def get_title(self):
        return "What was brought in" if self.object.applied_at else "Check before anything is saved"

    def get_crumbs(self):
        wave = self.object.wave
        return [("Surveys", reverse("wave-list")), (str(wave), wave.get_absolute_url())]

    def act(self, form):
        try:
            actions.apply_import(self.object, now=timezone.now(), by=self.request.user)
        except NotNow:
            # Sent twice: the answers came in by the first click, which is what this one asks for too.
            self.object.refresh_from_db(fields=["applied_at"])
            if self.object.applied_at is None:
                raise
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs):
        found = self.object
        return super().get_context_data(
            counts=found.counts,
            shown=found.rejected[:SHOWN],
            more=found.counts.get("rejected", 0) + found.counts.get("unreadable", 0) - len(found.rejected[:SHOWN]),
            **kwargs,
        )
