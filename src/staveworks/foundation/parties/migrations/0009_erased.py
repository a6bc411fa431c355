"""A person may be erased: the row stays with nothing of her in it."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql" / "erased.sql"


class Migration(migrations.Migration):
    dependencies = [("parties", "0008_counter")]
    operations = [
        migrations.AddField(
            model_name="person",
            name="erased_at",
            field=models.DateTimeField(
                help_text="deleted for good: the row stays, so that what was done keeps its number", null=True
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
