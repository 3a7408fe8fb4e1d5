"""The one crispy helper: fields as the design has them, without a form tag or a button of its own."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms


def plain_helper():
    """A helper that renders only the fields; the page brings the form tag, the error summary and the button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = True
    helper.error_text_inline = True
    return helper


_NOT_A_CHOICE = [
    kind.default_error_messages["invalid_choice"]
    for kind in (forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField, forms.ModelMultipleChoiceField)
]
_TOO_LONG = "Write at most %(limit_value)s characters; this has %(show_value)s."


def speak_plainly(field):
    """Give a field our words where its form has none of its own and Django's would show."""
    said = field.error_messages
    several = isinstance(field, (forms.MultipleChoiceField, forms.ModelMultipleChoiceField))
    chosen = isinstance(field, (forms.ChoiceField, forms.ModelChoiceField))
    if said["required"] == forms.Field.default_error_messages["required"]:
        said["required"] = "Choose one of these." if isinstance(field, forms.ChoiceField) else "Fill this in."
    if chosen and said["invalid_choice"] in _NOT_A_CHOICE:
        said["invalid_choice"] = "Choose from these only." if several else "Choose one of these."
    # Validators speak for themselves unless the field knows their code.
    said.setdefault("max_length", _TOO_LONG)
    said.setdefault("null_characters_not_allowed", "This holds a sign that cannot be kept. Type it again.")


class PlainFormMixin:
    """Gives a form the house helper, and plain words where a field must be filled in and its form has none of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak_plainly(field)

    # {field: class}: fields that show only when another answer calls for them (site.css), or always in an old browser.
    shown_for = {}

    @property
    def helper(self):
        """The house helper, fresh for each rendering."""
        helper = plain_helper()
        if self.shown_for:
            looks = {name: {"wrapper_class": look} for name, look in self.shown_for.items()}
            helper.layout = Layout(*(Field(name, **looks.get(name, {})) for name in self.fields))
        return helper


class NothingToFillIn(PlainFormMixin, forms.Form):
    """The form of a page that only asks for a yes."""
