"""A dispute isn't decided below what its buyer accepts."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "conceded.sql"


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_heard")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
