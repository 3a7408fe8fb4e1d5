"""The fixed choices of this app."""

from django.db.models import TextChoices


class Sector(TextChoices):
    """The part of a school that a register row describes; with the SEED code it is the school's key."""

    PRIMARY = "P", "Primary"
    SECONDARY = "S", "Secondary"
    SPECIAL = "SP", "Special"


class SchoolStatus(TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"
    MOTHBALLED = "mothballed", "Mothballed"


class ReadingState(TextChoices):
    """How far the reading of an official register has come."""

    READING = "reading", "Being read"
    REFUSED = "refused", "Could not be used"
    READ = "read", "Read"


class FactStatus(TextChoices):
    """What is known of an official figure. A hidden or missing figure is never 0."""

    EXACT = "exact", "Exact"
    BAND = "band", "Band"
    SUPPRESSED = "suppressed", "Hidden in the official statistics"
    NOT_COLLECTED = "not_collected", "Not collected"


class Stage(TextChoices):
    P1 = "P1", "P1"
    P2 = "P2", "P2"
    P3 = "P3", "P3"
    P4 = "P4", "P4"
    P5 = "P5", "P5"
    P6 = "P6", "P6"
    P7 = "P7", "P7"


class ParticipationState(TextChoices):
    """How far a cluster has come in a cohort, in the order in which it goes."""

    NOMINATED = "nominated", "Nominated"
    GROUP_MET = "group_met", "Management group met"
    AGREED = "agreed", "Agreed"
    ACTIVE = "active", "Active"
    SUSTAIN = "sustain", "Sustain and Extend"
    ALUMNI = "alumni", "Completed"
    WITHDRAWN = "withdrawn", "Withdrawn"


class AuthorityState(TextChoices):
    """How far an authority has come in a phase of the programme."""

    NOT_CONTACTED = "not_contacted", "Not yet contacted"
    IN_TALKS = "in_talks", "In talks"
    COMMITTED = "committed", "Committed"
    ACTIVE = "active", "Active"
    ALUMNI = "alumni", "Completed"


class MilestoneKind(TextChoices):
    AGREEMENT = "agreement", "Agreement signed"
    RESIDENTIAL_1 = "residential_1", "First residential"
    RESIDENTIAL_2 = "residential_2", "Second residential"
    SUSTAIN_REVIEW = "sustain_review", "Sustain and Extend review"


class Topic(TextChoices):
    """What a session is about or a grant is for, in the areas of the sciences and technologies curriculum."""

    LIVING_THINGS = "living_things", "Living things"
    BODY = "body", "Body systems and cells"
    FORCES = "forces", "Forces"
    ELECTRICITY = "electricity", "Electricity and energy"
    SOUND_LIGHT = "sound_light", "Sound and light"
    EARTH_SPACE = "earth_space", "Earth and space"
    MATERIALS = "materials", "Materials and chemical changes"
    INQUIRY = "inquiry", "Scientific inquiry"
    COMPUTING = "computing", "Computing science"
    ENGINEERING = "engineering", "Engineering and making"
    FOOD_TEXTILE = "food_textile", "Food and textiles technology"
    OUTDOOR = "outdoor", "Outdoor learning"
    TOPICAL = "topical", "Topical science"


class GrantState(TextChoices):
    """How far a school has come with a grant. Worked out from the dates of its steps, never stored."""

    ELIGIBLE = "eligible", "Eligible"  # in a cluster of the cohort, and not invited yet
    INVITED = "invited", "Invited"
    APPLIED = "applied", "Applied"
    DECLINED = "declined", "Not awarded"
    AWARDED = "awarded", "Awarded"
    PAID = "paid", "Paid"
    SPENT = "spent", "Spent"
    OVERDUE = "overdue", "Report overdue"
    REPORTED = "reported", "Report handed in"


class Role(TextChoices):
    ADMIN = "admin", "SSERC administrator"
    STAFF = "staff", "SSERC staff"
    QIO = "qio", "Quality improvement officer"
    HEAD = "head", "Headteacher"
    TEACHER = "teacher", "Teacher"
    MENTOR = "mentor", "Mentor"
    EVALUATOR = "evaluator", "Evaluator"
