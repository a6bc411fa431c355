"""The rule on how long statements about firms hold."""

from django.db import migrations

from staveworks.foundation.rules.shipping import Ship


class Migration(migrations.Migration):
    dependencies = [("rules", "0002_guards")]
    operations = [Ship()]
