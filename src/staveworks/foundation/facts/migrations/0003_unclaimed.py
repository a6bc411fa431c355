"""Grants end when the claim of the firm that gave them is revoked; the end that each was given with is kept."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql" / "unclaimed.sql"


class Migration(migrations.Migration):
    dependencies = [("facts", "0002_guards"), ("parties", "0007_revocation_guards")]
    operations = [
        migrations.AddField(
            model_name="grant",
            name="until",
            field=models.DateTimeField(
                help_text="the end it was given with, exclusive; ``during`` ends earlier if withdrawn", null=True
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
