from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clusters", "0002_school_status_since")]

    operations = [
        migrations.AddField(
            model_name="demonstration",
            name="people",
            field=models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL),
        ),
    ]
