"""Entries that were merged, and who sees what they have: whoever sees the firm as which they stand."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "entries.sql"


class Migration(migrations.Migration):
    dependencies = [("parties", "0010_erased_outside")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
