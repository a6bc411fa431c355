"""What waits for somebody, the links that open it, and who was reminded of it. Who may see which row: migration 0002."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import Base, private, shared
from staveworks.db.personal import RECORD, about
from staveworks.foundation.notices.todo_types import LinkPurpose, Step, TodoState


class Todo(Base):
    """One thing to do in an organisation by whoever has its kind's right there, or by ``person`` alone.

    ``kind`` is a row of ``kinds/``, ``subject_id`` the thing in its room. A closed one stays as it is; if the thing waits
    again, it is a new one.
    """

    tenancy = shared("org_id", "person_id")
    personal = about(
        "待办",
        "To-dos",
        "person_id",
        "holder_id",
        "done_by_id",
        shows="org_id kind state since closed_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="todos")
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    person = models.ForeignKey(
        "parties.Person", null=True, on_delete=models.CASCADE, related_name="own_todos"
    )
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=[(s, s) for s in TodoState], default=TodoState.OPEN)
    since = models.DateTimeField(help_text="when the thing began to wait, as its room says")
    due_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(db_default=Now())
    holder = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    snoozed_until = models.DateField(null=True, help_text="shown again from this day on")
    closed_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    done_via_org_id = models.UUIDField(null=True)
    by_link = models.BooleanField(default=False)
    by_hand = models.BooleanField(
        default=False, help_text="somebody said so; the thing itself may still wait"
    )

    class Meta:
        db_table = "notices_todo"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind", "subject_id"],
                condition=Q(state=TodoState.OPEN),
                name="notices_todo_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state=TodoState.OPEN, closed_at=None)
                | (~Q(state=TodoState.OPEN) & ~Q(closed_at=None)),
                name="notices_todo_closed_is_dated",
            ),
        ]
        indexes = [
            models.Index(
                fields=["org", "due_at"], condition=Q(state=TodoState.OPEN), name="notices_todo_open"
            ),
            models.Index(fields=["person"], condition=Q(state=TodoState.OPEN), name="notices_todo_of_person"),
            models.Index(fields=["due_at"], condition=Q(state=TodoState.OPEN), name="notices_todo_due"),
            models.Index(fields=["org", "-closed_at"], name="notices_todo_closed"),
        ]


class TapLink(Base):
    """A link that opens or decides one to-do for one person without signing in; only the digest of its token is kept."""

    tenancy = shared("org_id", "token_digest")
    personal = about(
        "一次性链接", "One-tap links", "person_id", shows="org_id purpose created_at expires_at used_at"
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    todo = models.ForeignKey(Todo, on_delete=models.CASCADE, related_name="links")
    person = models.ForeignKey("parties.Person", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=10, choices=[(p, p) for p in LinkPurpose])
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    uses = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True, help_text="when it was used up, where it works once")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notices_tap_link"
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="notices_tap_link_ends_later"
            )
        ]


class Escalation(Base):
    """A step that was taken because a to-do's deadline came near or passed: each once (unique), never taken back."""

    tenancy = private()
    org = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    todo = models.ForeignKey(Todo, on_delete=models.CASCADE, related_name="escalations")
    step = models.CharField(max_length=10, choices=[(s, s) for s in Step])
    told = models.PositiveSmallIntegerField(default=0, help_text="how many people")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "notices_escalation"
        constraints = [
            models.UniqueConstraint(fields=["todo", "step"], name="notices_escalation_each_step_once")
        ]
