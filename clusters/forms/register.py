"""The form that takes an official register."""

import datetime

from django import forms
from django.conf import settings

from clusters.registers.reader import CENSUS_MONTH, recognise_register
from clusters.registers.readings import RegisterRefused
from pcp.forms import PlainFormMixin

FIRST_YEAR = 2015


class RegisterUploadForm(PlainFormMixin, forms.Form):
    """One register file; valid only when it is one of the lists. `edition` is then what was recognised."""

    file = forms.FileField(
        label="The list, as it was published",
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={
            "required": "Choose a file",
            "max_length": "The file's name is longer than 200 characters. Shorten it and choose it again",
        },
    )
    year = forms.IntegerField(
        required=False,
        label="Year it describes",
        help_text="Only for a list that does not say its year, such as SchoolRoll. For example 2023.",
        min_value=FIRST_YEAR,
        max_value=datetime.date.max.year,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "day"}),
        error_messages={"invalid": "Write a year, such as 2023"},
    )
    edition = said_on = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        megabytes = settings.UPLOAD_LIMIT_BYTES // 1024 // 1024
        self.fields["file"].help_text = (
            "The school contact list, the school-level summary statistics or SchoolRoll. "
            f".xlsx or .csv, up to {megabytes} MB. Nothing is saved before you have seen what would change."
        )

    def clean(self):
        """Looks at the file; what is wrong with it becomes the file's error."""
        data = super().clean()
        file, year = data.get("file"), data.get("year")
        if not file or self.errors:
            return data
        self.said_on = datetime.date(year, CENSUS_MONTH, 1) if year else None
        try:
            self.edition = recognise_register(
                file.file, file.name, said_edition=self.said_on, max_bytes=settings.UPLOAD_LIMIT_BYTES
            )
        except RegisterRefused as refusal:
            self.add_error("file", str(refusal))
            return data
        if self.edition is None:
            self.add_error(
                "year", f"“{file.name}” does not say which year it describes. Write the year and choose it again"
            )
        return data
