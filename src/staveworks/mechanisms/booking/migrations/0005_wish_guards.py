"""A place in a waiting list is seen by its buyer and the resource's provider, and moved by its buyer's side alone."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import legal_edges, same_organisation, secure

SQL = Path(__file__).parent.parent / "sql" / "wishes.sql"
EDGES = [
    ("waiting", "kept"),
    ("waiting", "left"),
    ("waiting", "over"),
    ("kept", "taken"),
    ("kept", "declined"),
    ("kept", "lapsed"),
    ("kept", "waiting"),
]
MINE = "buyer_org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0004_wishes"),
        ("catalogue", "0002_guards"),
        ("reservation", "0002_guards"),
    ]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        secure("booking_wish", using=f"{MINE} OR provider_org_id = app_org()", write=MINE),
        legal_edges("booking_wish", "state", EDGES),
        same_organisation("booking_wish", "resource_id", "reservation_resource", org="provider_org_id"),
        migrations.RunSQL("REVOKE DELETE ON booking_wish FROM staveworks_app", migrations.RunSQL.noop),
    ]
