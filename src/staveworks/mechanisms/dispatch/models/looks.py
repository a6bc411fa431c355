"""Who looked at the capacity of firms, and whose limit was lifted."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import Base, shared
from staveworks.db.personal import LOG, RECORD, about
from staveworks.mechanisms.dispatch.models.centres import ORGANISATION


class CapacityReading(Base):
    """One look at firms' capacity: opens sight in its own transaction only (``reading.py``). ``firms`` is null while it is under way.

    ``scope``: ``dispatch`` shows prices too, ``heat`` hours only; ``place``: the first digits of the place's code, empty for everywhere.
    """

    tenancy = shared("org_id")
    personal = about(
        "查看企业产能的记录", "Looks at firms’ capacity", "person_id", shows="org_id scope at", kept=LOG
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True)
    via_org_id = models.UUIDField(null=True)
    scope = models.CharField(max_length=8, choices=[("dispatch", "dispatch"), ("heat", "heat")])
    place = models.CharField(max_length=6, blank=True)
    firms = models.PositiveIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "dispatch_reading"


class CapacityLook(models.Model):
    """A firm whose prices or windows a reading showed; the firm sees it. Append-only."""

    tenancy = shared("org_id", "reader_org_id")
    pk = models.CompositePrimaryKey("reading_id", "org_id")
    reading = models.ForeignKey(CapacityReading, on_delete=models.PROTECT, related_name="looks")
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    reader_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=8)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "dispatch_look"
        indexes = [models.Index(fields=["org", "-at"], name="dispatch_look_of_firm")]


class LimitLifted(Base):
    """The operator lets a new firm off the limits of its trial (or takes that back), with a reason. Append-only; the last one counts."""

    tenancy = shared("org_id", "operator_org_id")
    personal = about(
        "试单限额的决定",
        "Decisions about limits of trials",
        "by_id",
        shows="operator_org_id lifted reason at",
        kept=RECORD,
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    operator_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    lifted = models.BooleanField()
    reason = models.CharField(max_length=400)
    by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "dispatch_limit_lifted"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="dispatch_limit_lifted_says_why")]
        indexes = [models.Index(fields=["org", "-at"], name="dispatch_limit_lifted_last")]
