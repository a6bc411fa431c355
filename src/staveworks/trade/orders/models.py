"""Columns and constraints of orders. Who may see and move which row stands in ``sql/`` and migration 0002."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now

from staveworks.db.models import Base, private, shared
from staveworks.db.personal import RECORD, about
from staveworks.trade.orders.types import LineState

ORGANISATION, PERSON = "parties.Organisation", "parties.Person"


class Order(Base):
    """One buyer's order of many providers. It has no state of its own: its lines have. Its providers don't see it."""

    tenancy = private("buyer_org_id")
    personal = about(
        "开的订单", "Orders made", "made_by_id", shows="buyer_org_id number made_at", kept=RECORD
    )
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="counted for each buyer")
    note = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "orders_order"
        constraints = [
            models.UniqueConstraint(fields=["buyer_org", "number"], name="orders_order_numbered"),
            models.UniqueConstraint(fields=["buyer_org", "id"], name="orders_order_org_id_pair"),
        ]


class Line(Base):
    """One offer's version ordered of one provider, with its own state, price, deadline. Drafts are the buyer's alone."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField()
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("catalogue.Version", on_delete=models.PROTECT, related_name="+")
    request = models.JSONField()
    quote = models.JSONField(help_text="frozen as trade/catalogue/frozen.py writes it")
    price_fen = models.BigIntegerField()
    acceptance_days = models.PositiveIntegerField()
    state = models.CharField(
        max_length=20, choices=[(state, state) for state in LineState], default=LineState.DRAFT
    )
    chain_id = models.UUIDField(null=True, help_text="of its reservations")
    held_until = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True, help_text="when what it waits for lapses")
    accepted_fen = models.BigIntegerField(null=True, help_text="what stands of the price")
    fee_fen = models.BigIntegerField(default=0, help_text="what is owed though it fell away")
    reason = models.CharField(max_length=400, blank=True)
    by_both = models.BooleanField(
        db_default=False, help_text="it fell away because both sides agreed on something else"
    )
    placed_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(db_default=Now())
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "orders_line"
        constraints = [
            models.UniqueConstraint(fields=["order", "place"], name="orders_line_placed_once"),
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="orders_line_price"),
            models.CheckConstraint(condition=~Q(buyer_org=F("provider_org")), name="orders_line_two_parties"),
            models.CheckConstraint(
                condition=Q(accepted_fen=None) | Q(accepted_fen__gte=0, accepted_fen__lte=F("price_fen")),
                name="orders_line_accepted_within_price",
            ),
            models.CheckConstraint(
                condition=Q(fee_fen__gte=0, fee_fen__lte=F("price_fen")), name="orders_line_fee_within_price"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LineState.ACCEPTED, LineState.SETTLED])
                | Q(accepted_fen__isnull=False),
                name="orders_line_accepted_says_what",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LineState.PLACED, LineState.AWAITING_APPROVAL, LineState.DELIVERED])
                | Q(deadline_at__isnull=False),
                name="orders_line_waits_until",
            ),
            models.CheckConstraint(condition=Q(state__in=list(LineState)), name="orders_line_state"),
        ]
        indexes = [
            models.Index(fields=["provider_org", "state", "moved_at"], name="orders_line_desk"),
            models.Index(fields=["buyer_org", "state"], name="orders_line_of_buyer"),
            models.Index(
                fields=["deadline_at"],
                condition=Q(state__in=[LineState.AWAITING_APPROVAL, LineState.PLACED, LineState.DELIVERED]),
                name="orders_line_lapsing",
            ),
            models.Index(
                fields=["placed_at"], condition=Q(state=LineState.CONFIRMED), name="orders_line_expected"
            ),
        ]


class Approval(Base):
    """Somebody asks to place an order above the firm's limit; somebody else decides. One open at a time."""

    tenancy = private("buyer_org_id")
    personal = about(
        "订单审批",
        "Approvals of orders",
        "requested_by_id",
        "decided_by_id",
        shows="buyer_org_id amount_fen requested_at verdict decided_at",
        kept=RECORD,
    )
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="approvals")
    requested_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    amount_fen = models.BigIntegerField()
    limit_fen = models.BigIntegerField()
    rule = models.CharField(max_length=80, help_text="the rule's version that was in force")
    deadline_at = models.DateTimeField()
    verdict = models.CharField(
        max_length=10, blank=True, help_text="approved, refused, recalled, lapsed; empty: open"
    )
    own_up_to_fen = models.BigIntegerField(
        null=True, help_text="set where a sole owner approved her own: how much the rule let her"
    )
    decided_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "orders_approval"
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(verdict=""), name="orders_approval_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(verdict="approved")
                | Q(decided_by=None)
                | Q(requested_by=None)
                | ~Q(decided_by=F("requested_by"))
                | Q(own_up_to_fen__isnull=False, own_up_to_fen__gte=F("amount_fen")),
                name="orders_approval_by_another",
            ),
        ]


class Limit(models.Model):
    """Above this amount somebody else in the firm approves an order. Without a row the cluster's rule holds."""

    tenancy = private("org_id")
    personal = about("审批限额", "Limits set", "set_by_id", shows="org_id limit_fen set_at", kept=RECORD)
    org = models.OneToOneField(ORGANISATION, primary_key=True, on_delete=models.PROTECT, related_name="+")
    limit_fen = models.BigIntegerField()
    set_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "orders_limit"
        constraints = [models.CheckConstraint(condition=Q(limit_fen__gte=0), name="orders_limit_amount")]


class Part(Base):
    """One delivery of a line; append-only, seen by whoever sees the line."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "交付", "Deliveries", "delivered_by_id", shows="provider_org_id note delivered_at", kept=RECORD
    )
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="parts")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=1000)
    quantity = models.BigIntegerField(null=True)
    used = models.JSONField(
        db_default=Value([], models.JSONField()), help_text="of which counted resources how much"
    )
    last = models.BooleanField()
    delivered_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    delivered_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "orders_part"
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="orders_part_numbered"),
            models.UniqueConstraint(fields=["line"], condition=Q(last=True), name="orders_part_one_last"),
        ]


class Dispute(models.Model):
    """The buyer says that a delivered line doesn't stand whole. Settled when the provider agrees, or when the decider decides."""

    tenancy = shared("buyer_org_id", "provider_org_id", "decider_org_id")
    personal = about(
        "争议",
        "Disputes",
        "opened_by_id",
        "answered_by_id",
        "settled_by_id",
        shows="buyer_org_id provider_org_id opened_at settled_at",
        kept=RECORD,
    )
    line = models.OneToOneField(Line, primary_key=True, on_delete=models.PROTECT, related_name="dispute")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    decider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000)
    stands_fen = models.BigIntegerField()
    opened_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())
    answer_due_at = models.DateTimeField()
    decision_due_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=1000, blank=True)
    accepted_fen = models.BigIntegerField(null=True)
    settled_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "orders_dispute"
        constraints = [
            models.CheckConstraint(
                condition=~Q(decider_org=F("buyer_org")) & ~Q(decider_org=F("provider_org")),
                name="orders_dispute_decided_by_a_third",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, accepted_fen=None)
                | Q(settled_at__isnull=False, accepted_fen__gte=0),
                name="orders_dispute_settled_says_what",
            ),
        ]
