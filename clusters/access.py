"""Who may do what, and which rows they may see: the whole policy on one page.

Two questions are answered here. *May this person do this kind of thing?* is `ROLE_PERMISSIONS`. *Which rows?* is `Access.rows`.
Rows are always asked for one permission, so rights held at different places are never pooled: a headteacher of one school who
teaches at another gets a headteacher's rights only at the first.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from django.db.models import Q

from clusters.choices import Role


class Permission(StrEnum):
    """One kind of thing that a person may do, as NOUN_VERB."""

    HOME_VIEW = auto()
    PROGRAMME_VIEW = auto()  # the programme's dashboard and calendar
    AUTHORITY_VIEW = auto()
    CLUSTER_VIEW = auto()
    CLUSTER_EDIT = auto()
    SCHOOL_VIEW = auto()
    REGISTER_IMPORT = auto()
    PERSON_VIEW = auto()
    PERSON_INVITE = auto()
    NATIONAL_GRANT = auto()  # giving and ending SSERC's and the evaluator's roles
    COHORT_EDIT = auto()
    HISTORY_VIEW = auto()
    GRANT_VIEW = auto()  # which schools of a cluster have a grant
    GRANT_READ = auto()  # a grant itself: application, decision, payment, what was bought
    GRANT_APPLY = auto()  # applying for the own school and saying what was spent
    GRANT_MANAGE = auto()
    SESSION_VIEW = auto()
    SESSION_LOG = auto()
    INSTRUMENT_VIEW = auto()
    WAVE_VIEW = auto()
    WAVE_MANAGE = auto()
    CLASS_VIEW = auto()
    CLASS_EDIT = auto()
    ANSWERS_IMPORT = auto()
    SURVEY_ASK = auto()  # reminding those who have not answered
    SURVEY_ANSWER = auto()  # answering what oneself is asked: about one's own school, or one's own work
    SCHOOL_LINK_SHARE = auto()  # the link of a school by which its teachers answer
    PLAN_VIEW = auto()
    PLAN_FIX = auto()
    REPORT_VIEW = auto()
    REPORT_REQUEST = auto()
    REPORT_PUBLISH = auto()
    PACK_VIEW = auto()
    SHEET_VIEW = auto()  # the sheet of a school: its headteacher and SSERC, nobody else
    PICTURE_VIEW = auto()  # the picture sheet for the wall
    SHEET_MANAGE = auto()
    EXPORT_VIEW = auto()  # which de-identified data there are, and who took them
    EXPORT_TAKE = auto()
    QUOTE_VIEW = auto()  # what adults said, with the consent that they gave
    QUOTE_MANAGE = auto()


_P = Permission
_ADMIN = frozenset(_P) - {_P.SURVEY_ANSWER}
_QIO = {
    _P.AUTHORITY_VIEW,
    _P.CLUSTER_VIEW,
    _P.SCHOOL_VIEW,
    _P.GRANT_VIEW,
    _P.GRANT_READ,
    _P.SESSION_VIEW,
    _P.WAVE_VIEW,
    _P.REPORT_VIEW,
    _P.PACK_VIEW,
}
ROLE_PERMISSIONS = {
    Role.ADMIN: _ADMIN,
    # Staff see that data were taken, by whom and why, but do not take them: they know the schools and the people in them, so that
    # a row without a name may have one for them, and nothing in their work needs single sheets. An administrator may, for the day
    # when the evaluator cannot; the log names who it was.
    # For the same reason they give nobody a national role, themselves least of all.
    Role.STAFF: _ADMIN - {_P.EXPORT_TAKE, _P.NATIONAL_GRANT},
    Role.QIO: frozenset(_QIO) | {_P.HOME_VIEW},
    Role.HEAD: frozenset(
        {
            _P.HOME_VIEW,
            _P.SCHOOL_VIEW,
            _P.GRANT_READ,
            _P.GRANT_APPLY,
            _P.WAVE_VIEW,
            _P.SURVEY_ANSWER,
            _P.SCHOOL_LINK_SHARE,
            _P.CLASS_VIEW,
            _P.CLASS_EDIT,
            _P.SHEET_VIEW,
            _P.PICTURE_VIEW,
        }
    ),
    Role.TEACHER: frozenset(
        {_P.HOME_VIEW, _P.SCHOOL_VIEW, _P.CLASS_VIEW, _P.CLASS_EDIT, _P.PICTURE_VIEW, _P.SURVEY_ANSWER}
    ),
    Role.MENTOR: frozenset(
        {
            _P.HOME_VIEW,
            _P.CLUSTER_VIEW,
            _P.SCHOOL_VIEW,
            _P.GRANT_VIEW,
            _P.SESSION_VIEW,
            _P.SESSION_LOG,
            _P.PACK_VIEW,
            _P.SURVEY_ANSWER,
            _P.SCHOOL_LINK_SHARE,
        }
    ),
    Role.EVALUATOR: frozenset(
        {
            _P.HOME_VIEW,
            _P.INSTRUMENT_VIEW,
            _P.PLAN_VIEW,
            _P.PLAN_FIX,
            _P.REPORT_VIEW,
            _P.REPORT_REQUEST,
            _P.EXPORT_VIEW,
            _P.EXPORT_TAKE,
            _P.QUOTE_VIEW,
        }
    ),
}
NATIONAL_ROLES = frozenset({Role.ADMIN, Role.STAFF, Role.EVALUATOR})
SSERC_ROLES = frozenset({Role.ADMIN, Role.STAFF})
ROLE_PLACES = {
    Role.QIO: "authority",
    Role.HEAD: "school",
    Role.TEACHER: "school",
    Role.MENTOR: "cluster",
}
# A grant at a school reaches the rows of that school's own cluster only for these.
SCHOOL_SEES_CLUSTER = frozenset()


@dataclass(frozen=True)
class Grant:
    """One role at one place, resolved once for a request.

    `authority`, `cluster` and `school` are primary keys, exactly one of them set for a role held at a place and none for a
    national role. `schools` are the schools of the cluster, and `clusters` the clusters of the school, by today's memberships.
    """

    role: Role
    authority: int | None = None
    cluster: int | None = None
    school: int | None = None
    schools: frozenset = frozenset()
    clusters: frozenset = frozenset()

    @property
    def everywhere(self):
        """Whether the role holds for the whole programme."""
        return self.role in NATIONAL_ROLES

    def rows(self, permission, paths):
        """The rows that this grant reaches, as a Q, or None when it reaches none.

        `paths` maps "authority", "cluster" and "school" to the ORM path by which a model reaches that place; "" is the model itself.
        """
        if self.everywhere:
            return Q()
        if self.authority is not None:
            return self._authority_rows(paths)
        if self.cluster is not None:
            return self._place_rows(paths, {"cluster": {self.cluster}, "school": self.schools})
        reached = {"school": {self.school}}
        if permission in SCHOOL_SEES_CLUSTER:
            reached["cluster"] = self.clusters
        return self._place_rows(paths, reached)

    def _authority_rows(self, paths):
        for place in ("authority", "cluster", "school"):
            if place in paths:
                path = paths[place] if place == "authority" else f"{paths[place]}__authority".lstrip("_")
                return Q(**{path or "pk": self.authority})
        return None

    @staticmethod
    def _place_rows(paths, reached):
        for place, ids in reached.items():
            if place in paths:
                return Q(**{f"{paths[place]}__in" if paths[place] else "pk__in": ids})
        return None


@dataclass(frozen=True)
class Access:
    """What one person may do and which rows they may see. Built once for each request; never changed."""

    person_id: int | None = None
    grants: tuple[Grant, ...] = ()

    def granting(self, permission):
        """The grants whose role carries this permission."""
        return [grant for grant in self.grants if permission in ROLE_PERMISSIONS[grant.role]]

    def may(self, permission):
        """Whether the person may do this kind of thing anywhere."""
        return bool(self.granting(permission))

    def has_role(self, *roles):
        """Whether the person holds one of these roles today. For words and landing pages, never for rights."""
        return any(grant.role in roles for grant in self.grants)

    def places(self, permission, kind):
        """The primary keys of the places ("authority", "cluster" or "school") at which the permission is held directly."""
        return {getattr(grant, kind) for grant in self.granting(permission)} - {None}

    def everywhere(self, permission):
        """Whether the permission is held for the whole programme."""
        return any(grant.everywhere for grant in self.granting(permission))

    def rows(self, permission, paths):
        """The rows of a model that the person may see for this permission, as a Q.

        `paths` is the model's `access_paths`. Nobody's rows are an empty Q(pk__in=[]), never everything.
        """
        found = [rows for grant in self.granting(permission) if (rows := grant.rows(permission, paths)) is not None]
        if not found:
            return Q(pk__in=[])
        reached = Q()
        for rows in found:
            if not rows:
                return Q()
            reached |= rows
        return reached
