"""A firm's own transaction may erase a personal value of its statements; the trigger still lets nothing else change."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("facts", "0007_fact_guards")]
    operations = [
        migrations.RunSQL(
            "GRANT UPDATE (value, erased_at) ON facts_fact TO staveworks_app", migrations.RunSQL.noop
        )
    ]
