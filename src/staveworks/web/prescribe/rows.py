"""The page's view models: what is chosen, what isn't, the two barrels, the sentence's figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from staveworks.cluster.barrel.picture import Barrel
from staveworks.cluster.prescription.picturing import picture_with
from staveworks.cluster.prescription.types import PrescriptionView, Progress, Service
from staveworks.engine.prescription import Chosen, Effect
from staveworks.kit.figures import mean
from staveworks.kit.planks import Register
from staveworks.kit.text import Text
from staveworks.web.prescribe.reasons import why_not

NEAREST = {"over_budget": 0, "not_better": 1, "excluded": 2, "family_taken": 2}
"""Which of the affordable offers that aren't chosen come first; the others follow."""
FEW = 6


@dataclass(frozen=True, slots=True)
class ChosenRow:
    """``lifts``: planks that stand lower without it, with how far it lifts them: ``34 → 56``. ``progress`` None: the reader sees no
    orders."""

    service: Service
    progress: Progress | None
    city: Text | None
    lifts: tuple[tuple[str, str], ...]
    days: int
    price_fen: int
    voucher_fen: int
    level_without: str

    @property
    def pays_fen(self) -> int:
        return self.price_fen - self.voucher_fen


@dataclass(frozen=True, slots=True)
class UnchosenRow:
    service: Service
    city: Text | None
    planks: tuple[str, ...]
    price_fen: int
    why: Text


@dataclass(frozen=True, slots=True)
class Levels:
    """As printed: with one decimal, like every level and height on the page, since a service often moves it by less than one."""

    before: str
    after: str
    rises: bool


@dataclass(frozen=True, slots=True)
class More:
    """What a little more money would buy: ``extra_fen`` more, up to ``level``. ``highest``: no money buys more."""

    extra_fen: int
    level: str


@dataclass(frozen=True, slots=True)
class Page:
    """All that the page shows of a prescription."""

    view: PrescriptionView
    levels: Levels
    before: Barrel
    after: Barrel
    chosen: tuple[ChosenRow, ...]
    nearest: tuple[UnchosenRow, ...]
    others: tuple[UnchosenRow, ...]
    cities: int
    more: More | None

    @property
    def unchosen(self) -> int:
        return len(self.nearest) + len(self.others)


def page_of(
    view: PrescriptionView,
    *,
    firm: str,
    register: Register,
    cities: Mapping[str, Text],
    progress: Iterable[Progress] = (),
) -> Page:
    known = {each.service.version_id: each for each in progress}
    ranked = sorted(
        view.unchosen, key=lambda each: (NEAREST.get(each.why, 3), each.lacking_fen, each.offer.price_fen)
    )
    rows = tuple(
        UnchosenRow(
            service=view.services[each.offer.id],
            city=_city(view.services[each.offer.id], cities),
            planks=_planks(each.offer.effects),
            price_fen=each.offer.price_fen,
            why=why_not(each, view, register),
        )
        for each in ranked
    )
    return Page(
        view=view,
        levels=levels_of(view.before.water_level, view.answer.reached.water_level),
        before=picture_with(view.problem, (), firm=firm, register=register),
        after=picture_with(view.problem, view.answer.chosen, firm=firm, register=register),
        chosen=tuple(_chosen(each, view, cities, known) for each in view.chosen),
        nearest=rows[:FEW],
        others=rows[FEW:],
        cities=len({view.services[each.offer.id].city for each in view.chosen} - {None}),
        more=more_of(view),
    )


def levels_of(before: float, after: float) -> Levels:
    return Levels(mean(before), mean(after), after > before + 1e-6)


def more_of(view: PrescriptionView) -> More | None:
    """The next step of the frontier that brings the water visibly above what is reached; None where none is known."""
    now = view.answer.reached.water_level
    for point in view.steps:
        higher = point.water_level > now and mean(point.water_level) != mean(now)
        if point.budget_fen > view.budget_fen and higher:
            return More(point.budget_fen - view.budget_fen, levels_of(now, point.water_level).after)
    return None


def _chosen(
    each: Chosen, view: PrescriptionView, cities: Mapping[str, Text], known: Mapping[UUID, Progress]
) -> ChosenRow:
    service = view.services[each.offer.id]
    return ChosenRow(
        service=service,
        progress=known.get(service.version_id),
        city=_city(service, cities),
        lifts=tuple((code, _lift(*span)) for code, span in each.lifts.items()),
        days=each.offer.lead_time_days,
        price_fen=each.offer.price_fen,
        voucher_fen=view.paid_fen[each.offer.id],
        level_without=levels_of(each.level_without, view.answer.reached.water_level).before,
    )


def _lift(low: float, high: float) -> str:
    shown = levels_of(low, high)
    return f"{shown.before} → {shown.after}"


def _planks(effects: Iterable[Effect]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(effect.plank for effect in effects))


def _city(service: Service, cities: Mapping[str, Text]) -> Text | None:
    return cities.get(service.city) if service.city else None
