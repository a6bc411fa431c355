"""Which of a buyer's contracts run, as far as they act on her barrel: what a service lends stands in while it is delivered."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from staveworks.db.transaction import query
from staveworks.engine.prescription import Effect
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.text import Text
from staveworks.trade.orders.models import Line as Row
from staveworks.trade.orders.types import FELL_AWAY, LineState

NOT_YET = (LineState.DRAFT, LineState.AWAITING_APPROVAL)
LENDS = [{"kind": "floor"}]


@dataclass(frozen=True, slots=True)
class RunningLine:
    """``floors``: what the version that was ordered states to lend."""

    line_id: UUID
    title: Text
    provider: Text
    floors: tuple[Effect, ...]


@query
def list_lending(
    actor: Actor, *, also: Collection[UUID] = (), right: str = "order.read"
) -> list[RunningLine]:
    """Lines that lend, in delivery now, or ``also`` (their period runs) unless they fell away. Raises ``RightMissing``."""
    actor.require(right)
    agreed = Q(id__in=list(also)) & ~Q(state__in=[*FELL_AWAY, *NOT_YET])
    rows = Row.objects.filter(buyer_org_id=actor.org, version__content__effects__contains=LENDS)
    found = rows.filter(Q(state=LineState.IN_DELIVERY) | agreed).select_related("version", "provider_org")
    return [_lending(row) for row in found.order_by("placed_at", "id")]


def _lending(row: Row) -> RunningLine:
    content = row.version.content
    return RunningLine(
        line_id=row.id,
        title=Text(**content["title"]),
        provider=title_of(row.provider_org.name, row.provider_org.name_en),
        floors=tuple(
            Effect(each["plank"], "floor", float(each["amount"]))
            for each in content["effects"]
            if each["kind"] == "floor"
        ),
    )
