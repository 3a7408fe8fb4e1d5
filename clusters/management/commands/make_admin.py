"""Give the first administrator of a new site the role; everybody else is invited from the site itself."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone

from clusters import actions
from clusters.choices import Role


class Command(BaseCommand):
    help = "Makes a person SSERC administrator. Saying it twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("email", help="the address that sign-in codes go to")
        parser.add_argument("name", help='the person\'s name, in quotes: "Ada Lovelace"')

    def handle(self, *, email, name, **options):
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is not an e-mail address.") from error
        try:
            person, _, made = actions.give_role(
                email=email, full_name=name, role=Role.ADMIN, starts_on=timezone.localdate(), by=None
            )
        except actions.NotNow as reason:
            raise CommandError(str(reason)) from reason
        was = "is now" if made else "was already"
        self.stdout.write(f"{person} {was} SSERC administrator.")
        self.stdout.write(f"They sign in at {reverse('account_login')} with a code that is sent to {person.email}.")
