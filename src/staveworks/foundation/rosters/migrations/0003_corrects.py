"""A corrections workbook remembers the list it came from."""

import django.db.models.deletion
from django.db import migrations, models

from staveworks.db.operations import same_organisation


class Migration(migrations.Migration):
    dependencies = [("rosters", "0002_guards")]
    operations = [
        migrations.AddField(
            model_name="roster",
            name="corrects",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="corrections",
                to="rosters.roster",
            ),
        ),
        same_organisation("rosters_roster", "corrects_id", "rosters_roster"),
    ]
