"""Which reports a person may see: by place as every row, and by state."""

from django.db.models import Exists, F, OuterRef

from clusters.querysets import ScopedQuerySet
from reports.choices import ReportState, RunStatus
from surveys.models import Quote


class ReportQuerySet(ScopedQuerySet):
    """Reports. National roles see drafts and what was withdrawn; everybody else sees what is published."""

    def allowed_to(self, access, permission):
        """The reports that this access reaches for this permission."""
        found = super().allowed_to(access, permission)
        return found if access.everywhere(permission) else found.published()

    def published(self):
        """The reports that have gone out."""
        return self.filter(state=ReportState.PUBLISHED)

    def newest_published(self):
        """Of each cohort and place the newest report that is published: a draft after it changes nothing, one withdrawn is none."""
        newer = self.model.objects.published().filter(
            kind=OuterRef("kind"),
            cohort=OuterRef("cohort"),
            place_key=OuterRef("place_key"),
            version__gt=OuterRef("version"),
        )
        return self.published().filter(~Exists(newer))

    def marked(self, among):
        """These reports, each with `superseded`: whether a newer version of it is among the reports of another query."""
        newer = among.filter(
            kind=OuterRef("kind"),
            cohort=OuterRef("cohort"),
            place_key=OuterRef("place_key"),
            version__gt=OuterRef("version"),
        )
        return self.annotate(superseded=Exists(newer))


class KeyFindingsQuerySet(ScopedQuerySet):
    """Key findings. Outside SSERC and the evaluator they are there once they and their report are published."""

    def allowed_to(self, access, permission):
        """The key findings that this access reaches for this permission."""
        found = super().allowed_to(access, permission)
        if access.everywhere(permission):
            return found
        return found.filter(state=ReportState.PUBLISHED, report__state=ReportState.PUBLISHED)


class SchoolSheetQuerySet(ScopedQuerySet):
    """School sheets. Nobody sees one before all of its set are made; outside SSERC it is there while its set is published."""

    def allowed_to(self, access, permission):
        """The sheets that this access reaches for this permission."""
        found = super().allowed_to(access, permission).filter(sheet_set__run__status=RunStatus.READY)
        return found if access.everywhere(permission) else found.filter(sheet_set__state=ReportState.PUBLISHED)

    def newest_first(self):
        """The sheet of the newest set first."""
        return self.order_by("-sheet_set__made_at", "-pk")


class QuoteUseQuerySet(ScopedQuerySet):
    """Quotes on pages of key findings."""

    def shown(self):
        """Those that a page may show at this moment: consent stands, and the words are those that were approved."""
        return self.filter(quote__in=Quote.objects.usable(), words=F("quote__text"))
