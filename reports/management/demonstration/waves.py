"""A survey of the invented programme, planned and opened as staff would."""

from datetime import datetime, time

from django.utils.timezone import get_default_timezone

from surveys.actions.waves import create_wave, open_wave

SITE = "https://example.org/"


def at(day, hour=10, minute=0):
    """A moment of a working day in Scotland."""
    return datetime.combine(day, time(hour, minute), tzinfo=get_default_timezone())


def opened_wave(programme, cohort, audience, moment, opens_on, closes_on):
    """A survey, planned and opened on the morning of its first day."""
    wave = create_wave(
        cohort=cohort, audience=audience, moment=moment, opens_on=opens_on, closes_on=closes_on, by=programme.staff
    )
    return open_wave(wave, now=at(opens_on, 8, 30), site=SITE, by=programme.staff)
