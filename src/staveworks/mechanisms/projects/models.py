"""Columns and constraints of projects. Who may see which row and when, and what stays, stands in ``sql/`` and migration 0002."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import Base, private, shared
from staveworks.db.personal import RECORD, about
from staveworks.mechanisms.projects.types import MilestoneVerdict, RequestKind, RequestState, Word

ORGANISATION, PERSON = "parties.Organisation", "parties.Person"


class Request(Base):
    """What a buyer looks for. Once published its words and its deadline stay as they are."""

    tenancy = shared("buyer_org_id")
    personal = about(
        "发布的需求", "Requests made", "made_by_id", shows="buyer_org_id title made_at", kept=RECORD
    )
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    text = models.TextField()
    kind = models.CharField(max_length=12, choices=[(each, each) for each in RequestKind])
    public = models.BooleanField(help_text="whoever may sell sees it; else only those invited")
    budget_fen = models.BigIntegerField(null=True)
    nda = models.TextField(blank=True)
    rights_clause = models.TextField(blank=True)
    confidentiality = models.TextField(blank=True)
    criteria = models.JSONField()
    closes_at = models.DateTimeField()
    opens_until = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=[(each, each) for each in RequestState], default=RequestState.DRAFT
    )
    reason = models.CharField(max_length=2000, blank=True, help_text="why it was closed without an award")
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "projects_request"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(RequestState)), name="projects_request_state"),
            models.CheckConstraint(
                condition=Q(budget_fen=None) | Q(budget_fen__gt=0), name="projects_request_budget"
            ),
            models.CheckConstraint(
                condition=Q(opens_until__gt=F("closes_at")), name="projects_request_opens_after_it_closes"
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_at"], name="projects_request_board")]


class Invited(Base):
    """Who may see and answer a request that isn't open to all."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="invited")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "projects_invited"
        constraints = [
            models.UniqueConstraint(fields=["request", "provider_org"], name="projects_invited_once"),
            models.CheckConstraint(
                condition=~Q(buyer_org=F("provider_org")), name="projects_invited_another"
            ),
        ]


class Attachment(Base):
    """A file of the buyer's to its request; seen after the NDA is accepted, where there is one."""

    tenancy = shared("buyer_org_id")
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="attachments")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "projects_attachment"
        constraints = [models.UniqueConstraint(fields=["request", "file"], name="projects_attachment_once")]


class Promise(Base):
    """An organisation accepted the NDA of a request; append-only. ``digest``: SHA-256 of the words it accepted."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "接受的保密约定", "NDAs accepted", "accepted_by_id", shows="provider_org_id accepted_at", kept=RECORD
    )
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="promises")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    accepted_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "projects_promise"
        constraints = [
            models.UniqueConstraint(fields=["request", "provider_org"], name="projects_promise_once")
        ]


class Proposal(Base):
    """One sealed version of a provider's proposal, or its withdrawal; append-only. What is inside is stored nowhere else."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "密封的方案",
        "Proposals sealed",
        "sealed_by_id",
        shows="provider_org_id number sealed_at",
        kept=RECORD,
    )
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="proposals")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    sealed = models.TextField(blank=True, help_text="base64; empty: withdrawn")
    commitment = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what is inside")
    sealed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "projects_proposal"
        constraints = [
            models.UniqueConstraint(
                fields=["request", "provider_org", "number"], name="projects_proposal_numbered"
            ),
            models.CheckConstraint(
                condition=Q(sealed="", commitment="")
                | (~Q(sealed="") & Q(commitment__regex=r"^[0-9a-f]{64}$")),
                name="projects_proposal_sealed_or_withdrawn",
            ),
        ]


