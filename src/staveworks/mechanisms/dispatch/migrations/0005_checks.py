"""A comparison with null is no refusal: a cell with hours of nobody counted, and a window without hours or share, passed the checks."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0004_run_guards")]
    operations = [
        migrations.RemoveConstraint(model_name="heatcell", name="dispatch_heat_cell_hides_few"),
        migrations.AddConstraint(
            model_name="heatcell",
            constraint=models.CheckConstraint(
                condition=Q(firms=None, hours=None)
                | Q(firms__isnull=False, firms__gte=5, hours__isnull=False),
                name="dispatch_heat_cell_hides_few",
            ),
        ),
        migrations.RemoveConstraint(model_name="windowstatement", name="dispatch_window_hours_or_share"),
        migrations.AddConstraint(
            model_name="windowstatement",
            constraint=models.CheckConstraint(
                condition=Q(day_hours__isnull=False, day_hours__gte=0, day_hours__lte=24, percent=None)
                | Q(day_hours=None, percent__isnull=False, percent__gte=0, percent__lte=100),
                name="dispatch_window_hours_or_share",
            ),
        ),
    ]
