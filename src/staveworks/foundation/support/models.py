"""Columns and constraints of support. Who may see which row stands in migration 0002."""

from django.db import models
from django.db.models.functions import Now

from staveworks.db.models import Base, Tenancy, shared
from staveworks.db.personal import TICKETS, about
from staveworks.foundation.support.types import State


class Ticket(Base):
    """One question to the operator, from an organisation, or from a person who belongs to none yet."""

    tenancy = shared("org_id", "operator_id", "person_id")
    personal = about("求助", "Tickets", "person_id", shows="org_id page first opened_at", kept=TICKETS)
    org = models.ForeignKey("parties.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    page = models.CharField(max_length=300, blank=True)
    first = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=[(s, s) for s in State], default=State.OPEN)
    opened_at = models.DateTimeField(db_default=Now())
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "support_ticket"
        indexes = [
            models.Index(fields=["operator", "state", "moved_at"], name="support_ticket_desk"),
            models.Index(fields=["org", "-moved_at"], name="support_ticket_own"),
        ]


class Entry(Base):
    """What one person wrote; append-only, seen by whoever sees the ticket."""

    tenancy = Tenancy("shared", ("ticket_id",))
    personal = about("求助里写的话", "What you wrote in tickets", "person_id", shows="text at", kept=TICKETS)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="entries")
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    by_operator = models.BooleanField()
    text = models.TextField(max_length=4000)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "support_entry"
        indexes = [models.Index(fields=["ticket", "at"], name="support_entry_order")]
