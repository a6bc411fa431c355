"""The barrel page's view models: what binds in which order, and a row for every plank."""

from collections.abc import Iterable
from dataclasses import dataclass

from staveworks.cluster.barrel.picture import Barrel, Height
from staveworks.cluster.barrel.picturing import picture_of
from staveworks.cluster.barrel.queries import AssessmentView
from staveworks.cluster.barrel.types import DiagnosisCard, PlankState
from staveworks.kit.intervals import Interval
from staveworks.kit.planks import Plank, Register
from staveworks.kit.text import Text

NOW = Text(zh="现在卡住水位", en="holds the water down now")
NEXT = Text(zh="补齐{plank}后，轮到它", en="next, once {plank} is raised")
HOLE = Text(zh="漏在 {at}：{what}", en="leaks at {at}: {what}")
LEAKS = Text(zh="漏在 {at}", en="leaks at {at}")
PAPERS = Text(zh="材料 {n} 份", en="{n} paper|{n} papers")


@dataclass(frozen=True, slots=True)
class Binding:
    """One line of the order in which planks hold the water down."""

    place: int
    plank: Plank
    height: Interval
    note: Text


@dataclass(frozen=True, slots=True)
class PlankRow:
    """One plank of the tables below the barrel; ``verified``: how many of its answers are."""

    plank: Plank
    state: PlankState
    height: Height
    verified: int
    note: Text | None
    leaks: bool
    binds: bool
    band: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class BarrelPage:
    """All that the page shows beside its question."""

    picture: Barrel
    diagnosis: DiagnosisCard
    binding: Plank | None
    order: tuple[Binding, ...]
    staves: tuple[PlankRow, ...]
    hoops: tuple[PlankRow, ...]
    left_out: tuple[Plank, ...]

    @property
    def rows(self) -> tuple[PlankRow, ...]:
        return self.staves + self.hoops


def barrel_page(view: AssessmentView, *, firm: str, register: Register) -> BarrelPage:
    """Of an assessment with a barrel."""
    diagnosis = view.card.diagnosis
    assert diagnosis is not None
    picture = picture_of(diagnosis, firm=firm, register=register)
    rows = [_row(view, diagnosis, height, register) for height in (*picture.staves, *picture.hoops)]
    needed = [row for row in rows if row and row.state.needed]
    return BarrelPage(
        picture=picture,
        diagnosis=diagnosis,
        binding=register.get(diagnosis.binding or ""),
        order=tuple(_order(view, diagnosis, register)),
        staves=_shortest_first(row for row in needed if row.state.kind == "stave"),
        hoops=_shortest_first(row for row in needed if row.state.kind == "hoop"),
        left_out=tuple(row.plank for row in rows if row and not row.state.needed),
    )


def _shortest_first(rows: Iterable[PlankRow]) -> tuple[PlankRow, ...]:
    return tuple(sorted(rows, key=lambda row: (not row.binds, row.state.height.likely)))


def _order(view: AssessmentView, diagnosis: DiagnosisCard, register: Register) -> Iterable[Binding]:
    codes = [code for code in (diagnosis.binding, *diagnosis.next_to_bind) if code and code in register]
    for place, code in enumerate(codes, 1):
        note = _hole(view, code)
        if note is None:
            before = register[codes[place - 2]].name
            note = (
                NOW
                if place == 1
                else Text(zh=NEXT.zh.format(plank=before.zh), en=NEXT.en.format(plank=before.en))
            )
        yield Binding(place, register[code], diagnosis.planks[code].height, note)


def _row(
    view: AssessmentView, diagnosis: DiagnosisCard, height: Height, register: Register
) -> PlankRow | None:
    state, plank = diagnosis.planks[height.code], register.get(height.code)
    if plank is None:
        return None
    hole = _hole(view, plank.code)
    papers = sum(
        len(view.answers[leaf.code].evidence)
        for leaf in view.rubric.leaves_of(plank.code)
        if leaf.code in view.answers
    )
    return PlankRow(
        plank=plank,
        state=state,
        height=height,
        verified=sum(view.result.leaves[leaf.code].verified for leaf in view.rubric.leaves_of(plank.code)),
        note=LEAKS.format(at=f"{state.hole:.0f}") if hole else (PAPERS.format(n=papers) if papers else None),
        leaks=hole is not None,
        binds=plank.code == diagnosis.binding,
        band=view.peers.planks.get(plank.code) if view.peers else None,
    )


def _hole(view: AssessmentView, plank: str) -> Text | None:
    """The lowest hole that is there for sure."""
    barrel = view.result.barrel
    found = [hole for hole in barrel.holes if hole.plank == plank and hole.sure] if barrel else []
    if not found:
        return None
    lowest = min(found, key=lambda hole: hole.height)
    at = f"{lowest.height:.0f}"
    return Text(zh=HOLE.zh.format(at=at, what=lowest.text.zh), en=HOLE.en.format(at=at, what=lowest.text.en))
