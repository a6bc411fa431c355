"""The note of a call may be emptied: when a person whom it names is erased, or its time is over."""

from django.db import migrations

from staveworks.db.operations import erasable


class Migration(migrations.Migration):
    dependencies = [("outreach", "0002_guards"), ("eventlog", "0003_erasing")]
    operations = [erasable("outreach_call", "note")]
