"""Hours that published plans have taken, for who sums free hours: without the work, its pay or its reasons."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "hours_taken.sql"


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0007_looks_kept")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
