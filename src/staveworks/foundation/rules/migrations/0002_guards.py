"""Versions are only added and follow each other; the first of every rule."""

from pathlib import Path

from django.db import migrations

from staveworks.foundation.rules.shipping import Ship

SQL = Path(__file__).parent.parent / "sql" / "guards.sql"


class Migration(migrations.Migration):
    dependencies = [("rules", "0001_initial"), ("eventlog", "0002_guards")]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        Ship(),
    ]
