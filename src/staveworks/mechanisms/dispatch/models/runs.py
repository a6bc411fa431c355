"""What is to be made, what was asked, what was answered, and what each firm was told of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import Base, private, shared
from staveworks.db.personal import RECORD, about
from staveworks.mechanisms.dispatch.types.runs import RunKind, RunState, ShareEnd

ORGANISATION, PERSON = "parties.Organisation", "parties.Person"


class Demand(Base):
    """Lines of a season as somebody sent or typed them, faulty rows included. May change: a run keeps what it was given."""

    tenancy = private()
    personal = about(
        "上传的待排订单", "Demand uploaded", "made_by_id", shows="org_id name made_at", kept=RECORD
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    tables = models.BinaryField(help_text="zlib of JSON: table → rows, each a column → value")
    faults = models.JSONField(default=list, help_text="what can't be read: table, row, column, text")
    lines = models.PositiveIntegerField()
    with_capacity = models.BooleanField(help_text="the workbook brings its own work centres")
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "dispatch_demand"
        indexes = [models.Index(fields=["org", "-made_at"], name="dispatch_demand_newest")]


class Inputs(Base):
    """A problem, frozen: the same digest is the same problem. ``names``: what ids in it are called, by kind."""

    tenancy = private()
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the tables")
    tables = models.BinaryField(help_text="zlib of JSON: the tables as the command reads them")
    names = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "dispatch_inputs"
        constraints = [models.UniqueConstraint(fields=["org", "digest"], name="dispatch_inputs_once")]


class Run(Base):
    """One question put to the engine, and how far it has come. A what-if is a run upon another that nobody has accepted (yet)."""

    tenancy = private()
    personal = about(
        "发起的排产", "Dispatch runs started", "made_by_id", shows="org_id name made_at", kept=RECORD
    )
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=[(each, each) for each in RunKind])
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    demand = models.ForeignKey(Demand, null=True, on_delete=models.SET_NULL, related_name="+")
    inputs = models.ForeignKey(Inputs, on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField(default=list, help_text="what is different from the base")
    first_date = models.DateField(help_text="the Monday of bucket 0")
    buckets = models.PositiveSmallIntegerField()
    seed = models.PositiveIntegerField()
    engine = models.CharField(max_length=40, help_text="version")
    rules = ArrayField(models.CharField(max_length=60), default=list, help_text="versions that were in force")
    lines = models.PositiveIntegerField()
    firms = models.PositiveIntegerField()
    cities = models.PositiveIntegerField()
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    state = models.CharField(
        max_length=10, choices=[(each, each) for each in RunState], default=RunState.QUEUED
    )
    attempt = models.PositiveSmallIntegerField(default=0, help_text="only the newest may write")
    trail = models.JSONField(default=list, help_text="seconds, objective, bound, as they moved")
    reason = models.JSONField(null=True, help_text="why it failed, in both languages")
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True, help_text="the last sign of life")
    stop_asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    discarded_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=400, db_default="", help_text="firms read it")
    replay = models.JSONField(null=True, help_text="asked_at, at, same, digest")

    class Meta:
        db_table = "dispatch_run"
        indexes = [models.Index(fields=["org", "-made_at"], name="dispatch_run_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="run") | Q(base__isnull=False), name="dispatch_run_upon_another"
            ),
            models.CheckConstraint(
                condition=Q(base__isnull=True) | ~Q(base=F("id")), name="dispatch_run_not_upon_itself"
            ),
        ]


class Answer(Base):
    """What the engine answered, and what was made of it once for the pages. Never changes."""

    tenancy = private()
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="answer")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the allocations and prices")
    arrays = models.BinaryField(help_text="npz: allocations, prices, lines (documents.py)")
    report = models.JSONField(help_text="what the pages show (domain/report.py)")
    bars = models.BinaryField(help_text="zlib of JSON: the plan as bars")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "dispatch_answer"


class Share(Base):
    """What a firm was told when a run was published: its work, and why it got it or didn't. Written once, for it alone; only its end
    is added: a later plan replaced it, or it was withdrawn."""

    tenancy = shared("org_id", "firm_id")
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="shares")
    name = models.CharField(max_length=120)
    first_date = models.DateField()
    work = models.JSONField(help_text="lots: line, family, operation, week, quantity, hours, pay")
    reasons = models.JSONField(help_text="by operation: hours declared and used, why not more")
    published_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, db_default="", choices=[(each, each) for each in ShareEnd])
    ended_why = models.CharField(max_length=400, db_default="")

    class Meta:
        db_table = "dispatch_share"
        indexes = [models.Index(fields=["firm", "-published_at"], name="dispatch_share_newest")]
        constraints = [models.UniqueConstraint(fields=["run", "firm"], name="dispatch_share_once")]
