"""Quotas of a resource: minutes a firm and a person may book in a week or a month, kept by a trigger on what is held."""

from pathlib import Path

from django.db import migrations, models

QUOTAS = Path(__file__).parent.parent / "sql" / "quotas.sql"


class Migration(migrations.Migration):
    dependencies = [
        ("booking", "0002_guards"),
        ("orders", "0003_expected_lines"),
        ("reservation", "0002_guards"),
    ]
    operations = [
        migrations.AddField(
            model_name="bookable",
            name="quota_period",
            field=models.CharField(blank=True, db_default="", max_length=8),
        ),
        migrations.AddField(
            model_name="bookable",
            name="firm_minutes",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="bookable",
            name="person_minutes",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name="bookable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("firm_minutes__isnull", True),
                        ("person_minutes__isnull", True),
                        ("quota_period", ""),
                    ),
                    models.Q(
                        models.Q(("firm_minutes__gte", 1), ("person_minutes__gte", 1), _connector="OR"),
                        ("quota_period__in", ["week", "month"]),
                    ),
                    _connector="OR",
                ),
                name="booking_bookable_quota",
            ),
        ),
        migrations.RunSQL(QUOTAS.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
