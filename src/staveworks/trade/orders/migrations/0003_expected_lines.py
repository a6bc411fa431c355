"""Confirmed lines are found without reading all that were ever ordered: every minute somebody looks who hasn't come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_guards")]
    operations = [
        migrations.AddIndex(
            "line",
            models.Index(
                condition=models.Q(("state", "confirmed")), fields=["placed_at"], name="orders_line_expected"
            ),
        ),
    ]
