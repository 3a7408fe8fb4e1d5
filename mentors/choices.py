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


class Topic(TextChoices):
    """What a session was about, in the areas of the sciences and technologies curriculum."""

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


class Leader(TextChoices):
    """Who led a session."""

    MENTOR = "mentor", "Mentor"
    SSERC = "sserc", "SSERC"
    EXTERNAL = "external", "Somebody else"
