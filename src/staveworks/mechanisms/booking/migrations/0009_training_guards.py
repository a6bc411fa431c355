"""A certificate is seen by its firm and its provider, written by its provider alone; a hold looks for it."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import same_organisation, secure

SQL = Path(__file__).parent.parent / "sql" / "training.sql"
MINE = "provider_org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [("booking", "0008_training"), ("orders", "0004_used_resources"), ("reservation", "0002_guards")]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        secure("booking_training_certificate", using=f"{MINE} OR buyer_org_id = app_org()", write=MINE),
        same_organisation(
            "booking_training_certificate", "resource_id", "reservation_resource", org="provider_org_id"
        ),
        same_organisation(
            "booking_bookable", "training_offer_id", "catalogue_offer", target_org="provider_org_id"
        ),
        migrations.RunSQL(
            "REVOKE DELETE ON booking_training_certificate FROM staveworks_app", migrations.RunSQL.noop
        ),
    ]
