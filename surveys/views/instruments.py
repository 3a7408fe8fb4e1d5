"""Questionnaires, for staff and the evaluator to read: every version, its questions and how they are answered."""

from django.http import Http404
from django.urls import reverse

from clusters.access import Permission
from clusters.views.base import TextPage
from surveys.models import Instrument
from surveys.questionnaires import questionnaire


class InstrumentList(TextPage):
    """All questionnaires, with their versions."""

    permission = Permission.INSTRUMENT_VIEW
    template_name = "surveys/instrument_list.html"
    title = "Questionnaires"

    def get_context_data(self, **kwargs):
        return super().get_context_data(instruments=Instrument.objects.prefetch_related("versions__items"), **kwargs)


class InstrumentDetail(TextPage):
    """One version of a questionnaire, the latest unless ?version= names another."""

    permission = Permission.INSTRUMENT_VIEW
    template_name = "surveys/instrument_detail.html"

    def get_title(self):
        return self.version.instrument.title

    def get_crumbs(self):
        return [("Questionnaires", reverse("instrument-list"))]

    def get_context_data(self, **kwargs):
        versions = Instrument.objects.filter(key=self.kwargs["key"]).first()
        versions = list(versions.versions.select_related("instrument").order_by("-number")) if versions else []
        wanted = self.request.GET.get("version", str(versions[0].number) if versions else "")
        found = [version for version in versions if str(version.number) == wanted]
        if not found:
            raise Http404
        self.version = found[0]
        return super().get_context_data(
            version=self.version,
            versions=versions,
            asked=questionnaire(self.version),
            waves=self.version.waves.select_related("cohort"),
            **kwargs,
        )
