"""The answers of idempotency keys may be emptied when their time is over."""

from django.db import migrations

from staveworks.db.operations import ERASING, erasable


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0002_guards")]
    operations = [ERASING, erasable("eventlog_idempotency_key", "answer")]
