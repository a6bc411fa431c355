"""How many organisations one person registers in a day; how long the files of loaded lists are kept."""

from django.db import migrations

from staveworks.foundation.rules.shipping import Renew, Ship


class Migration(migrations.Migration):
    dependencies = [("rules", "0005_moment")]
    operations = [
        Ship(),
        Renew("retention"),
    ]
