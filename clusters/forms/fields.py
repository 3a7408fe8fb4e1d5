"""Fields that several forms share."""

from django import forms
from django.core.exceptions import ValidationError

from clusters.models import School


class DayField(forms.DateField):
    """A day, with the browser's own calendar."""

    def __init__(self, **options):
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "day"}))
        options.setdefault("error_messages", {"invalid": "Write a day, such as 3/5/2026.", "required": "Choose a day."})
        super().__init__(**options)


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
