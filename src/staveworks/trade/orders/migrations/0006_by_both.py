"""A line may fall away because both sides agreed on something else."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql" / "by_both.sql"


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_placed_reserved")]
    operations = [
        migrations.AddField(
            model_name="line",
            name="by_both",
            field=models.BooleanField(
                db_default=False, help_text="it fell away because both sides agreed on something else"
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
