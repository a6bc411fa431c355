"""Drafts are their provider's; what was published is everybody's to read and stays as it was; the rule on tax rates."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, legal_edges, same_organisation, secure
from staveworks.foundation.rules.shipping import Ship
from staveworks.trade.catalogue.types import EDGES

OWN = "provider_org_id = app_org()"
SQL = Path(__file__).parent.parent / "sql" / "versions.sql"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("parties", "0002_guards"), ("rules", "0004_acted_on")]
    operations = [
        secure("catalogue_offer", using=f"state <> 'draft' OR {OWN}", write=OWN),
        legal_edges("catalogue_offer", "state", [(str(was), str(becomes)) for was, becomes in EDGES]),
        secure("catalogue_draft", using=OWN),
        same_organisation(
            "catalogue_draft", "offer_id", "catalogue_offer", org="provider_org_id", target_org="provider_org_id"
        ),
        secure("catalogue_version", using="true", write=OWN),
        append_only("catalogue_version"),
        same_organisation(
            "catalogue_version",
            "offer_id",
            "catalogue_offer",
            org="provider_org_id",
            target_org="provider_org_id",
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        Ship(),
    ]
