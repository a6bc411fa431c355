"""Rows of one operator; edges; calls stay as they were noted; a target can't belong to another's campaign."""

from django.db import migrations

from staveworks.db.operations import append_only, legal_edges, same_organisation, secure
from staveworks.foundation.outreach.types import CAMPAIGN_EDGES, TARGET_EDGES

OWN = "org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial"), ("parties", "0002_guards")]
    operations = [
        secure("outreach_campaign", using=OWN),
        legal_edges("outreach_campaign", "state", [(str(a), str(b)) for a, b in CAMPAIGN_EDGES]),
        secure("outreach_target", using=OWN),
        legal_edges("outreach_target", "state", [(str(a), str(b)) for a, b in TARGET_EDGES]),
        same_organisation("outreach_target", "campaign_id", "outreach_campaign"),
        secure("outreach_call", using=OWN),
        append_only("outreach_call"),
    ]
