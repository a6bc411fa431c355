"""A published plan may be withdrawn, and what firms were told of a plan may end: each once, with nothing else changed."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql" / "withdrawn_guards.sql"
ENDS = [("replaced", "replaced"), ("withdrawn", "withdrawn")]


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0005_checks")]
    operations = [
        migrations.AddField("run", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "run",
            "withdrawn_why",
            models.CharField(max_length=400, db_default="", help_text="firms read it"),
        ),
        migrations.AddField("share", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "share", "ended_by", models.CharField(max_length=10, db_default="", choices=ENDS)
        ),
        migrations.AddField("share", "ended_why", models.CharField(max_length=400, db_default="")),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
