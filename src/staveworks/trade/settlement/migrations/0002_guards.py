"""Buyer and provider see what is posted of their line; it stays; the rule on the platform's fee."""

from django.db import migrations

from staveworks.db.operations import append_only, secure
from staveworks.foundation.rules.shipping import Ship

PARTIES = "buyer_org_id = (SELECT app_org()) OR provider_org_id = (SELECT app_org())"


class Migration(migrations.Migration):
    dependencies = [("settlement", "0001_initial"), ("parties", "0002_guards"), ("rules", "0004_acted_on")]
    operations = [
        secure("settlement_entry", using=PARTIES),
        append_only("settlement_entry"),
        Ship(),
    ]
