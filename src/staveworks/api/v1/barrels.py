"""The shape of a barrel: water level, planks, what binds."""

from datetime import datetime
from uuid import UUID

from staveworks.api.shapes import Out, Span
from staveworks.cluster.barrel.types import DiagnosisCard, PlankState


class PlankHeight(Out):
    """``own``: absolute, before holes; ``verified``: of it, what attested answers hold; ``height``: relative to ``target``,
    after holes. Points 0–100."""

    code: str
    kind: str
    own: Span
    verified: Span
    height: Span
    target: float
    needed: bool
    weight: float
    answered: int
    asked: int
    hole: float | None


class BarrelOut(Out):
    """W, M, U and the bearing, the plank that binds and the next two."""

    organisation: UUID
    assessment: UUID
    at: datetime
    finished: bool
    water_level: Span
    mean_level: Span
    unevenness: Span
    bearing: Span
    verified_water_level: Span
    binding: str | None
    next_to_bind: list[str]
    planks: list[PlankHeight]
    answered: int
    asked: int


def show_barrel(card: DiagnosisCard) -> BarrelOut:
    """A diagnosis as the API shows it."""
    return BarrelOut(
        organisation=card.org_id,
        assessment=card.assessment_id,
        at=card.at,
        finished=card.finished,
        water_level=Span.of(card.water),
        mean_level=Span.of(card.mean),
        unevenness=Span.of(card.unevenness),
        bearing=Span.of(card.bearing),
        verified_water_level=Span.of(card.verified_water),
        binding=card.binding,
        next_to_bind=list(card.next_to_bind),
        planks=[_plank(plank) for plank in card.planks.values()],
        answered=card.answered,
        asked=card.asked,
    )


def _plank(plank: PlankState) -> PlankHeight:
    return PlankHeight(
        code=plank.code,
        kind=plank.kind,
        own=Span.of(plank.own),
        verified=Span.of(plank.verified),
        height=Span.of(plank.height),
        target=plank.target,
        needed=plank.needed,
        weight=plank.weight,
        answered=plank.answered,
        asked=plank.asked,
        hole=plank.hole,
    )
