"""Who sees which row, what moves a balance, and the only functions by which the application writes."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import secure

SQL = Path(__file__).parent.parent / "sql"
SEEN = "EXISTS (SELECT FROM ledger_posting p WHERE p.transfer_id = ledger_transfer.id AND p.org_id = (SELECT app_org()))"
OWN = "org_id = (SELECT app_org())"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial"), ("eventlog", "0002_guards"), ("parties", "0002_guards")]
    operations = [
        secure("ledger_account", using=OWN),
        secure("ledger_posting", using=OWN),
        secure("ledger_transfer", using=SEEN),
        *(
            migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)
            for name in ("guards.sql", "kernel.sql")
        ),
    ]
