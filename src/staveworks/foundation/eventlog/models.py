"""The lowest tables: no foreign keys, only ids, digests and types; no personal data."""

from django.db import models
from django.db.models.functions import Now

from staveworks.db.models import COMMON, Base, private, shared
from staveworks.db.personal import CHAIN, about


class Event(Base):
    """One thing that happened to an organisation; ``via_org_id`` acted on it.

    The database adds ``xid`` and ``seq``, which give readers an order without gaps (migration 0002).
    """

    tenancy = shared("org_id", "via_org_id")
    personal = about("操作记录", "Audit trail", "person_id", "subject_id", shows="org_id type at", kept=CHAIN)
    org_id = models.UUIDField()
    type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    via_org_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "eventlog_event"
        indexes = [models.Index(fields=["org_id", "-at"], name="eventlog_event_org_at")]


class Seal(models.Model):
    """Link ``number`` of a node's hash chain: hash = SHA-256(previous hash ‖ digest of the event)."""

    tenancy = COMMON
    pk = models.CompositePrimaryKey("node", "number")
    node = models.CharField(max_length=40)
    number = models.BigIntegerField()
    event_id = models.UUIDField(unique=True)
    event_digest = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "eventlog_seal"


class Cursor(models.Model):
    """How far a reader of the log (the relay, the sealer) has come."""

    tenancy = COMMON
    reader = models.CharField(max_length=40, primary_key=True)
    xid = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)

    class Meta:
        db_table = "eventlog_cursor"


class IdempotencyKey(models.Model):
    """The answer once given to (organisation, endpoint, key); written with its effect. The key stays, the answer may be emptied."""

    tenancy = private()
    pk = models.CompositePrimaryKey("org_id", "endpoint", "key")
    org_id = models.UUIDField()
    endpoint = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    request_digest = models.BinaryField()
    status = models.SmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "eventlog_idempotency_key"
