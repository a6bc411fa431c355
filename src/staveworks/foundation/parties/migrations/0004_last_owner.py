from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "last_owner.sql"


class Migration(migrations.Migration):
    dependencies = [("parties", "0003_cities")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
