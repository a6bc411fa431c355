"""A problem over the capacity that firms declared: the registry's work centres, the industries' routes, transport by distance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Any

from django.db.models import Q

from staveworks.db.clock import database_now
from staveworks.foundation.parties.firm_queries import firms_known_by
from staveworks.foundation.parties.models import City
from staveworks.foundation.parties.queries.members import titles_of
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rules.queries import rule_in_force
from staveworks.foundation.rules.types import RuleVersion
from staveworks.kit.industries import Industries, load_industries
from staveworks.kit.text import Text
from staveworks.mechanisms.dispatch.demand_checking import MOST_FAULTS
from staveworks.mechanisms.dispatch.dispatchable_queries import dispatchable_capacity
from staveworks.mechanisms.dispatch.named_checking import FIRMS, check_named, parts, several
from staveworks.mechanisms.dispatch.stating import Stated, customers_in, fens, lines_of
from staveworks.mechanisms.dispatch.taken import keep_hours
from staveworks.mechanisms.dispatch.types.dispatchable import DispatchCentre
from staveworks.mechanisms.dispatch.types.runs import FIRST_ROW, Fault, ProblemFaulty

EARTH_KM = 6371.0
NOT_OFFERED = Text(
    zh="指定的企业这几周都没有可派的工时。", en="None of these firms has hours to be planned in these weeks."
)
Row = dict[str, Any]


def registered_problem(actor: Actor, tables: Mapping[str, Any], *, first: date, weeks: int) -> Stated:
    """Raises ``RightMissing`` (``capacity.dispatch``), ``ProblemFaulty`` for what nobody knows. Every firm sees on its own
    page that its capacity was looked at."""
    keep_hours(actor)
    capacity = dispatchable_capacity(actor, from_day=first, buckets=weeks, now=database_now())
    terms, industries = rule_in_force("dispatch.terms", capacity.now), load_industries()
    centres = [part for centre in capacity.centres for part in _by_certificates(centre)]
    costs = {name: fens(terms.value, f"{name}_fen") for name in ("late", "reject")}
    lines = [_meant(line, industries) for line in lines_of(tables["lines"], first=first, **costs)]
    meant = _meant_places({str(line.get("city")) for line in lines}, {c.city for c, _, _ in centres})
    lines = [{**line, "city": meant.get(str(line.get("city")), str(line.get("city")))} for line in lines]
    _refuse_unknown(tables["lines"], lines)
    lines = _meant_firms(lines, {str(centre.firm) for centre, _, _ in centres})
    met = _met(industries, lines, centres)
    cities = list(dict.fromkeys([*(line["city"] for line in lines), *(c.city for c, _, _ in centres)]))
    places = {city.code: city for city in City.objects.filter(code__in=cities)}
    problem: Row = {
        "problem": {
            "buckets": weeks,
            "operations": list(met.operations),
            "stability": terms.value["stability_fen"] / 100,
        },
        "cities": [{"id": code} for code in cities if code in places],
        "transport": list(_transport([places[code] for code in cities if code in places], terms)),
        **_industry(met),
        "work_centres": [
            {
                "id": id_,
                "firm": str(centre.firm),
                "city": centre.city,
                "operation": centre.operation,
                "grade": centre.grade,
                "certificates": ";".join(sorted(held)),
            }
            for centre, id_, held in ((c, i, h[0]) for c, i, h in centres)
        ],
        "capacity": [
            {
                "work_centre": id_,
                "bucket": bucket,
                "hours": float(centre.hours[bucket]) if bucket in buckets else 0.0,
                "working_hours": float(centre.working_hours[bucket]) if bucket in buckets else 0.0,
            }
            for centre, id_, (_, buckets) in centres
            for bucket in range(weeks)
        ],
        "capabilities": [
            {
                "work_centre": id_,
                "family": able.family,
                "cost": float(able.price_fen) / 100,
                "hours": float(able.unit_hours),
                "setup_hours": float(able.setup_hours),
            }
            for centre, id_, _ in centres
            for able in centre.capabilities
        ],
        "lines": lines,
    }
    return Stated(problem, _names(industries, places, centres, tables), (*capacity.rules, terms.label))


Part = tuple[DispatchCentre, str, tuple[frozenset[str], list[int]]]


def _by_certificates(centre: DispatchCentre) -> Iterator[Part]:
    """A work centre whose certificate ends within the horizon is several, each with the buckets in which it holds the same ones."""
    held: dict[frozenset[str], list[int]] = {}
    for bucket, certificates in enumerate(centre.certificates):
        held.setdefault(certificates, []).append(bucket)
    for number, (certificates, buckets) in enumerate(held.items()):
        yield centre, str(centre.id) if not number else f"{centre.id}-{number}", (certificates, buckets)


def _met(industries: Industries, lines: Sequence[Row], centres: Sequence[Part]) -> Industries:
    """Those of which somebody offers an operation or orders a family: a cluster of weavers isn't shown lathes."""
    offered, ordered = {centre.operation for centre, _, _ in centres}, {line["family"] for line in lines}
    return Industries(
        [
            pack
            for pack in industries
            if offered & {each.code for each in pack.operations}
            or ordered & {each.code for each in pack.families}
        ]
        or list(industries)
    )


