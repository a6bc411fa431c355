"""Columns and constraints of tasks. Who may see which row, and what may follow what, stands in ``sql/`` and migration 0002."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import Base, private, shared
from staveworks.db.personal import RECORD, about
from staveworks.mechanisms.tasks.types.reports import Mark
from staveworks.mechanisms.tasks.types.results import Source, Verdict
from staveworks.mechanisms.tasks.types.samples import Rest, TaskStep
from staveworks.mechanisms.tasks.types.stock import EntryKind
from staveworks.mechanisms.tasks.types.subscriptions import MoveKind, Period

ORGANISATION, PERSON = "parties.Organisation", "parties.Person"
MARKS = [(mark, mark) for mark in Mark]


class Task(models.Model):
    """A test order: what a confirmed line asks of a laboratory. It has no state of its own."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    line = models.OneToOneField("orders.Line", primary_key=True, on_delete=models.PROTECT, related_name="+")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10, unique=True)
    rest = models.CharField(max_length=10, choices=[(each, each) for each in Rest])
    retention_days = models.PositiveIntegerField()
    rush = models.BooleanField()
    due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_task"
        indexes = [
            models.Index(fields=["provider_org", "due_at"], name="tasks_task_desk"),
            models.Index(fields=["buyer_org", "opened_at"], name="tasks_task_of_buyer"),
        ]


class Sample(Base):
    """One piece that the buyer sends; ``code`` stands on its label."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="samples")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=10, unique=True)

    class Meta:
        db_table = "tasks_sample"
        constraints = [models.UniqueConstraint(fields=["task", "number"], name="tasks_sample_numbered")]


class Custody(Base):
    """One link of a sample's chain of custody: append-only, in the order of ``number``, at the database's clock."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "样品交接", "Custody of samples", "by_id", shows="provider_org_id step place note at", kept=RECORD
    )
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="custody")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=10, choices=[(step, step) for step in TaskStep])
    place = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_custody"
        constraints = [models.UniqueConstraint(fields=["sample", "number"], name="tasks_custody_numbered")]


class Test(Base):
    """One item by one method on one sample, as it was ordered."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="tests")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    item = models.CharField(max_length=120)
    item_en = models.CharField(max_length=120)
    method = models.CharField(max_length=120)

    class Meta:
        db_table = "tasks_test"
        constraints = [models.UniqueConstraint(fields=["sample", "place"], name="tasks_test_placed")]


class Result(Base):
    """What a test gave: append-only, a correction is the next number. ``laboratory``: the second one, if it was not the provider."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "检测结果",
        "Test results",
        "recorded_by_id",
        shows="provider_org_id value unit recorded_at",
        kept=RECORD,
    )
    test = models.ForeignKey(Test, on_delete=models.PROTECT, related_name="results")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    value = models.CharField(max_length=200)
    unit = models.CharField(max_length=40, blank=True)
    verdict = models.CharField(max_length=4, blank=True, choices=[(each, each) for each in Verdict])
    tested_on = models.DateField()
    laboratory = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=5, choices=[(each, each) for each in Source])
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_result"
        constraints = [
            models.UniqueConstraint(fields=["test", "number"], name="tasks_result_numbered"),
            models.CheckConstraint(condition=~Q(value=""), name="tasks_result_says_something"),
        ]


class Scope(Base):
    """A laboratory's accreditation for one item by one method; everybody reads it. Only its end may be brought forward."""

    tenancy = shared("org_id")
    personal = about(
        "资质登记",
        "Scopes recorded",
        "recorded_by_id",
        shows="org_id mark item method recorded_at",
        kept=RECORD,
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=4, choices=MARKS)
    certificate = models.CharField(max_length=60)
    item = models.CharField(max_length=120)
    method = models.CharField(max_length=120)
    from_date = models.DateField()
    until_date = models.DateField()
    ended_date = models.DateField(null=True, help_text="the last day, where it ended before until_date")
    recorded_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_scope"
        constraints = [
            models.CheckConstraint(condition=Q(until_date__gte=F("from_date")), name="tasks_scope_dates"),
            models.CheckConstraint(
                condition=Q(ended_date=None) | Q(ended_date__lt=F("until_date")),
                name="tasks_scope_ended_before",
            ),
            models.CheckConstraint(condition=Q(mark__in=list(Mark)), name="tasks_scope_mark"),
        ]
        indexes = [models.Index(fields=["org", "mark", "item", "method"], name="tasks_scope_looked_up")]


