"""Which part of a line is posted: one row for each transfer of it. Append-only; seen by buyer and provider."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import Base, shared


class Entry(Base):
    """The part of a line's price from ``after_fen`` to ``upto_fen``, posted once by the template ``kind``. ``id`` is the transfer's.

    The unique key is what keeps a part from being posted twice: whoever comes second has read the same ``after_fen``.
    """

    tenancy = shared("buyer_org_id", "provider_org_id")
    line_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    buyer_org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    after_fen = models.BigIntegerField()
    upto_fen = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "settlement_entry"
        constraints = [
            models.UniqueConstraint(
                fields=["line_id", "kind", "after_fen"], name="settlement_entry_posted_once"
            ),
            models.CheckConstraint(
                condition=Q(after_fen__gte=0, upto_fen__gt=F("after_fen")), name="settlement_entry_part"
            ),
        ]
