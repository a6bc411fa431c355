"""Retention, quiet hours and room for uploads are acted on from now on; retention says more."""

from django.db import migrations

from staveworks.foundation.rules.shipping import renew


class Migration(migrations.Migration):
    dependencies = [("rules", "0003_validity")]
    operations = [
        migrations.RunPython(renew("retention", "files.quota", "notices.quiet"), migrations.RunPython.noop)
    ]
