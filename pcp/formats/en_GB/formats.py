"""Dates and times as the programme writes them: 3 May 2026, 10.42 am."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j F Y, g.i a"
SHORT_DATETIME_FORMAT = "j M Y, g.i a"
TIME_FORMAT = "g.i a"
