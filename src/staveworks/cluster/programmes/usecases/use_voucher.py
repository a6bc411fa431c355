"""An accepted order line uses up what a voucher of its buyer pays of it. Called by settlement, behind ``settings.VOUCHERS``."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from staveworks.cluster.programmes.models import Use
from staveworks.cluster.programmes.models import Voucher as Row
from staveworks.cluster.programmes.queries import voucher_of
from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.trade.settlement.vouchers import Share


@use_case
def use_voucher(
    actor: Actor,
    /,
    *,
    line_id: UUID,
    programmes: Collection[str],
    ordered_at: datetime,
    price_fen: int,
    accepted_fen: int,
) -> Share | None:
    """The share of the voucher that pays most, of those in force when the line was ordered; None where none has anything left.

    A line that has used a voucher keeps its share. The actor is of the buyer.
    """
    known = Use.objects.filter(line_id=line_id, org_id=actor.org).select_related("voucher").first()
    if known:
        return Share(known.operator_id, known.whole_fen, _label(known.voucher.programme))
    for voucher in _candidates(actor, programmes, ordered_at, price_fen):
        found = _use(voucher, line_id, price_fen, accepted_fen)
        if found:
            payer, programme, whole, paid = found
            append_event(actor, "voucher.used", subject=voucher, line=line_id, paid_fen=paid)
            return Share(payer, whole, _label(programme))
    return None


def _candidates(
    actor: Actor, programmes: Collection[str], ordered_at: datetime, price_fen: int
) -> list[UUID]:
    """Vouchers in force then, in the order in which a prescription reckons with them."""
    held = Row.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=ordered_at),
        org_id=actor.org,
        programme__in=programmes,
        granted_at__lte=ordered_at,
        until__gte=timezone.localdate(ordered_at),
        used_fen__lt=F("cap_fen"),
    )
    found = [voucher_of(row) for row in held.select_related("org", "operator")]
    return [each.id for each in sorted(found, key=lambda each: each.rank(price_fen), reverse=True)]


def _use(
    voucher: UUID, line_id: UUID, price_fen: int, accepted_fen: int
) -> tuple[UUID, str, int, int] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT operator, programme, whole, paid FROM programmes_use_voucher(%s, %s, %s, %s, %s)",
            [new_id(), voucher, line_id, price_fen, accepted_fen],
        )
        row: tuple[UUID, str, int, int] | None = cursor.fetchone()
        return row


def _label(programme: str) -> str:
    """What the transfer names: by which programme."""
    return f"voucher:{programme}"
