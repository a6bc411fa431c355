"""A grant is dated once it is written, not when its statement began."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "moment.sql"


class Migration(migrations.Migration):
    dependencies = [("facts", "0008_erasing")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
