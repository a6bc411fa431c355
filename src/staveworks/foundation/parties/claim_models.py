"""What is kept so that a wrongly granted claim can be taken back, and the taking back itself undone."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import Base, private, shared
from staveworks.db.personal import RECORD, about


class Handover(Base):
    """What was held about a firm at the moment it went to its claimant: the firm's own, its steward doesn't see it."""

    tenancy = private()
    org = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    claim = models.OneToOneField("parties.Claim", on_delete=models.CASCADE, related_name="+")
    held = models.JSONField(help_text="column → value, of the register and of the profile")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_handover"


class Revocation(Base):
    """A granted claim taken back: what it ended, and what the former claimant had written over; nothing of it is lost.

    ``ended``: kind of thing → ids (members: person, role, date). ``replaced``: column → [as the claimant left it, as it
    went back].
    """

    tenancy = shared("steward_id")
    personal = about(
        "收回的认领", "Claims revoked", "by_id", "undone_by_id", shows="org_id at undone_at", kept=RECORD
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    steward = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey("parties.Claim", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=400)
    claimed_at = models.DateTimeField(help_text="of the firm, as it stood before")
    ended = models.JSONField(default=dict)
    replaced = models.JSONField(default=dict)
    by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_revocation"
        constraints = [
            models.UniqueConstraint(
                fields=["claim"], condition=Q(undone_at=None), name="parties_revocation_one_live"
            )
        ]
