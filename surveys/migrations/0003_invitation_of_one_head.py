from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("surveys", "0002_nobodys_invitations"),
    ]

    operations = [
        migrations.AlterModelOptions(name="invitation", options={"ordering": ["school__name", "pk"]}),
        migrations.RemoveConstraint(model_name="invitation", name="one_head_invited_for_each_school"),
        migrations.AlterField(
            model_name="invitation",
            name="person",
            field=models.ForeignKey(
                on_delete=models.PROTECT, related_name="invitations", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                fields=("wave", "school", "person"), name="head_asked_once_about_a_school"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("answered_at__isnull", False)),
                fields=("wave", "school"),
                name="one_rating_for_each_school",
            ),
        ),
    ]
