"""Columns and constraints of outreach. Who may see which row stands in migration 0002."""

from django.db import models
from django.db.models.functions import Now

from staveworks.db.models import Base, private
from staveworks.db.personal import RECORD, about
from staveworks.foundation.outreach.types import CallOutcome, CampaignState, TargetState


class Campaign(Base):
    """One invitation to the firms of a segment."""

    tenancy = private()
    personal = about(
        "建立的活动", "Campaigns made", "created_by_id", shows="org_id name created_at", kept=RECORD
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    segment = models.JSONField(help_text="the fields of types.Segment")
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in CampaignState], default=CampaignState.DRAFT
    )
    created_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outreach_campaign"


class Target(Base):
    """One firm of a campaign, once."""

    tenancy = private()
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="targets")
    firm = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=12, choices=[(s, s) for s in TargetState], default=TargetState.WAITING
    )
    moved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "outreach_target"
        constraints = [models.UniqueConstraint(fields=["campaign", "firm"], name="outreach_target_once")]
        indexes = [models.Index(fields=["campaign", "state", "id"], name="outreach_target_work")]


class Call(Base):
    """One call to a firm that nobody has claimed yet; append-only."""

    tenancy = private()
    personal = about("打过的电话", "Calls made", "person_id", shows="org_id outcome at", kept=RECORD)
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    firm = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.CharField(max_length=14, choices=[(o, o) for o in CallOutcome])
    note = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(db_default=Now())
    next_date = models.DateField(null=True)

    class Meta:
        db_table = "outreach_call"
        indexes = [models.Index(fields=["firm", "-at"], name="outreach_call_latest")]
