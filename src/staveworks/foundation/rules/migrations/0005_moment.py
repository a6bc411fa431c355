"""The moment of a version is taken once it is its turn."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "moment.sql"


class Migration(migrations.Migration):
    dependencies = [("rules", "0004_acted_on")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
