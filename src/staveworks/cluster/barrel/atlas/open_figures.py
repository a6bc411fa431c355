"""The map that every member may see: nothing but the published table. It asks no firm's row, whatever is filtered."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from django.db.models import Q

from staveworks.cluster.barrel.atlas.ground import COUNTY, around, spots_of, trail_of
from staveworks.cluster.barrel.atlas.lining import SIZE_NAMES
from staveworks.cluster.barrel.atlas.types import Atlas, Choice, Line, Narrowed, Spot, TrendPoint
from staveworks.cluster.barrel.atlas.words import EVERYTHING
from staveworks.cluster.barrel.figure_models import Figure, Publication
from staveworks.cluster.barrel.published.gathering import WATER
from staveworks.cluster.barrel.published.minimum import fewest_firms
from staveworks.db.transaction import query
from staveworks.engine.barrel import load_profiles
from staveworks.foundation.parties.types import Actor
from staveworks.kit.data import data_file
from staveworks.kit.planks import Register, load_register
from staveworks.kit.text import Text

MONTHS = 24


@query
def published_atlas(actor: Actor, *, narrowed: Narrowed, period: str = "") -> Atlas:
    """The latest published figures, or those of ``period``. Raises ``RightMissing``."""
    actor.require("figures.read")
    publications = Publication.objects.order_by("-period")
    chosen = (publications.filter(period=period) if period else publications).first()
    trail = trail_of(narrowed.place)
    if chosen is None or (narrowed.place and not trail):
        empty = Atlas(False, narrowed, trail, None, (), (), (), (), (), ())
        return replace(empty, period=chosen.period, fewest=fewest_firms(chosen.at)) if chosen else empty
    lines = list(
        Figure.objects.filter(publication=chosen, size=narrowed.size).filter(
            Q(business_type=narrowed.business_type) | Q(place=narrowed.place)
        )
    )
    return _atlas(narrowed, trail, chosen, lines)


def _atlas(narrowed: Narrowed, trail: tuple[Spot, ...], chosen: Publication, lines: list[Figure]) -> Atlas:
    register = load_register(data_file("planks.yaml"))
    trades = {code: profile.name for code, profile in load_profiles().items()}
    here = [line for line in lines if line.place == narrowed.place]
    places = _places(
        narrowed, [line for line in lines if line.business_type == narrowed.business_type], register
    )
    name = trail[-1].name if trail else EVERYTHING
    total = _lines(
        [line for line in here if line.business_type == narrowed.business_type],
        lambda _: narrowed.place,
        {narrowed.place: name},
        register,
    )
    held = {plank for line in (*places, *total) for plank in line.cells}
    return Atlas(
        exact=False,
        narrowed=narrowed,
        trail=trail,
        total=total[0] if total else None,
        places=places,
        trades=_lines(
            [line for line in here if line.business_type in trades],
            lambda line: line.business_type,
            trades,
            register,
        ),
        planks=tuple(code for code in register if code in held),
        trend=_trend(narrowed),
        trade_choices=_choices(here, lambda line: line.business_type, trades),
        size_choices=_sizes(narrowed, chosen),
        ground=around([line.spot for line in places if line.spot]),
        period=chosen.period,
        fewest=fewest_firms(chosen.at),
    )


def _places(narrowed: Narrowed, lines: list[Figure], register: Register) -> tuple[Line, ...]:
    """Cities, or the districts of the one that is asked for."""
    spots = spots_of({line.place for line in lines if line.place})
    inside = [
        line
        for line in lines
        if line.place in spots
        and _belongs(spots[line.place], narrowed.place)
        and line.place != narrowed.place
    ]
    names = {code: spot.name for code, spot in spots.items()}
    return _lines(inside, lambda line: line.place, names, register, spots)


def _belongs(spot: Spot, place: str) -> bool:
    """A district to its city; a city to the whole."""
    return spot.level == COUNTY and spot.above == place if place else spot.level < COUNTY


def _lines(
    lines: Iterable[Figure],
    key: Callable[[Figure], str],
    names: Mapping[str, Text],
    register: Register,
    spots: Mapping[str, Spot] | None = None,
) -> tuple[Line, ...]:
    groups: dict[str, dict[str, Figure]] = defaultdict(dict)
    for line in lines:
        groups[key(line)][line.measure] = line
    found = [
        _line(code, names[code], measures, register, (spots or {}).get(code))
        for code, measures in groups.items()
        if WATER in measures and code in names
    ]
    return tuple(sorted(found, key=lambda line: (-line.firms, line.key)))


def _line(
    key: str, name: Text, measures: Mapping[str, Figure], register: Register, spot: Spot | None
) -> Line:
    water = measures[WATER]
    medians = {code: float(line.median) for code, line in measures.items() if code != WATER}
    staves = {
        code: median
        for code, median in medians.items()
        if code in register and register[code].kind == "stave"
    }
    lowest = min(staves.values(), default=None)
    return Line(
        key=key,
        name=name,
        firms=water.firms,
        diagnosed=water.firms,
        low=water.low,
        median=water.median,
        high=water.high,
        shortest=tuple(code for code in register if staves.get(code) == lowest) if lowest is not None else (),
        cells=medians,
        spot=spot,
    )


def _trend(narrowed: Narrowed) -> tuple[TrendPoint, ...]:
    found = Figure.objects.filter(
        place=narrowed.place, business_type=narrowed.business_type, size=narrowed.size, measure=WATER
    )
    newest = found.select_related("publication").order_by("-publication__period")[:MONTHS]
    return tuple(
        TrendPoint(line.publication.period, line.firms, line.low, line.median, line.high)
        for line in reversed(newest)
    )


def _choices(
    lines: Iterable[Figure], key: Callable[[Figure], str], names: Mapping[str, Text]
) -> tuple[Choice, ...]:
    found = {key(line): line.firms for line in lines if line.measure == WATER}
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Choice(code, names[code], firms) for code, firms in ordered if code in names)


def _sizes(narrowed: Narrowed, chosen: Publication) -> tuple[Choice, ...]:
    lines = Figure.objects.filter(
        publication=chosen, place=narrowed.place, business_type=narrowed.business_type, measure=WATER
    )
    return _choices(lines, lambda line: line.size, SIZE_NAMES)