class Opening(models.Model):
    """A proposal opened by its provider after the deadline; append-only. ``content`` is what it committed to, to the letter."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "开的标", "Proposals opened", "opened_by_id", shows="provider_org_id opened_at", kept=RECORD
    )
    proposal = models.OneToOneField(
        Proposal, primary_key=True, on_delete=models.PROTECT, related_name="opening"
    )
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="openings")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()
    price_fen = models.BigIntegerField()
    opened_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "projects_opening"
        constraints = [
            models.UniqueConstraint(fields=["request", "provider_org"], name="projects_opening_once"),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="projects_opening_price"),
        ]


class Points(Base):
    """What the buyer gives an opened proposal by one criterion; fixed by the award."""

    tenancy = private("buyer_org_id")
    personal = about("评分", "Points given", "given_by_id", shows="buyer_org_id value given_at", kept=RECORD)
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="points")
    place = models.PositiveIntegerField(help_text="of the criterion")
    value = models.PositiveIntegerField()
    given_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "projects_points"
        constraints = [
            models.UniqueConstraint(fields=["opening", "place"], name="projects_points_once"),
            models.CheckConstraint(condition=Q(value__lte=100), name="projects_points_of_100"),
        ]


class Contract(Base):
    """The award of a request, and what was agreed with it. One that stands at a time."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about("定的标", "Awards made", "made_by_id", shows="buyer_org_id made_at", kept=RECORD)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="contracts")
    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="contracts")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    offer_id = models.UUIDField(help_text="the provider's, under which it works")
    reason = models.CharField(max_length=2000)
    made_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    set_aside_at = models.DateTimeField(null=True, help_text="its order fell through; another may be chosen")

    class Meta:
        db_table = "projects_contract"
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(set_aside_at=None), name="projects_contract_one_stands"
            ),
        ]


class Change(Base):
    """What one side wants to be otherwise; append-only. It holds once both have signed."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "提出的变更", "Changes proposed", "proposed_by_id", shows="by_org_id reason proposed_at", kept=RECORD
    )
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="changes")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    by_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    edits = models.JSONField()
    reason = models.CharField(max_length=2000)
    proposed_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "projects_change"
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="projects_change_numbered"),
            models.CheckConstraint(
                condition=Q(by_org=F("buyer_org")) | Q(by_org=F("provider_org")),
                name="projects_change_by_party",
            ),
        ]


class Signature(Base):
    """What one side says to a change, once; append-only."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about("签署", "Signatures", "person_id", shows="org_id word at", kept=RECORD)
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="signatures")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    word = models.CharField(max_length=10, choices=[(each, each) for each in Word])
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "projects_signature"
        constraints = [
            models.UniqueConstraint(fields=["change", "org"], name="projects_signature_once"),
            models.CheckConstraint(
                condition=Q(org=F("buyer_org")) | Q(org=F("provider_org")), name="projects_signature_by_party"
            ),
        ]


class Milestone(Base):
    """One milestone as agreed; a signed change adds a version. What was agreed stays; only its order line is found later."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="milestones")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    deliverable = models.TextField()
    criteria = models.TextField()
    due_date = models.DateField()
    price_fen = models.BigIntegerField()
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="+")
    line_id = models.UUIDField(
        null=True, help_text="its order line; a draft may be taken out of the order again"
    )

    class Meta:
        db_table = "projects_milestone"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "place", "version"], name="projects_milestone_version"
            ),
            models.CheckConstraint(condition=Q(price_fen__gt=0), name="projects_milestone_price"),
        ]
        indexes = [models.Index(fields=["line_id"], name="projects_milestone_line")]


class Delivery(Base):
    """What was handed over for a milestone, and what the buyer said of it, once."""

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "节点交付与验收",
        "Milestones delivered and judged",
        "delivered_by_id",
        "judged_by_id",
        shows="provider_org_id text delivered_at verdict judged_at",
        kept=RECORD,
    )
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="deliveries")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField(help_text="of the milestone")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=2000)
    files = models.JSONField(default=list, help_text="id, name, size, sha256 of files of the provider's")
    delivered_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    delivered_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(help_text="accepted by itself then")
    verdict = models.CharField(max_length=10, blank=True, choices=[(each, each) for each in MilestoneVerdict])
    reason = models.CharField(max_length=2000, blank=True)
    judged_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "projects_delivery"
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "place", "number"], name="projects_delivery_numbered"
            ),
            models.UniqueConstraint(
                fields=["contract", "place"], condition=Q(verdict=""), name="projects_delivery_one_open"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=MilestoneVerdict.RETURNED) | ~Q(reason=""),
                name="projects_delivery_returned_says_why",
            ),
        ]
