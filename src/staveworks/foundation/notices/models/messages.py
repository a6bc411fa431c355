"""What is said (messages), how it is worded (template versions), by which ways (gateways), and what people prefer."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import COMMON, Base, private, shared
from staveworks.db.personal import RECORD, about
from staveworks.foundation.notices.messages.domain import DIGEST_AT, QUIET_FROM, QUIET_TO
from staveworks.foundation.notices.messages.types import Channel, Form


class Message(Base):
    """Something said once to one recipient: a person (then it stands in her inbox) or a bare address.

    ``key`` is the sender's: the same twice is one message. ``link`` is sealed, since it may hold a secret. ``version``: the
    operator's wording at that time, null for the shipped one.
    """

    tenancy = shared("org_id", "person_id")
    personal = about(
        "消息", "Messages", "person_id", "sent_by_id", shows="org_id template created_at read_at"
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    template = models.CharField(max_length=60)
    topic = models.CharField(max_length=40)
    version = models.PositiveIntegerField(null=True)
    params = models.JSONField(default=dict)
    link = models.BinaryField(default=bytes)
    about = models.UUIDField(null=True, help_text="the thing it is about, of any room")
    key = models.CharField(max_length=200)
    language = models.CharField(
        max_length=2, blank=True, help_text="for a bare address; a person has her own"
    )
    urgent = models.BooleanField(default=False)
    deadline = models.DateTimeField(null=True)
    sent_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True, help_text="when its content was dropped")

    class Meta:
        db_table = "notices_message"
        constraints = [models.UniqueConstraint(fields=["org", "key"], name="notices_message_key_once")]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="notices_message_inbox"),
            models.Index(
                fields=["person"], condition=Q(read_at=None, forgotten_at=None), name="notices_message_unread"
            ),
            models.Index(fields=["org", "about"], name="notices_message_about"),
            models.Index(
                fields=["created_at"], condition=Q(forgotten_at=None), name="notices_message_retention"
            ),
        ]


class TemplateVersion(Base):
    """An operator's wording of one form of a template; the highest number holds. Without texts it is the shipped one again."""

    tenancy = private()
    personal = about(
        "改写的消息模板",
        "Message templates reworded",
        "made_by_id",
        shows="org_id template made_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=60)
    form = models.CharField(max_length=10, choices=[(form, form) for form in Form])
    number = models.PositiveIntegerField()
    texts = models.JSONField(null=True, help_text="subject and body in both languages")
    made_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "notices_template_version"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "template", "form", "number"], name="notices_template_version_once"
            )
        ]


class Gateway(Base):
    """A way out that an organisation has connected: the operator's e-mail or SMS provider, or a group's robot.

    ``secrets`` are sealed and never shown. ``topics``: what a robot posts. Found by its id alone when its provider calls back.
    """

    tenancy = shared("org_id", "id")
    personal = about(
        "接入的发送渠道",
        "Channels connected",
        "changed_by_id",
        shows="org_id channel changed_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10, choices=[(c, c) for c in Channel if c is not Channel.APP])
    name = models.CharField(max_length=80)
    config = models.JSONField(default=dict)
    secrets = models.BinaryField(default=bytes)
    topics = ArrayField(models.CharField(max_length=40), default=list)
    enabled = models.BooleanField(default=True)
    a_minute = models.PositiveIntegerField(default=60, help_text="messages a minute in the long run")
    at_once = models.PositiveIntegerField(default=20, help_text="messages without waiting, after a pause")
    failing_since = models.DateTimeField(null=True)
    changed_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "notices_gateway"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "channel"],
                condition=Q(channel__in=[Channel.EMAIL.value, Channel.SMS.value]),
                name="notices_gateway_one_provider",
            ),
            models.CheckConstraint(
                condition=Q(a_minute__gte=1) & Q(at_once__gte=1), name="notices_gateway_some_rate"
            ),
        ]


class Preference(models.Model):
    """How a person wants to be reached. *Common*: whoever writes to her has to know; holds no address.

    ``choices``: topic → {"email": …, "sms": …}, only what she chose herself. ``zone`` blank: that of the organisation's city.
    The hours count only where she has ``own_hours``; else the rule's do, also after it changes.
    """

    tenancy = COMMON
    personal = about(
        "消息偏好",
        "Message preferences",
        "person_id",
        shows="language zone own_hours quiet_from quiet_to digest_at choices changed_at",
    )
    person = models.OneToOneField(
        "parties.Person", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(max_length=2, default="zh", choices=[("zh", "zh"), ("en", "en")])
    zone = models.CharField(max_length=40, blank=True)
    own_hours = models.BooleanField(default=False, db_default=True)
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_to = models.TimeField(default=QUIET_TO)
    digest_at = models.TimeField(default=DIGEST_AT)
    choices = models.JSONField(default=dict)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "notices_preference"


class SinkEntry(models.Model):
    """What the local sink took in place of a real provider: its ``id`` is the sender's token, ``receipts`` counts repeats."""

    tenancy = shared("operator_id")
    id = models.UUIDField(primary_key=True)
    operator = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=400, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    receipts = models.PositiveIntegerField(default=1)
    taken_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "notices_sink_entry"
        indexes = [models.Index(fields=["operator", "-taken_at"], name="notices_sink_entry_newest")]
