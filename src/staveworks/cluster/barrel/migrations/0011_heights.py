"""The likely heights of a diagnosis as plain numbers: the cluster's page takes medians over thousands of them."""

from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Value

SQL = Path(__file__).parent.parent / "sql" / "heights.sql"


class Migration(migrations.Migration):
    dependencies = [("barrel", "0010_given_index")]
    operations = [
        migrations.AddField(
            model_name="diagnosis",
            name="plank_codes",
            field=ArrayField(
                models.CharField(max_length=40),
                db_default=Value([], ArrayField(models.CharField(max_length=40))),
                default=list,
                help_text="the planks in the order of plank_heights; kept by the database",
            ),
        ),
        migrations.AddField(
            model_name="diagnosis",
            name="plank_heights",
            field=ArrayField(
                models.FloatField(),
                db_default=Value([], ArrayField(models.FloatField())),
                default=list,
                help_text="their likely heights; kept by the database",
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
