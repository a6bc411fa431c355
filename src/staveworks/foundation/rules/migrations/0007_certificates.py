"""How long the names in training certificates stay after these have ended."""

from django.db import migrations

from staveworks.foundation.rules.shipping import Renew


class Migration(migrations.Migration):
    dependencies = [("rules", "0006_limits")]
    operations = [Renew("retention")]
