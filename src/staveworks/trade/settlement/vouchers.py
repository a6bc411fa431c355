"""The port behind which somebody pays a part of a line for its buyer: ``settings.VOUCHERS``, ``"module:attribute"``, or nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from staveworks.foundation.parties.types import Actor


@dataclass(frozen=True, slots=True)
class Share:
    """``payer`` pays ``whole_fen`` of the line's whole price, and in proportion of what is accepted. ``label``: by what."""

    payer: UUID
    whole_fen: int
    label: str


class Vouchers(Protocol):
    def __call__(
        self,
        actor: Actor,
        /,
        *,
        line_id: UUID,
        programmes: Collection[str],
        ordered_at: datetime,
        price_fen: int,
        accepted_fen: int,
    ) -> Share | None:
        """For the buyer: her voucher's share of an accepted line, used up by it once; the same whenever it is asked again."""


def share_of(
    actor: Actor,
    *,
    line_id: UUID,
    programmes: Collection[str],
    ordered_at: datetime,
    price_fen: int,
    accepted_fen: int,
) -> Share | None:
    """None where nobody pays a part, or nothing is accepted."""
    if not settings.VOUCHERS or not accepted_fen or not programmes:
        return None
    ask: Vouchers = import_string(settings.VOUCHERS.replace(":", "."))
    return ask(
        actor,
        line_id=line_id,
        programmes=programmes,
        ordered_at=ordered_at,
        price_fen=price_fen,
        accepted_fen=accepted_fen,
    )
