"""Whom an organisation holds, as before; said so that the database plans it once a connection."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "held_planned.sql"


class Migration(migrations.Migration):
    dependencies = [("parties", "0012_erased_revocations")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
