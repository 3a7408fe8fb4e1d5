"""The search field in the header: schools, clusters and people, only those that the person may see."""

from clusters.access import Permission
from clusters.models import Cluster, Person, School
from clusters.views.base import TextPage

_EACH = 10


class Search(TextPage):
    """What matches every word, in groups."""

    permission = Permission.HOME_VIEW
    template_name = "clusters/search.html"
    title = "Search"

    def get_context_data(self, **kwargs):
        # PostgreSQL takes no NUL in a text; nobody types one on purpose.
        words = " ".join(self.request.GET.get("q", "").replace("\x00", " ").split())[:100]
        groups = self.found(words) if words else []
        return super().get_context_data(
            search_words=words, groups=groups, total=sum(group["count"] for group in groups), **kwargs
        )

    def found(self, words):
        """The groups with matches: [{"title", "rows", "count", "all"}]; each asks its own permission."""
        groups = []
        if self.request.access.may(Permission.SCHOOL_VIEW):
            schools = (
                self.rows(School, Permission.SCHOOL_VIEW).matching(words).select_related("authority").defer("facts")
            )
            groups.append(("Schools", "school-list", schools))
        if self.request.access.may(Permission.CLUSTER_VIEW):
            clusters = self.rows(Cluster, Permission.CLUSTER_VIEW).matching(words).select_related("authority")
            groups.append(("Clusters", "cluster-list", clusters))
        if self.request.access.may(Permission.PERSON_VIEW):
            groups.append(("People", "person-list", Person.objects.matching(words)))
        counted = (
            {"title": title, "list": name, "rows": rows[:_EACH], "count": rows.count()} for title, name, rows in groups
        )
        return [group for group in counted if group["count"]]
