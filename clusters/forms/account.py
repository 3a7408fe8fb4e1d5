"""The forms of signing in: django-allauth's own checks, with our words and without placeholders."""

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms

from pcp.forms import PlainFormMixin

_SIX_FIGURES = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}


class SignInForm(PlainFormMixin, RequestLoginCodeForm):
    """One field: the address that the code goes to."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.label = "E-mail address"
        field.help_text = "The one that SSERC or your council knows you by."
        field.widget = forms.EmailInput(attrs={"autocomplete": "username"})
        field.error_messages |= {
            "required": "Write your e-mail address",
            "invalid": "Write an e-mail address, such as name@school.example",
        }


class _CodeMixin(PlainFormMixin):
    code_label = "Six-figure code"
    code_hint = ""
    figures_only = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = self.code_label
        field.help_text = self.code_hint
        attributes = dict(_SIX_FIGURES)
        if not self.figures_only:
            attributes.pop("inputmode")
        field.widget = forms.TextInput(attrs=attributes)
        field.error_messages |= {"required": "Type the code"}


class CodeForm(_CodeMixin, ConfirmLoginCodeForm):
    """The code from the e-mail."""

    code_hint = "From the e-mail, for example 314159."


class AppCodeForm(_CodeMixin, AuthenticateForm):
    """The code from the authenticator app, or a recovery code, at sign-in."""

    code_label = "Code from your app"
    figures_only = False


class AppCodeAgainForm(_CodeMixin, ReauthenticateForm):
    """The code from the authenticator app before a change to it."""

    code_label = "Code from your app"
    figures_only = False


class SetUpAppForm(_CodeMixin, ActivateTOTPForm):
    """The first code from a new authenticator app."""

    code_label = "Six figures from the app"
