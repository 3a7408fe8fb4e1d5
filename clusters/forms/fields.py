"""Fields that several forms share."""

import re

from django import forms
from django.core.exceptions import ValidationError

from clusters.models import School
from pcp.templatetags.ui import pounds


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    def __init__(self, **options):
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "day"}))
        options.setdefault("error_messages", {"invalid": "Write a day, such as 3/5/2026.", "required": "Choose a day."})
        super().__init__(**options)


class PoundsField(forms.CharField):
    """An amount of money, written as 500, £512.50 or 1,200; cleans to whole pence."""

    MOST = 10_000_000  # £100,000: no grant of a school comes near it
    default_error_messages = {
        "invalid": "Write an amount in pounds, such as 500 or 512.50.",
        "too_much": "Write an amount of at most £100,000.",
        "too_little": "Write an amount of at least %(least)s.",
    }

    def __init__(self, *, least=1, **options):
        self.least = least
        options.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "day", "autocomplete": "off"})
        )
        options.setdefault("max_length", 20)
        super().__init__(**options)

    def prepare_value(self, value):
        """Show pence as pounds; what somebody typed stays as it is."""
        return pounds(value).replace("£", "").replace(",", "") if isinstance(value, int) else value

    def clean(self, value):
        """The pence that the words mean, or None when there are none."""
        words = super().clean(value)
        if not words:
            return None
        words = words.replace(" ", "").removeprefix("£")
        if not re.fullmatch(r"(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?", words, re.ASCII):
            raise ValidationError(self.error_messages["invalid"])
        whole, _, rest = words.replace(",", "").partition(".")
        pence = int(whole) * 100 + int(f"{rest:0<2}")
        if pence > self.MOST:
            raise ValidationError(self.error_messages["too_much"])
        if pence < self.least:
            raise ValidationError(self.error_messages["too_little"], params={"least": pounds(self.least)})
        return pence


class SchoolField(forms.CharField):
    """A school by its SEED code, its key (SEED code and sector) or its name; cleans to the School."""

    default_error_messages = {
        "unknown": "We have no school “%(words)s”. Write its SEED code, or its name as in the school list",
        "several": "More than one school matches: %(found)s. Write the SEED code with its letter, such as %(example)s",
    }

    def __init__(self, **options):
        options.setdefault("label", "School")
        options.setdefault("help_text", "Its SEED code, for example 9900417, or its full name.")
        options.setdefault("max_length", 150)  # longer than any name, and short enough to look for
        super().__init__(**options)

    def prepare_value(self, value):
        """Show a school by its key."""
        return value.key if isinstance(value, School) else value

    def clean(self, value):
        """The one school that the words mean, or None when there are none."""
        words = super().clean(value)
        if not words:
            return None
        code, _, sector = words.upper().partition("-")
        found = School.objects.filter(seed_code=code.strip())
        if sector:
            found = found.filter(sector=sector.strip())
        found = (
            list(found[:5])
            or list(School.objects.filter(name__iexact=words)[:5])
            or list(School.objects.matching(words)[:5])
        )
        if not found:
            raise ValidationError(self.error_messages["unknown"], params={"words": words})
        if len(found) > 1:
            listed = "; ".join(f"{school} ({school.key})" for school in found)
            raise ValidationError(self.error_messages["several"], params={"found": listed, "example": found[0].key})
        return found[0]
