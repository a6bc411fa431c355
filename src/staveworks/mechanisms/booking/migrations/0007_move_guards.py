"""Who is moved to an earlier time has the one booking or the other; and only her own is moved."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import same_organisation

SQL = Path(__file__).parent.parent / "sql" / "moves.sql"


class Migration(migrations.Migration):
    dependencies = [("booking", "0006_moves"), ("orders", "0004_used_resources"), ("reservation", "0002_guards")]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        same_organisation(
            "booking_wish", "moves_id", "orders_line", org="buyer_org_id", target_org="buyer_org_id"
        ),
    ]
