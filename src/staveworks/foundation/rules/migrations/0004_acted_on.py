"""Retention, quiet hours and room for uploads are acted on from now on; retention says more."""

from django.db import migrations

from staveworks.foundation.rules.shipping import Renew


class Migration(migrations.Migration):
    dependencies = [("rules", "0003_validity")]
    operations = [
        Renew("retention", "files.quota", "notices.quiet")
    ]
