"""The fixed choices of this app."""

from django.db.models import TextChoices


class Mode(TextChoices):
    """How a session was delivered."""

    TWILIGHT = "twilight", "Twilight, after school"
    INSET = "inset", "In-service day"
    VISIT = "visit", "Visit or open day"
    COACHING = "coaching", "Team teaching or coaching"
    ONLINE = "online", "Online, live"
    CATCH_UP = "catch_up", "Catch-up"
    CONFERENCE = "conference", "Conference"
    IN_SCHOOL = "in_school", "Made for one school"


class Leader(TextChoices):
    """Who led a session."""

    MENTOR = "mentor", "Mentor"
    SSERC = "sserc", "SSERC"
    EXTERNAL = "external", "Somebody else"
