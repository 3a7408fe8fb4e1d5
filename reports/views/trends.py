"""Trends: the cohorts of a place side by side, from published reports alone, and its sessions year by year."""

import re
from dataclasses import dataclass

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify

from clusters.access import Permission
from clusters.models import Cluster, LocalAuthority
from clusters.views.base import Page, TextPage
from mentors.summaries import totals_by_year
from reports import tasks
from reports.choices import PlaceKind, ReportKind
from reports.forms import TrendForm
from reports.models import Report, Trend, TrendChart, TrendFile
from reports.presentation import comparators
from reports.presentation import trends as presented
from reports.selection import cohorts_at, trend_key, trend_reports
from reports.views.evaluation import CONTENT_TYPES
from reports.views.jobs import EVALUATION

TRENDS = ("Trends", "/evaluation/trends/")
PLACE_KEY = re.compile(r"(authority|cluster)-(\d{1,9})")
FIRST_MONTHS = {"session": 8, "financial_year": 4}
ASKED_AGAIN_AFTER = 60  # seconds


@dataclass(frozen=True)
class Place:
    """What a trend is of: one authority, one cluster, or all of the programme (neither)."""

    key: str
    authority: LocalAuthority | None = None
    cluster: Cluster | None = None

    def __str__(self):
        return str(self.cluster or self.authority or "All of the programme")

    @property
    def kicker(self):
        """The authority above a cluster."""
        return str(self.authority) if self.cluster else ""

    @property
    def filters(self):
        """The place as the summaries take it."""
        return {"cluster": self.cluster} if self.cluster else {"authority": self.authority} if self.authority else {}


class TrendIndex(TextPage):
    """The places whose trends a person may open: those with a published report."""

    permission = Permission.REPORT_VIEW
    template_name = "reports/trend_index.html"
    title = "Trends"
    crumbs = (EVALUATION,)

    def get_context_data(self, **kwargs):
        reports = self.rows(Report).filter(kind=ReportKind.EVALUATION).newest_published()
        counts = {}
        for report in reports.defer("results", "charts").select_related("authority", "cluster").order_by("place_key"):
            place = Place(report.place_key, report.authority, report.cluster)
            counts[place] = counts.get(place, 0) + 1
        order = {PlaceKind.COHORT.value: 0, PlaceKind.AUTHORITY.value: 1, PlaceKind.CLUSTER.value: 2}
        places = sorted(counts, key=lambda place: (order[place.key.split("-")[0]], str(place)))
        everywhere = self.request.access.everywhere(self.permission)
        if everywhere and not any(place.key == PlaceKind.COHORT for place in places):
            places.insert(0, Place(PlaceKind.COHORT.value))
        return super().get_context_data(places=[(place, counts.get(place, 0)) for place in places], **kwargs)


class PlacePage(Page):
    """A page about the trend of one place; a place outside the person's reach is a 404."""

    permission = Permission.REPORT_VIEW
    abstract = True

    def get_place(self):
        """The place that the address names."""
        key = self.kwargs["place_key"]
        if key == PlaceKind.COHORT:
            if not self.request.access.everywhere(self.permission):
                raise Http404
            return Place(key)
        match = PLACE_KEY.fullmatch(key)
        if match is None:
            raise Http404
        if match[1] == PlaceKind.AUTHORITY:
            return Place(key, get_object_or_404(self.rows(LocalAuthority), pk=match[2]))
        cluster = get_object_or_404(self.rows(Cluster).select_related("authority"), pk=match[2])
        return Place(key, cluster.authority, cluster)

    def current(self, place, reports):
        """The place's trend if it rests on exactly these reports, or None."""
        return Trend.objects.filter(place_key=place.key, key=trend_key(reports)).first()


class TrendPage(PlacePage, TextPage):
    """One chart of a place's trend with its table, what changed between the cohorts, and sessions year by year."""

    template_name = "reports/trend_detail.html"
    crumbs = (EVALUATION, TRENDS)

    def get(self, request, *args, **kwargs):
        self.place = self.get_place()
        return super().get(request, *args, **kwargs)

    def get_title(self):
        return f"Trends: {self.place}"

    def get_context_data(self, **kwargs):
        place = self.place
        reports = list(trend_reports(place.key).defer("results", "charts"))
        calendar = self.request.GET.get("years", "")
        calendar = calendar if calendar in presented.CALENDARS else "session"
        trend = self.current(place, reports) if len(reports) > 1 else None
        if len(reports) > 1 and trend is None and cache.add(f"trend-asked-{place.key}", True, ASKED_AGAIN_AFTER):
            tasks.draw_trend.delay(place_key=place.key)
        years, all_years = totals_by_year(FIRST_MONTHS[calendar], **place.filters)
        return super().get_context_data(
            place=place,
            reports=reports,
            unpublished=self.unpublished(reports),
            years=[*years, all_years] if years else [],
            calendar=calendar,
            waiting=len(reports) > 1 and trend is None,
            trend=trend,
            **self.shown(trend, calendar),
            **kwargs,
        )

    def shown(self, trend, calendar):
        """What the page shows of a trend: the chosen figure, what else may be chosen, change points and caveats."""
        results = trend.results.get(calendar) if trend else None
        choices = presented.choices(results) if results else []
        if not choices:
            return {"form": None, "figure": None}
        asked = self.request.GET.get("show", "")
        chosen = next((each for each in choices if each[0] == asked), choices[0])
        form = TrendForm({"years": calendar, "show": chosen[0]}, shown=choices)
        chart = TrendChart.objects.filter(trend=trend, calendar=calendar, choice=chosen[0]).first()
        return {
            "form": form,
            "figure": presented.figure(results, chosen, chart.chart if chart else None),
            "changes": presented.changes(results),
            "beside": [comparators.sentence(figure) for figure in comparators.of_question(chosen[0].partition(".")[2])],
            "caveats": results["caveats"],
        }

    def unpublished(self, reports):
        """The cohorts of the place without a published report, each with its newest report where the person may read drafts."""
        without = cohorts_at(**self.place.filters).exclude(pk__in=[report.cohort_id for report in reports])
        drafts = {}
        if self.request.access.everywhere(self.permission):
            found = Report.objects.filter(kind=ReportKind.EVALUATION, place_key=self.place.key, cohort__in=without)
            for report in found.defer("results", "charts").order_by("version"):
                drafts[report.cohort_id] = report
        return [(cohort, drafts.get(cohort.pk)) for cohort in without]


class TrendDownload(PlacePage, TextPage):
    """Every figure of a place's trend as one file, as the worker made it: a workbook to read, or rows for a program."""

    def get(self, request, *args, **kwargs):
        place = self.get_place()
        trend = self.current(place, list(trend_reports(place.key).defer("results", "charts")))
        calendar, name = request.GET.get("years") or "session", kwargs["name"]
        content = get_object_or_404(TrendFile, trend=trend, calendar=calendar, name=name).content
        response = HttpResponse(bytes(content), content_type=CONTENT_TYPES[name])
        file = f"trends-{slugify(str(place))}-{slugify(calendar)}.{name}"
        response["Content-Disposition"] = f'attachment; filename="{file}"'
        return response
