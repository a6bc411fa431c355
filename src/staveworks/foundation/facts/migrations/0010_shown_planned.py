"""What grants show, as before; said so that the database plans it once a connection."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "shown_planned.sql"


class Migration(migrations.Migration):
    dependencies = [("facts", "0009_moment"), ("parties", "0013_held_planned")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
