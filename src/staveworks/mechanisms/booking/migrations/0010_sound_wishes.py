"""A wish lies on the calendar; a quota can be counted without the booking that is given up."""

from datetime import UTC, datetime
from pathlib import Path

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

SQL = Path(__file__).parent.parent / "sql" / "quotas_moving.sql"


class Migration(migrations.Migration):
    dependencies = [("booking", "0009_training_guards")]
    operations = [
        # Nothing is looked through: what was wished before stays as it is.
        AddConstraintNotValid(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("earliest_at__gte", datetime(2000, 1, 1, tzinfo=UTC)),
                    ("latest_at__lt", datetime(2200, 1, 1, tzinfo=UTC)),
                ),
                name="booking_wish_on_calendar",
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
