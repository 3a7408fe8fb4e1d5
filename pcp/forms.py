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


class PlainFormMixin:
    """Gives a form the house helper, and plain words where a field must be filled in and its form has none of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                chosen = isinstance(field, forms.ChoiceField)
                field.error_messages["required"] = "Choose one of these." if chosen else "Fill this in."

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
