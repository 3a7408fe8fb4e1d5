"""Who and where, one file a subject."""

from clusters.models.events import Demonstration, NamedEvent
from clusters.models.funding import GrantScheme, SchoolGrant
from clusters.models.letters import KeptLetter
from clusters.models.people import Person, RoleAssignment
from clusters.models.places import (
    Cluster,
    ClusterMembership,
    LocalAuthority,
    RegisterImport,
    School,
)
from clusters.models.programme import AuthorityParticipation, Cohort, Milestone, Participation, Phase

__all__ = [
    "AuthorityParticipation",
    "Cluster",
    "ClusterMembership",
    "Cohort",
    "Demonstration",
    "GrantScheme",
    "KeptLetter",
    "LocalAuthority",
    "Milestone",
    "NamedEvent",
    "Participation",
    "Person",
    "Phase",
    "RegisterImport",
    "RoleAssignment",
    "School",
    "SchoolGrant",
]
