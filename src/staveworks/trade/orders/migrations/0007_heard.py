"""A dispute isn't decided over a provider that has not answered and still may."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "heard.sql"


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_by_both")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
