"""When work centres are free, as their firms said it, and when they said that it is still right."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import Base, shared
from staveworks.db.personal import RECORD, about
from staveworks.mechanisms.dispatch.models.centres import ORGANISATION, WorkCentre

PERSON = "parties.Person"


class WindowStatement(Base):
    """One statement: from day to day (both inside) so many hours a day, or such a share of the working hours, are free.

    Of several that cover a day the one with the highest ``number`` counts. Only that it is withdrawn is ever added.
    """

    tenancy = shared("org_id")
    personal = about(
        "空闲时间申报",
        "Free time declared",
        "by_id",
        shows="org_id first_date last_date declared_at",
        kept=RECORD,
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey(WorkCentre, on_delete=models.PROTECT, related_name="windows")
    number = models.PositiveIntegerField()
    first_date = models.DateField()
    last_date = models.DateField()
    day_hours = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    percent = models.PositiveSmallIntegerField(null=True)
    source = models.CharField(max_length=5, choices=[(each, each) for each in ("page", "sheet", "api")])
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    declared_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "dispatch_window"
        constraints = [
            models.UniqueConstraint(fields=["centre", "number"], name="dispatch_window_numbered"),
            models.CheckConstraint(condition=Q(last_date__gte=F("first_date")), name="dispatch_window_days"),
            models.CheckConstraint(
                condition=Q(day_hours__isnull=False, day_hours__gte=0, day_hours__lte=24, percent=None)
                | Q(day_hours=None, percent__isnull=False, percent__gte=0, percent__lte=100),
                name="dispatch_window_hours_or_share",
            ),
        ]
        indexes = [models.Index(fields=["org", "last_date"], name="dispatch_window_of_firm")]


class Confirmation(Base):
    """A firm says that all it declared is still right, at the database's clock. Append-only."""

    tenancy = shared("org_id")
    personal = about(
        "产能每周确认", "Weekly confirmations of capacity", "by_id", shows="org_id windows at", kept=RECORD
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    windows = models.PositiveIntegerField()
    by_link = models.BooleanField()
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "dispatch_confirmation"
        indexes = [models.Index(fields=["org", "-at"], name="dispatch_confirmation_last")]


class WindowSheet(Base):
    """A spreadsheet of windows that was loaded: what was taken over, and the rows that could not be, as they stood. Append-only."""

    tenancy = shared("org_id")
    personal = about(
        "上传的空闲时间表",
        "Sheets of free time loaded",
        "by_id",
        shows="org_id name taken at",
        kept=RECORD,
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    taken = models.PositiveIntegerField()
    repeated = models.PositiveIntegerField(help_text="rows that say what already stands")
    headers = models.JSONField()
    faults = models.JSONField(help_text="of each refused row: number, cells, column, zh, en")
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "dispatch_window_sheet"