def _industry(industries: Industries) -> dict[str, list[Row]]:
    families, routes = [], []
    for family in industries.families.values():
        families.append(
            {"id": family.code, "weight": float(family.weight), "hold_cost": float(family.hold_fen) / 100}
        )
        routes += [
            {"family": family.code, "route": str(number), "step": step, "operation": operation}
            for number, route in enumerate(family.routes)
            for step, operation in enumerate(route)
        ]
    return {"families": families, "routes": routes}


def _transport(cities: Sequence[City], terms: RuleVersion) -> Iterator[Row]:
    """By the great circle: so much for a tonne-kilometre, a week begun for every so many kilometres beyond a day's way."""
    rate = terms.value["tonne_km_fen"] / 100 / 1000
    for start in cities:
        for end in cities:
            if start.code == end.code:
                continue
            km = _distance(start, end)
            lag = ceil(max(0.0, km - terms.value["same_week_km"]) / terms.value["week_km"])
            yield {"from": start.code, "to": end.code, "cost": round(rate * km, 6), "lag": lag}


def _distance(start: City, end: City) -> float:
    if None in (start.latitude, start.longitude, end.latitude, end.longitude):
        return 0.0
    (a, b), (c, d) = ((radians(each.latitude or 0), radians(each.longitude or 0)) for each in (start, end))
    half = sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def _meant(line: Row, industries: Industries) -> Row:
    """Families and certificates by their code or any of their names."""
    family = _code(industries.families.values(), str(line.get("family", "")))
    certificates = [
        _code(industries.certificates.values(), part.strip())
        for part in str(line.get("certificates", "")).split(";")
        if part.strip()
    ]
    return {**line, "family": family, "certificates": ";".join(certificates)}


def _meant_places(said: set[str], offered: set[str]) -> dict[str, str]:
    """Name → code, in either language. Of several places of a name the one with work centres is meant, else none of them."""
    found: dict[str, set[str]] = {}
    named = City.objects.filter(Q(name_zh__in=said) | Q(name_en__in=said))
    for code, zh, en in named.values_list("code", "name_zh", "name_en"):
        for name in {zh, en} & said:
            found.setdefault(name, set()).add(code)
    likely = {name: codes if len(codes) == 1 else codes & offered for name, codes in found.items()}
    return {name: codes.pop() for name, codes in likely.items() if len(codes) == 1}


def _meant_firms(lines: Sequence[Row], offered: set[str]) -> list[Row]:
    """Firms that lines allow or block, by id. Those without hours in these weeks are left out; where a line allows none but them, it
    could go to anybody: raises ``ProblemFaulty``."""
    known = firms_known_by({firm for line in lines for column in FIRMS for firm in parts(line, column)})
    found, faults = [], []
    for row, line in enumerate(lines, FIRST_ROW):
        meant = {column: {str(known[firm]) for firm in parts(line, column)} & offered for column in FIRMS}
        if parts(line, "allowed_firms") and not meant["allowed_firms"]:
            faults.append(Fault("lines", row, "allowed_firms", NOT_OFFERED, str(line["allowed_firms"])[:80]))
        found.append({**line, **{column: ";".join(sorted(firms)) for column, firms in meant.items()}})
    if faults:
        raise ProblemFaulty(faults[:MOST_FAULTS])
    return found


def _refuse_unknown(rows: Sequence[Row], lines: Sequence[Row]) -> None:
    """Raises ``ProblemFaulty`` for names that nobody knows, and for places of which another one has the name."""
    faults = check_named(rows)
    if not faults:
        said = {line["city"] for line in lines}
        said -= set(City.objects.filter(code__in=said).values_list("code", flat=True))
        unclear = {name: several(name) for name in said}
        faults = [
            Fault("lines", row, "city", unclear[line["city"]], line["city"])
            for row, line in enumerate(lines, FIRST_ROW)
            if line["city"] in unclear
        ][:MOST_FAULTS]
    if faults:
        raise ProblemFaulty(faults)


def _code(known: Iterable[Any], said: str) -> str:
    for each in known:
        if said.lower() in (each.code, each.name.zh.lower(), each.name.en.lower()):
            return str(each.code)
    return said


def _names(
    industries: Industries, places: Mapping[str, City], centres: Sequence[Part], tables: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    firms = titles_of({centre.firm for centre, _, _ in centres})
    return {
        "operations": {code: _both(each.name) for code, each in industries.operations.items()},
        "families": {code: _both(each.name) for code, each in industries.families.items()},
        "cities": {code: {"zh": city.name_zh, "en": city.name_en} for code, city in places.items()},
        "firms": {str(id_): _both(name) for id_, name in firms.items()},
        "centres": {id_: centre.name for centre, id_, _ in centres},
        "customers": customers_in(tables),
    }


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
