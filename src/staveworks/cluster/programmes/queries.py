"""Reads: the vouchers that a firm holds, those that an operator granted."""

from datetime import date

from django.db.models import F, QuerySet

from staveworks.cluster.programmes.models import Voucher as Row
from staveworks.cluster.programmes.types import Voucher
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.text import Text
from staveworks.trade.catalogue.programmes import programmes


@query
def list_own_vouchers(actor: Actor, *, today: date, right: str = "prescription.read") -> list[Voucher]:
    """Those that hold for the actor's firm and aren't used up, by programme. Raises ``RightMissing``."""
    actor.require(right)
    held = Row.objects.filter(
        org_id=actor.org, withdrawn_at=None, until__gte=today, used_fen__lt=F("cap_fen")
    )
    return [voucher_of(row) for row in _named(held.order_by("programme"))]


@query
def list_granted(actor: Actor, *, limit: int = 500) -> list[Voucher]:
    """What the actor's organisation granted and has not withdrawn, the latest first. Raises ``RightMissing``."""
    actor.require("voucher.grant")
    held = Row.objects.filter(operator_id=actor.org, withdrawn_at=None)
    return [voucher_of(row) for row in _named(held.order_by("-granted_at", "id"))[:limit]]


def _named(rows: QuerySet[Row]) -> QuerySet[Row]:
    return rows.select_related("org", "operator")


def voucher_of(row: Row) -> Voucher:
    programme = programmes().get(row.programme)
    return Voucher(
        id=row.id,
        org_id=row.org_id,
        firm=title_of(row.org.name, row.org.name_en),
        operator=title_of(row.operator.name, row.operator.name_en),
        programme=row.programme,
        name=programme.name if programme else Text(zh=row.programme, en=row.programme),
        ratio=row.ratio,
        cap_fen=row.cap_fen,
        used_fen=row.used_fen,
        until=row.until,
        granted_at=row.granted_at,
        withdrawn_at=row.withdrawn_at,
    )
