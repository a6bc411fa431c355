"""What a person left behind in a firm that was taken back may be emptied when she is erased."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "erased_revocations.sql"


class Migration(migrations.Migration):
    dependencies = [("parties", "0011_entries")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
