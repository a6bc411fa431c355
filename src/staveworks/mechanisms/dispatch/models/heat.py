"""What everybody may know of the cluster's free hours."""

from django.db import models
from django.db.models import Q

from staveworks.db.models import COMMON, Base


class HeatCell(Base):
    """Free hours of one operation in one city in one week, as published on ``on_date``; ``firms`` and ``hours`` are null where too few
    stand behind it. Append-only."""

    tenancy = COMMON
    on_date = models.DateField()
    operation = models.CharField(max_length=40)
    city = models.ForeignKey("parties.City", on_delete=models.PROTECT, related_name="+")
    monday = models.DateField()
    firms = models.PositiveIntegerField(null=True)
    hours = models.DecimalField(max_digits=12, decimal_places=2, null=True)

    class Meta:
        db_table = "dispatch_heat"
        constraints = [
            models.UniqueConstraint(
                fields=["on_date", "operation", "city", "monday"], name="dispatch_heat_cell_once"
            ),
            models.CheckConstraint(
                condition=Q(firms=None, hours=None)
                | Q(firms__isnull=False, firms__gte=5, hours__isnull=False),
                name="dispatch_heat_cell_hides_few",
            ),
        ]
