"""The log of deliveries, their attempts, the addresses not to be written to, and how fast one may write."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import COMMON, Base, shared
from staveworks.db.personal import about
from staveworks.foundation.notices.messages.types import Channel, DeliveryState

WAITING, UNDERWAY = DeliveryState.QUEUED.value, DeliveryState.SENDING.value


class Delivery(Base):
    """One message by one way. Belongs to the organisation it is about; its operator sees the log, and so does its ``carrier``,
    whose provider it went by (the platform's where a city has none of its own).

    ``id`` is also the token by which a provider knows it. ``bundle``: the kind with which it may go out as one (a template's code
    or ``digest``); ``batch``: the delivery that carried it. ``once``: a group's robot posts a thing once, not once a person.
    """

    tenancy = shared("org_id", "operator_id", "person_id", "carrier_id")
    personal = about(
        "消息投递",
        "Deliveries of messages",
        "person_id",
        shows="org_id template channel address state created_at sent_at",
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    carrier = models.ForeignKey(
        "parties.Organisation", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    message = models.ForeignKey("notices.Message", on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    gateway = models.ForeignKey("notices.Gateway", null=True, on_delete=models.SET_NULL, related_name="+")
    template = models.CharField(max_length=60)
    topic = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=[(c, c) for c in Channel])
    address = models.CharField(max_length=254, blank=True)
    address_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in DeliveryState])
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    bundle = models.CharField(max_length=60, blank=True)
    batch = models.UUIDField(null=True)
    once = models.CharField(max_length=140, null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "notices_delivery"
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DeliveryState]), name="notices_delivery_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state=UNDERWAY, lease_until__isnull=False)
                | (~Q(state=UNDERWAY) & Q(lease_until=None)),
                name="notices_delivery_lease_while_sending",
            ),
            models.UniqueConstraint(
                fields=["org", "gateway", "once"],
                condition=Q(once__isnull=False),
                name="notices_delivery_once_a_group",
            ),
            models.UniqueConstraint(
                fields=["message", "channel"], condition=Q(once=None), name="notices_delivery_one_a_channel"
            ),
        ]
        indexes = [
            models.Index(
                fields=["org", "channel", "-urgent", "due_at", "id"],
                condition=Q(state=WAITING),
                name="notices_delivery_due",
            ),
            models.Index(fields=["lease_until"], condition=Q(state=UNDERWAY), name="notices_delivery_leased"),
            models.Index(
                fields=["org", "person", "channel", "bundle"],
                condition=Q(state=WAITING) & ~Q(bundle=""),
                name="notices_delivery_bundle",
            ),
            models.Index(fields=["operator", "-created_at", "-id"], name="notices_delivery_newest"),
            models.Index(fields=["operator", "state", "-created_at"], name="notices_delivery_by_state"),
            models.Index(
                fields=["provider_id"], condition=~Q(provider_id=""), name="notices_delivery_provider"
            ),
            models.Index(fields=["batch"], condition=Q(batch__isnull=False), name="notices_delivery_batch"),
        ]


class Attempt(Base):
    """How one attempt of a delivery ended; only ever added. *unknown*: the sender died before it could say."""

    tenancy = shared("org_id", "operator_id")
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10)
    provider_id = models.CharField(max_length=120, blank=True)
    code = models.CharField(max_length=40, blank=True, help_text="the provider's")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "notices_attempt"
        indexes = [models.Index(fields=["delivery", "number"], name="notices_attempt_delivery")]


class Suppression(models.Model):
    """An address that isn't written to: it bounced for good, or said stop. By digest; ``topic`` blank means every topic."""

    tenancy = COMMON
    pk = models.CompositePrimaryKey("address_digest", "topic")
    address_digest = models.CharField(max_length=64)
    topic = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=10)
    masked = models.CharField(max_length=80)
    reason = models.CharField(max_length=12, choices=[(r, r) for r in ("bounced", "complained", "stopped")])
    detail = models.CharField(max_length=200, blank=True)
    operator = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "notices_suppression"
        indexes = [models.Index(fields=["operator", "-since"], name="notices_suppression_newest")]


class Bucket(models.Model):
    """A token bucket: what may be sent by one way, or to one address (by digest), without waiting."""

    tenancy = COMMON
    key = models.CharField(max_length=90, primary_key=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    class Meta:
        db_table = "notices_bucket"
