"""Columns and constraints of public money. Who may see which row stands in migration 0002."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import Base, shared
from staveworks.db.personal import RECORD, about


class Voucher(Base):
    """What an operator granted to one firm of a programme."""

    tenancy = shared("org_id", "operator_id")
    personal = about(
        "发放的补贴券",
        "Vouchers granted",
        "granted_by_id",
        "withdrawn_by_id",
        shows="org_id programme granted_at withdrawn_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=40)
    ratio = models.DecimalField(max_digits=5, decimal_places=4)
    cap_fen = models.BigIntegerField()
    used_fen = models.BigIntegerField(db_default=0, help_text="the sum of its uses, written by the database")
    until = models.DateField()
    granted_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "programmes_voucher"
        indexes = [models.Index(fields=["operator", "-granted_at"], name="programmes_voucher_desk")]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "operator", "programme"],
                condition=Q(withdrawn_at=None),
                name="programmes_voucher_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(ratio__gt=0, ratio__lte=1, cap_fen__gt=0), name="programmes_voucher_pays"
            ),
            models.CheckConstraint(
                condition=Q(used_fen__gte=0, used_fen__lte=models.F("cap_fen")),
                name="programmes_voucher_within_cap",
            ),
        ]


class Use(Base):
    """What a voucher pays of one order line; append-only. ``whole_fen``: had the whole price been accepted; ``paid_fen``: of what was."""

    tenancy = shared("org_id", "operator_id")
    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="uses")
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    line_id = models.UUIDField(unique=True)
    whole_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField()
    used_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "programmes_use"
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_fen__gt=0, paid_fen__lte=models.F("whole_fen")), name="programmes_use_pays"
            ),
        ]
