"""Invitations without a person go: each belongs to one headteacher from now on (the next migration)."""

from django.db import migrations


def give_or_delete(apps, schema_editor):
    """A place kept for a school without a headteacher has no answers, unless one who came later found it after signing in."""
    invitation_model = apps.get_model("surveys", "Invitation")
    role_model = apps.get_model("clusters", "RoleAssignment")
    for invitation in invitation_model.objects.filter(person=None):
        head = role_model.objects.filter(role="head", school=invitation.school_id).order_by("-starts_on", "-pk").first()
        if head is None or not hasattr(invitation, "response"):
            invitation.delete()
        else:
            invitation.person_id = head.person_id
            invitation.save()


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial"), ("clusters", "0001_initial")]

    operations = [migrations.RunPython(give_or_delete, migrations.RunPython.noop)]
