"""What vouchers pay of order lines, for their buyer: as used up once a line is accepted, before that as it would be."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.utils import timezone

from staveworks.cluster.programmes.models import Use
from staveworks.cluster.programmes.models import Voucher as Row
from staveworks.cluster.programmes.queries import voucher_of
from staveworks.cluster.programmes.types import LineShare, Voucher
from staveworks.db.clock import database_now
from staveworks.db.transaction import query
from staveworks.foundation.parties.types import Actor
from staveworks.kit.money import portion
from staveworks.trade.catalogue.queries import list_versions
from staveworks.trade.orders.pricing import as_reader
from staveworks.trade.orders.types import FELL_AWAY, Line


@query
def shares_of(actor: Actor, *, lines: Sequence[Line]) -> dict[UUID, LineShare]:
    """By line, of the organisation's own lines; those of which no voucher pays anything are left out. Raises ``RightMissing``.

    Lines that wait take from what is left one after the other, as they stand; other orders may use it up before them.
    """
    actor.require("order.read")
    own = [line for line in lines if line.buyer_org == actor.org]
    vouchers = _held(actor)
    if not own or not vouchers:
        return {}
    used = {
        use.line_id: LineShare(voucher_of(use.voucher).name, use.paid_fen, used=True)
        for use in Use.objects.filter(org_id=actor.org, line_id__in=[line.id for line in own]).select_related(
            "voucher__org", "voucher__operator"
        )
    }
    waiting = [line for line in own if line.id not in used and line.state not in FELL_AWAY]
    return used | _expected(actor, waiting, vouchers)


def _held(actor: Actor) -> list[Voucher]:
    rows = Row.objects.filter(org_id=actor.org).select_related("org", "operator")
    return [voucher_of(row) for row in rows]


def _expected(actor: Actor, lines: Sequence[Line], vouchers: Sequence[Voucher]) -> dict[UUID, LineShare]:
    versions = list_versions(as_reader(actor), version_ids={line.version_id for line in lines})
    left, now = {each.id: each.left_fen for each in vouchers}, database_now()
    found = {}
    for line in lines:
        programmes = versions[line.version_id].content.programmes
        holds = [each for each in vouchers if each.programme in programmes and _in_force(each, line, now)]
        best = max(holds, key=lambda each: each.rank(line.price_fen), default=None)
        if best is None:
            continue
        whole = min(int(line.price_fen * best.ratio), left[best.id])
        stands = line.price_fen if line.accepted_fen is None else line.accepted_fen
        pays = portion(whole, Fraction(stands, line.price_fen)) if line.price_fen else 0
        left[best.id] -= pays
        if pays:
            found[line.id] = LineShare(best.name, pays, used=False)
    return found


def _in_force(voucher: Voucher, line: Line, now: datetime) -> bool:
    """When the line was ordered, or now."""
    at = line.placed_at or now
    ended = voucher.withdrawn_at is not None and voucher.withdrawn_at <= at
    return voucher.granted_at <= at and timezone.localdate(at) <= voucher.until and not ended
