"""Load the reference data: the 32 councils, and what the loaders of later apps bring. Safe to repeat."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from clusters.importing.authorities import load_authorities


class Command(BaseCommand):
    """``manage.py load_reference``"""

    help = "Load or bring up to date the 32 councils and the questionnaires. Nothing is deleted; the second time changes nothing."

    def handle(self, *args, **options):
        """Load and say what changed."""
        added, corrected = load_authorities()
        self.stdout.write(f"Councils: {added} added, {corrected} corrected.")
        for loader in settings.REFERENCE_LOADERS:
            self.stdout.write(import_string(loader)())
