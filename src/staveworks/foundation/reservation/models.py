"""Columns and constraints; what the database keeps by triggers and functions stands in ``sql/``."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import Base, private, shared
from staveworks.foundation.reservation.types import OCCUPYING, Kind, State

SAME, OVERLAP = RangeOperators.EQUAL, RangeOperators.OVERLAPS
ORGANISATION = "parties.Organisation"


class Resource(Base):
    """What can be taken. ``capacity``: units of an exclusive one, the amount of a counted one (for each slot, if in slots).

    A *store* has none of its own: what there is is in its lots, counted resources that name it (``store``). Of them the one that
    ``ends_at`` soonest is taken from first, then the one that is there longest (``since_date``).
    """

    tenancy = private()
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in Kind])
    capacity = models.BigIntegerField()
    withdrawn_at = models.DateTimeField(null=True)
    store = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="lots")
    since_date = models.DateField(null=True)
    ends_at = models.DateTimeField(null=True, help_text="from then on nothing is taken from the lot")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "reservation_resource"
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=1) | Q(store__isnull=False, capacity=0),
                name="reservation_resource_some",
            ),
            models.CheckConstraint(
                condition=Q(store=None, since_date=None, ends_at=None)
                | Q(store__isnull=False, since_date__isnull=False, kind=Kind.COUNTED),
                name="reservation_resource_lot",
            ),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="reservation_resource_kind"),
        ]


class Counter(Base):
    """How much of a counted resource is taken in one slot; a stock without time has one slot that never ends.

    Slots of a resource don't overlap, or an amount would be sold once in each. ``used`` is written by trigger only.
    """

    tenancy = private()
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="counters")
    during = DateTimeRangeField()
    capacity = models.BigIntegerField()
    used = models.BigIntegerField(db_default=0)

    class Meta:
        db_table = "reservation_counter"
        constraints = [
            models.CheckConstraint(
                condition=Q(used__gte=0, used__lte=F("capacity")), name="reservation_counter_not_oversold"
            ),
            ExclusionConstraint(
                name="reservation_counter_slots_apart",
                expressions=[("resource", SAME), ("during", OVERLAP)],
            ),
        ]


class Reservation(Base):
    """Something is taken: one unit of an exclusive resource during a span, or a quantity of a counted one."""

    tenancy = shared("holder_id", "owner_id")
    chain_id = models.UUIDField()
    place = models.IntegerField(help_text="of the ask in its chain")
    subject_id = models.UUIDField(
        help_text="the holder's own thing, such as an order line; the kernel doesn't know it"
    )
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="reservations")
    unit = models.IntegerField(null=True)
    counter = models.ForeignKey(Counter, null=True, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.BigIntegerField()
    consumed = models.BigIntegerField(db_default=0)
    during = DateTimeRangeField()
    state = models.CharField(max_length=12, choices=[(state, state) for state in State])
    expires_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True, db_default="")
    made_at = models.DateTimeField(db_default=Now())
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "reservation_reservation"
        constraints = [
            ExclusionConstraint(
                name="reservation_no_overlap",
                expressions=[("resource", SAME), ("unit", SAME), ("during", OVERLAP)],
                condition=Q(state__in=list(OCCUPYING), unit__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) ^ Q(counter__isnull=True), name="reservation_unit_or_counter"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True)
                | Q(quantity=1, during__lower_inf=False, during__upper_inf=False, unit__gte=1),
                name="reservation_unit_has_time",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, consumed__gte=0, consumed__lte=F("quantity")),
                name="reservation_consumed_within",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HELD) | Q(expires_at__isnull=False), name="reservation_hold_ends"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.MAINTENANCE) | Q(holder=F("owner"), unit__isnull=False),
                name="reservation_maintenance_by_owner",
            ),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="reservation_state"),
        ]
        indexes = [
            models.Index(fields=["chain_id"], name="reservation_of_chain"),
            models.Index(fields=["subject_id"], name="reservation_of_subject"),
            models.Index(
                fields=["resource", "expires_at"], condition=Q(state=State.HELD), name="reservation_overdue"
            ),
        ]
