"""What orders use up of a voucher: counted by the database, within its cap, once for each line."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, secure

SQL = Path(__file__).parent.parent / "sql" / "uses.sql"
SEEN = "org_id = (SELECT app_org()) OR operator_id = (SELECT app_org())"


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_uses"), ("parties", "0002_guards")]
    operations = [
        secure("programmes_use", using=SEEN),
        append_only("programmes_use"),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
