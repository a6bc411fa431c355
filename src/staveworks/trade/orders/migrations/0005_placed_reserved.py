"""A line is placed only while everything that was held for it is reserved."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "reserved.sql"
AWAY = """
DROP TRIGGER orders_line_reserved ON orders_line;
DROP FUNCTION orders_line_reserved();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_used_resources"),
        ("reservation", "0003_stores"),
    ]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), AWAY)]
