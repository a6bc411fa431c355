"""Columns and constraints of the ledger. What moves a balance, and who may, stands in ``sql/``.

No table holds a person: who posted what is in the event log.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import COMMON, Base, Tenancy, private
from staveworks.foundation.ledger.types import CUSTOMERS_MONEY, AccountKind, State


class Account(Base):
    """Of one organisation; seen by nobody else. ``balance`` and ``held`` are written by the database alone.

    ``operator`` is set when it is opened: whether it belongs to an operator, who may not owe customers' money.
    """

    tenancy = private()
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    counterparty = models.ForeignKey(
        "parties.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    currency = models.CharField(max_length=3)
    operator = models.BooleanField(db_default=False)
    floor = models.BigIntegerField(null=True)
    balance = models.BigIntegerField(db_default=0)
    held = models.BigIntegerField(db_default=0)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "ledger_account"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind", "counterparty", "currency"],
                nulls_distinct=False,
                name="ledger_account_one_of_each",
            ),
            models.CheckConstraint(
                condition=Q(floor=None) | Q(balance__gte=F("floor") + F("held")), name="ledger_account_floor"
            ),
            models.CheckConstraint(condition=Q(held__gte=0), name="ledger_account_held"),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="ledger_account_currency"),
            models.CheckConstraint(condition=Q(kind__in=list(AccountKind)), name="ledger_account_kind"),
            models.CheckConstraint(
                condition=Q(operator=False) | ~Q(kind__in=CUSTOMERS_MONEY),
                name="ledger_account_no_customers_money",
            ),
            models.CheckConstraint(
                condition=Q(operator=False)
                | ~Q(kind__in=[AccountKind.RECEIVABLE, AccountKind.BANK])
                | Q(floor__isnull=False, floor__gte=0),
                name="ledger_account_operator_claims_only",
            ),
        ]


class Transfer(Base):
    """Seen by the parties in whose books it has postings. Only its state moves, and with it the day on which it counts."""

    tenancy = Tenancy("shared", ("id",))
    chain_id = models.UUIDField(help_text="the first transfer of its chain, or itself")
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=[(state, state) for state in State])
    day = models.DateField()
    subject_id = models.UUIDField()
    reverses = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    legs = models.SmallIntegerField()
    rules = models.JSONField()
    digest = models.BinaryField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "ledger_transfer"
        constraints = [
            models.UniqueConstraint(
                fields=["reverses"],
                condition=Q(reverses__isnull=False),
                name="ledger_transfer_reversed_once",
            ),
            models.CheckConstraint(condition=Q(legs__gte=2), name="ledger_transfer_legs"),
            models.CheckConstraint(
                condition=Q(reverses=None) | Q(state=State.POSTED), name="ledger_transfer_reversal_posted"
            ),
            models.CheckConstraint(condition=~Q(reverses=F("id")), name="ledger_transfer_not_itself"),
        ]
        indexes = [
            models.Index(fields=["subject_id"], name="ledger_transfer_subject"),
            models.Index(
                fields=["chain_id"], condition=Q(state=State.PENDING), name="ledger_transfer_pending"
            ),
        ]


class Posting(models.Model):
    """Append-only; of one organisation, which sees no other of the same transfer."""

    tenancy = private()
    pk = models.CompositePrimaryKey("transfer_id", "account_id")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="postings", db_index=False)
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="postings", db_constraint=False
    )
    org_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()

    class Meta:
        db_table = "ledger_posting"
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_posting_amount"),
        ]


class Closing(Base):
    """The books of the whole cluster are closed through a day; append-only. The database counts what was posted until then."""

    tenancy = COMMON
    through = models.DateField(unique=True)
    transfers = models.BigIntegerField(db_default=0)
    turnover = models.JSONField(db_default=models.Value({}, models.JSONField()))
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "ledger_closing"
