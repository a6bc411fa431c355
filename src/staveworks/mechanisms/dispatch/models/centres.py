"""What a firm's machines can do. Who sees which row stands in migration 0002."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import Base, shared

ORGANISATION = "parties.Organisation"


class WorkCentre(Base):
    """Machines of one operation in one city that are planned as one. ``weekday_hours``: from Monday on, what it works."""

    tenancy = shared("org_id")
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    operation = models.CharField(max_length=40)
    city = models.ForeignKey("parties.City", on_delete=models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField()
    weekday_hours = ArrayField(models.DecimalField(max_digits=4, decimal_places=2), size=7)
    holidays = models.BooleanField(help_text="closed on public holidays, open on weekends worked in exchange")
    setup_hours = models.DecimalField(max_digits=5, decimal_places=2)
    made_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dispatch_work_centre"
        constraints = [
            models.CheckConstraint(condition=Q(grade__gte=1), name="dispatch_work_centre_grade"),
            models.CheckConstraint(condition=Q(setup_hours__gte=0), name="dispatch_work_centre_setup"),
            models.UniqueConstraint(
                fields=["org", "name"], condition=Q(closed_at=None), name="dispatch_work_centre_named"
            ),
        ]
        indexes = [models.Index(fields=["operation", "city"], name="dispatch_work_centre_where")]


class Capability(Base):
    """A family at a work centre. ``price`` and ``speed`` stand as their owner typed them, for one unit of the operation; ``price_fen``
    and ``unit_hours`` are what follows for one unit of the family. ``day_hours``: how long the day was by which she counted."""

    tenancy = shared("org_id")
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey(WorkCentre, on_delete=models.CASCADE, related_name="capabilities")
    family = models.CharField(max_length=40)
    price = models.CharField(max_length=20)
    speed = models.CharField(max_length=20)
    per = models.CharField(max_length=4, choices=[("day", "day"), ("hour", "hour")])
    day_hours = models.DecimalField(max_digits=4, decimal_places=2)
    price_fen = models.DecimalField(max_digits=20, decimal_places=6)
    unit_hours = models.DecimalField(max_digits=20, decimal_places=12)

    class Meta:
        db_table = "dispatch_capability"
        constraints = [
            models.UniqueConstraint(fields=["centre", "family"], name="dispatch_capability_once"),
            models.CheckConstraint(
                condition=Q(price_fen__gte=0, unit_hours__gt=0), name="dispatch_capability_counts"
            ),
        ]


class CentreCertificate(Base):
    """A certificate that a work centre holds, up to and including ``expires_date`` (null: without end)."""

    tenancy = shared("org_id")
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey(WorkCentre, on_delete=models.CASCADE, related_name="certificates")
    code = models.CharField(max_length=40)
    number = models.CharField(max_length=80)
    expires_date = models.DateField(null=True)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "dispatch_centre_certificate"
        constraints = [
            models.UniqueConstraint(fields=["centre", "code"], name="dispatch_centre_certificate_once")
        ]
