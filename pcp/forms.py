"""The one crispy helper: fields as the design has them, without a form tag or a button of its own."""

from crispy_forms.helper import FormHelper
from django import forms


def plain_helper():
    """A helper that renders only the fields; the page brings the form tag, the error summary and the button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = True
    helper.error_text_inline = True
    return helper


class PlainFormMixin:
    """Gives a form the house helper, and plain words where a field must be filled in and its form has none of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                chosen = isinstance(field, forms.ChoiceField)
                field.error_messages["required"] = "Choose one of these." if chosen else "Fill this in."

    @property
    def helper(self):
        """The house helper, fresh for each rendering."""
        return plain_helper()


class NothingToFillIn(PlainFormMixin, forms.Form):
    """The form of a page that only asks for a yes."""
