"""How django-allauth behaves here: nobody signs up, and code e-mails are sent by a worker so that timing tells nothing."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter

from clusters import tasks


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up; every e-mail goes through the queue, so known and unknown addresses take the same time."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": "That is not the code we sent. Check the newest e-mail",
        "too_many_login_attempts": "That were too many tries. Wait a few minutes, then ask for a new code",
    }

    def is_open_for_signup(self, request):
        """People are invited by SSERC; nobody signs up."""
        return False

    def send_mail(self, template_prefix, email, context):
        """Render here, deliver in the worker. A code is of no use later, and never kept in the database."""
        message = self.render_mail(template_prefix, email, context)
        tasks.deliver_mail.delay(subject=message.subject, body=message.body, to=list(message.to), keep=False)

    def pretend_to_send_code(self, email, request):
        """Do the work of sending a code, to nobody, for an address that we do not know."""
        context = {"request": request, "code": self.generate_login_code()}
        message = self.render_mail("account/email/login_code", email, context)
        tasks.deliver_mail.delay(subject=message.subject, body=message.body, to=[], keep=False)


class MFAAdapter(DefaultMFAAdapter):
    """The second factor, in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That is not what the app shows now. Wait for the next code and try again",
    }