class Report(Base):
    """One version of one report: append-only. The file is the provider's; its digest is what both can hold it against."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "检测报告",
        "Reports issued",
        "issued_by_id",
        shows="provider_org_id series version sha256 issued_at",
        kept=RECORD,
    )
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reports")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    series = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    marks = ArrayField(models.CharField(max_length=4, choices=MARKS), default=list)
    states = models.PositiveIntegerField(help_text="how many results it states")
    reason = models.CharField(max_length=400, blank=True, help_text="why it replaces the one before")
    issued_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    issued_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_report"
        constraints = [
            models.UniqueConstraint(fields=["task", "series", "version"], name="tasks_report_versioned"),
            models.CheckConstraint(condition=Q(states__gte=1), name="tasks_report_states_something"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="tasks_report_replaced_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(marks__contained_by=list(Mark)), name="tasks_report_marks_are_known"
            ),
        ]


class Reported(Base):
    """That a report states a result; append-only. Marks are held against the scope here."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="stated")
    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="reported")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "tasks_reported"
        constraints = [models.UniqueConstraint(fields=["report", "result"], name="tasks_reported_once")]


class Stock(models.Model):
    """A good that a provider keeps in lots: a store in the kernel. Everybody reads what it is and in what it is counted."""

    tenancy = shared("org_id")
    resource = models.OneToOneField(
        "reservation.Resource", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    unit_en = models.CharField(max_length=20)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_stock"
        constraints = [models.UniqueConstraint(fields=["org", "name"], name="tasks_stock_named")]


class StockLot(models.Model):
    """Goods of one receipt; how much there is of them the kernel knows. Its buyers read its number."""

    tenancy = shared("org_id")
    resource = models.OneToOneField(
        "reservation.Resource", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="lots")
    number = models.CharField(max_length=60)
    received_date = models.DateField()
    best_before = models.DateField(null=True, help_text="the last day on which it is sold")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_stock_lot"
        constraints = [
            models.UniqueConstraint(fields=["stock", "number"], name="tasks_stock_lot_numbered"),
            models.CheckConstraint(condition=~Q(number=""), name="tasks_stock_lot_has_a_number"),
        ]


class StockEntry(Base):
    """Why the amount of a lot is what it is: received, then corrected with a reason. Append-only."""

    tenancy = private()
    personal = about(
        "库存登记", "Entries of stock", "by_id", shows="org_id kind change reason at", kept=RECORD
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(StockLot, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in EntryKind])
    change = models.BigIntegerField()
    reason = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_stock_entry"
        constraints = [
            models.UniqueConstraint(fields=["lot", "number"], name="tasks_stock_entry_numbered"),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.RECEIVED, number=1, change__gt=0)
                | Q(kind=EntryKind.CORRECTED, number__gt=1) & ~Q(reason="") & ~Q(change=0),
                name="tasks_stock_entry_says_why",
            ),
        ]


class Weekly(models.Model):
    """How many units a provider takes each week, of all offers that name it; a counted resource in slots of a week. Anybody reads it."""

    tenancy = shared("org_id")
    resource = models.OneToOneField(
        "reservation.Resource", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_weekly"
        constraints = [models.UniqueConstraint(fields=["org", "name"], name="tasks_weekly_named")]


class Subscription(Base):
    """An offer ordered anew each period, begun by the line that its provider confirmed. Its state follows from its moves and its end."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    line = models.OneToOneField("orders.Line", on_delete=models.PROTECT, related_name="+")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=10, choices=[(each, each) for each in Period])
    notice_days = models.PositiveIntegerField()
    price_fen = models.BigIntegerField(help_text="of the first period")
    first_date = models.DateField()
    zone = models.CharField(max_length=40)
    last_number = models.PositiveIntegerField(null=True, help_text="the last period, once it is ended")

    class Meta:
        db_table = "tasks_subscription"
        constraints = [
            models.CheckConstraint(condition=Q(period__in=list(Period)), name="tasks_subscription_period")
        ]
        indexes = [
            models.Index(fields=["buyer_org", "first_date"], name="tasks_subscription_of_buyer"),
            models.Index(fields=["provider_org", "first_date"], name="tasks_subscription_desk"),
        ]


class SubscriptionPeriod(Base):
    """One period and its line; without one it was paused, or its price not approved, when it began. Append-only."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="periods")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    starts_date = models.DateField()
    line = models.OneToOneField("orders.Line", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "tasks_subscription_period"
        constraints = [
            models.UniqueConstraint(fields=["subscription", "number"], name="tasks_subscription_period_once")
        ]


class SubscriptionMove(Base):
    """Paused or gone on, at the database's clock. Append-only."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "订阅的暂停与恢复",
        "Subscriptions paused and resumed",
        "by_id",
        shows="buyer_org_id provider_org_id kind at",
        kept=RECORD,
    )
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="moves")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(each, each) for each in MoveKind])
    by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "tasks_subscription_move"


class SubscriptionPrice(Base):
    """A price announced: it holds from period ``number`` on. Only that the buyer keeps it is added."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="prices")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    price_fen = models.BigIntegerField()
    announced_at = models.DateTimeField(db_default=Now())
    kept_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "tasks_subscription_price"
        constraints = [
            models.CheckConstraint(condition=Q(price_fen__gte=0), name="tasks_subscription_price_amount"),
            models.UniqueConstraint(fields=["subscription", "number"], name="tasks_subscription_price_once"),
        ]
