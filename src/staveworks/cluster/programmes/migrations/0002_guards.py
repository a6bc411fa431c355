"""A voucher is its firm's and its operator's to see, the latter's to write, and stays as it was granted."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import secure

SQL = Path(__file__).parent.parent / "sql" / "guards.sql"


class Migration(migrations.Migration):
    dependencies = [("programmes", "0001_initial"), ("parties", "0002_guards")]
    operations = [
        secure(
            "programmes_voucher",
            using="org_id = app_org() OR operator_id = app_org()",
            write="operator_id = app_org()",
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
