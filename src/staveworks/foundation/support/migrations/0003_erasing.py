"""What a person wrote for herself may be emptied when she is erased."""

from django.db import migrations

from staveworks.db.operations import erasable


class Migration(migrations.Migration):
    dependencies = [("support", "0002_guards"), ("eventlog", "0003_erasing")]
    operations = [erasable("support_entry", "text")]
