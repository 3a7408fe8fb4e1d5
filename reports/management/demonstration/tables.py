"""The tables of an empty demonstration, straight from the models."""

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def prepare_tables():
    """Bring the database up to date; an empty SQLite file gets what the migrations add up to, in a tenth of their time.

    Every migration is then noted as applied, so that a newer version goes on from here as anywhere else. What migrations do to
    rows that are there already does not concern an empty database. Only for demonstrations: real databases are always migrated,
    and `.ci/run` does that on PostgreSQL.
    """
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
        return
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    for app, name in MigrationLoader(connection).disk_migrations:
        recorder.record_applied(app, name)
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
