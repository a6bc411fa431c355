"""Whose the new tables' rows are; a claim may be revoked and the revocation undone; what the database keeps about both."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import legal_edges, secure

SQL = Path(__file__).parent.parent / "sql" / "unclaimed.sql"


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_revocation")]
    operations = [
        secure("parties_handover", using="org_id = app_org()"),
        secure("parties_revocation", using="steward_id = app_org()"),
        legal_edges(
            "parties_claim",
            "state",
            [
                ("open", "proven"),
                ("open", "granted"),
                ("open", "refused"),
                ("open", "withdrawn"),
                ("proven", "granted"),
                ("proven", "refused"),
                ("proven", "withdrawn"),
                ("granted", "revoked"),
                ("revoked", "granted"),
            ],
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
