"""Columns of the files → ``Problem``. Only called when nothing is wrong with them."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from staveworks.engine.dispatch.problem import (
    Capabilities,
    Commitments,
    Families,
    Firms,
    Ints,
    Lines,
    Problem,
    Routes,
    Transport,
    Words,
    WorkCentres,
)
from staveworks.engine.dispatch.reading.columns import Columns
from staveworks.engine.dispatch.reading.settings import Settings


def assemble(settings: Settings, tables: Mapping[str, Columns]) -> Problem:
    lines, centres = tables["lines"], tables["work_centres"]
    certificates = _certificates(centres.texts["certificates"], lines.texts["certificates"])
    firms = {firm: place for place, firm in enumerate(centres.texts["firm"])}
    assert settings.buckets is not None
    return Problem(
        buckets=settings.buckets,
        operations=settings.operations,
        cities=tables["cities"].ids,
        firms=centres.texts["firm"],
        certificates=certificates,
        transport=_transport(tables["transport"], len(tables["cities"])),
        families=Families(
            tables["families"].ids,
            tables["families"].of["weight"],
            tables["families"].of["hold_cost"],
        ),
        routes=_routes(tables["routes"]),
        work_centres=_work_centres(centres, tables["capacity"], settings.buckets, certificates),
        capabilities=Capabilities(**{name: tables["capabilities"].of[name] for name in CAPABILITY}),
        lines=_lines(lines, certificates, firms),
        commitments=Commitments(**{name: tables["commitments"].of[name] for name in COMMITMENT}),
        fairness=settings.fairness,
        stability=settings.stability,
        frozen=settings.frozen,
    )


CAPABILITY = ("work_centre", "family", "cost", "hours", "setup_hours")
COMMITMENT = ("line", "lot", "step", "work_centre", "bucket", "quantity", "status")
LINE = (
    "family",
    "quantity",
    "release",
    "due",
    "grade",
    "city",
    "late_cost",
    "reject_cost",
    "min_lot",
    "max_lots",
)


def parts(text: str) -> list[str]:
    """Of a cell with ``;`` between."""
    return [part for each in text.split(";") if (part := each.strip())]


def _certificates(*texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(part for some in texts for text in some for part in parts(text)))


def _words(texts: Sequence[str], codes: NDArray[np.int32], certificates: Sequence[str]) -> Words:
    places = {certificate: place for place, certificate in enumerate(certificates)}
    own = np.zeros((max(1, len(texts)), (len(certificates) + 63) // 64), np.uint64)
    for row, text in enumerate(texts):
        for part in parts(text):
            word, bit = divmod(places[part], 64)
            own[row, word] |= np.uint64(1) << np.uint64(bit)
    taken: Words = own[codes]
    return taken


def _transport(table: Columns, cities: int) -> Transport:
    cost, lag = np.full((cities, cities), np.inf), np.zeros((cities, cities), np.int32)
    cost[table.of["from"], table.of["to"]] = table.of["cost"]
    lag[table.of["from"], table.of["to"]] = table.of["lag"]
    np.fill_diagonal(cost, 0.0)
    np.fill_diagonal(lag, 0)
    return Transport(cost, lag)


def _routes(table: Columns) -> Routes:
    """In the order of families; within one, as the routes first appear."""
    family, route, step = (table.of[name] for name in ("family", "route", "step"))
    order = np.lexsort((step, route, family))
    family, route, operation = family[order], route[order], table.of["operation"][order]
    first = np.ones(len(order), bool)
    first[1:] = (family[1:] != family[:-1]) | (route[1:] != route[:-1])
    start = np.append(np.flatnonzero(first), len(order)).astype(np.int32)
    ids = [table.texts["route"][code] for code in route[first].tolist()]
    return Routes(ids, family[first], start, operation)


def _work_centres(
    table: Columns, capacity: Columns, buckets: int, certificates: Sequence[str]
) -> WorkCentres:
    hours = np.zeros((len(table), buckets))
    cells = capacity.of["work_centre"], capacity.of["bucket"]
    hours[cells] = capacity.of["hours"]
    working = None
    if np.isfinite(capacity.of["working_hours"]).any():
        working = np.full_like(hours, np.inf)
        working[cells] = capacity.of["working_hours"]
    return WorkCentres(
        ids=table.ids,
        firm=table.of["firm"],
        city=table.of["city"],
        operation=table.of["operation"],
        grade=table.of["grade"],
        certificates=_words(table.texts["certificates"], table.of["certificates"], certificates),
        hours=hours,
        working_hours=working,
    )


def _lines(table: Columns, certificates: Sequence[str], firms: Mapping[str, int]) -> Lines:
    return Lines(
        ids=table.ids,
        certificates=_words(table.texts["certificates"], table.of["certificates"], certificates),
        allowed=_firms(table, "allowed_firms", firms),
        blocked=_firms(table, "blocked_firms", firms),
        **{name: table.of[name] for name in LINE},
    )


def _firms(table: Columns, name: str, firms: Mapping[str, int]) -> Firms:
    """The sets of the distinct texts one after the other, then taken for each line."""
    sets: list[Ints] = [
        np.array(list(dict.fromkeys(firms[part] for part in parts(text))), np.int32)
        for text in table.texts[name]
    ] or [np.zeros(0, np.int32)]
    codes = table.of[name]
    lengths = np.array([len(each) for each in sets], np.int64)
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    start = np.concatenate([[0], np.cumsum(lengths[codes])]).astype(np.int64)
    within = np.arange(start[-1]) - np.repeat(start[:-1], lengths[codes])
    return Firms(start, np.concatenate(sets)[np.repeat(begins[codes], lengths[codes]) + within])
