"""Columns and constraints; decisions are in ``domain.py``, policies and guards in ``sql``."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import Base, shared
from staveworks.db.personal import LOG, RECORD, about

SAME, OVERLAP = RangeOperators.EQUAL, RangeOperators.OVERLAPS


class Grant(Base):
    """A firm lets an organisation, or a kind of organisations, see some fields for one purpose, from–until.

    Only ever withdrawn, never changed (trigger): the database's clock dates the beginning and the end.
    """

    tenancy = shared("org_id", "grantee_id", "grantee_kind")
    personal = about(
        "给出或撤回的授权",
        "Grants given or withdrawn",
        "given_by_id",
        "withdrawn_by_id",
        shows="org_id purpose given_at withdrawn_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="grants_given")
    grantee = models.ForeignKey(
        "parties.Organisation", null=True, on_delete=models.PROTECT, related_name="grants_held"
    )
    grantee_kind = models.CharField(max_length=20, null=True)
    purpose = models.CharField(max_length=20)
    fields = ArrayField(models.CharField(max_length=20))
    during = DateTimeRangeField()
    until = models.DateTimeField(
        null=True, help_text="the end it was given with, exclusive; ``during`` ends earlier if withdrawn"
    )
    agreement = models.ForeignKey(
        "parties.Agreement", null=True, on_delete=models.PROTECT, related_name="grants"
    )
    given_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "facts_grant"
        constraints = [
            models.CheckConstraint(
                condition=Q(grantee=None) ^ Q(grantee_kind=None), name="facts_grant_one_grantee"
            ),
            models.CheckConstraint(condition=Q(fields__len__gte=1), name="facts_grant_some_field"),
            models.CheckConstraint(condition=~Q(org=models.F("grantee")), name="facts_grant_not_to_itself"),
            ExclusionConstraint(
                name="facts_grant_one_live",
                expressions=[("org", SAME), ("grantee", SAME), ("purpose", SAME), ("during", OVERLAP)],
                condition=Q(grantee__isnull=False),
            ),
            ExclusionConstraint(
                name="facts_grant_one_live_of_kind",
                expressions=[("org", SAME), ("grantee_kind", SAME), ("purpose", SAME), ("during", OVERLAP)],
                condition=Q(grantee_kind__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["org"], condition=Q(withdrawn_at=None), name="facts_grant_live_of_firm")
        ]


class ConfirmedKind(Base):
    """The platform's operator has checked that an organisation is what it says it is, and where. Everybody may read it.

    ``place`` is kept, since an organisation changes its own city at will: a grant to "the government of my place" must not follow.
    """

    tenancy = shared("confirmed_by_org_id")
    personal = about(
        "确认的机构类别",
        "Kinds of institutions confirmed",
        "confirmed_by_id",
        shows="org_id kind confirmed_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="confirmed_kinds")
    kind = models.CharField(max_length=20)
    place = models.CharField(max_length=6, blank=True, help_text="its city when it was confirmed")
    confirmed_by_org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "facts_confirmed_kind"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind"], condition=Q(withdrawn_at=None), name="facts_confirmed_kind_once_live"
            )
        ]


class Reading(Base):
    """One logged reading of others' data: who, for what purpose, which fields at most. Opens sight; see ``reading.py``.

    ``firms`` is null while it is under way and must be filled in before its transaction ends (deferred trigger).
    """

    tenancy = shared("org_id")
    personal = about(
        "查看他人资料的记录", "Looks at others’ data", "person_id", shows="org_id purpose door at", kept=LOG
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    person_id = models.UUIDField(null=True)
    via_org_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=20)
    fields = ArrayField(models.CharField(max_length=20))
    door = models.CharField(max_length=10)
    aggregate = models.BooleanField(default=False, help_text="only figures over many firms left it")
    firms = models.PositiveIntegerField(null=True, help_text="whose data were read by their grant")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "facts_reading"
        indexes = [models.Index(fields=["at"], name="facts_reading_by_age")]


class Read(models.Model):
    """Whose data a reading read: one row for each firm, which sees it. Append-only."""

    tenancy = shared("org_id", "reader_org_id")
    personal = about("看过哪些企业", "Firms looked at", "person_id", shows="org_id purpose door at", kept=LOG)
    pk = models.CompositePrimaryKey("reading_id", "org_id")
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="reads")
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="reads")
    reader_org_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=20)
    fields = ArrayField(models.CharField(max_length=20))
    door = models.CharField(max_length=10)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "facts_read"
        indexes = [
            models.Index(fields=["org", "-at"], name="facts_read_newest"),
            models.Index(fields=["at"], name="facts_read_by_age"),
        ]


class Fact(Base):
    """A dated, sourced statement about a firm; append-only. What holds of a field is derived (``domain.known_of``).

    ``value`` null takes back what the source said before. Personal values may be erased in place (``erased_at``), nothing else changes.
    """

    tenancy = shared("org_id", "stated_by_org_id")
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="facts")
    field = models.CharField(max_length=140)
    topic = models.CharField(max_length=20, help_text="the field of a grant that opens it")
    value = models.JSONField(null=True)
    grade = models.CharField(max_length=10)
    source = models.CharField(max_length=12)
    source_id = models.UUIDField()
    source_name = models.CharField(max_length=240, blank=True, help_text="which list and row, which rubric")
    stated_by_org_id = models.UUIDField(null=True)
    stated_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    rule = models.CharField(
        max_length=80, blank=True, help_text="the rule's version that set ``valid_until``"
    )
    recorded_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "facts_fact"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "source", "source_id", "field", "grade", "stated_at"],
                name="facts_fact_stated_once",
            )
        ]
        indexes = [models.Index(fields=["source_id"], name="facts_fact_of_source")]


class Correction(Base):
    """A firm asks whoever stated something about it to correct it; shared by both."""

    tenancy = shared("org_id", "decider_org_id")
    personal = about(
        "更正申请",
        "Requests for correction",
        "asked_by_id",
        "decided_by_id",
        shows="org_id state asked_at decided_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="corrections")
    decider_org = models.ForeignKey(
        "parties.Organisation", on_delete=models.PROTECT, related_name="corrections_to_decide"
    )
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="corrections")
    asked = models.CharField(
        max_length=400, blank=True, help_text="what it should say; empty: not known, take it out"
    )
    reason = models.CharField(max_length=400)
    asked_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, default="open")
    answer = models.CharField(max_length=400, blank=True)
    decided_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "facts_correction"
        constraints = [
            models.UniqueConstraint(
                fields=["fact"], condition=Q(state="open"), name="facts_correction_one_open"
            )
        ]
