"""Who contributes, read across all organisations: firms that their steward still holds, and firms that grant the operator
what they are measured by for the running of the cluster; of both those that others know (``counted``). What is withdrawn is not
gathered."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connections

from staveworks.cluster.barrel.domain import size_of
from staveworks.cluster.barrel.editions import DEFAULT_RUBRIC
from staveworks.cluster.barrel.published.counted import KNOWN, Seats
from staveworks.engine.barrel import EVEN
from staveworks.engine.disclosure import Contribution, Path

WATER = ""
"""The measure that is neither a plank nor another rubric's score: the water level itself."""

COUNTY = 3
JOINING = frozenset({3})
"""Depths at which what is too little joins its smallest neighbour: the sizes of one trade."""

WHERE = """c.code, c.level, c.parent_id, coalesce(nullif(nullif(a.profile, ''), 'even'), p.business_type, ''), p.staff"""

WHO = f"""
FROM barrel_diagnosis d
JOIN barrel_assessment a ON a.id = d.assessment_id
JOIN parties_organisation o ON o.id = d.org_id
LEFT JOIN parties_city c ON c.code = o.city_id
LEFT JOIN parties_profile p ON p.org_id = o.id
WHERE d.answered > 0 AND {KNOWN} AND o.merged_into_id IS NULL AND o.kinds && ARRAY['enterprise', 'backbone']::varchar[]
  AND ((o.claimed_at IS NULL AND o.steward_id IS NOT NULL) OR EXISTS (
        SELECT FROM facts_grant g LEFT JOIN parties_organisation r ON r.id = g.grantee_id
        WHERE g.org_id = o.id AND g.purpose = 'operation' AND %(field)s = ANY (g.fields)
          AND grant_is_live(g.during, g.withdrawn_at)
          AND (r.kinds && ARRAY['platform', 'city']::varchar[] OR g.grantee_kind = 'city')))
"""

BARRELS = f"""
SELECT d.org_id::text, {WHERE}, d.water_likely, d.planks {WHO}
  AND d.current AND d.water_likely IS NOT NULL AND a.rubric = %(rubric)s
ORDER BY o.created_at, d.org_id
"""

SCORES = f"""
SELECT DISTINCT ON (o.created_at, d.org_id, a.rubric) d.org_id::text, {WHERE}, (d.score ->> 1)::float, a.rubric {WHO}
  AND d.water_likely IS NULL
ORDER BY o.created_at, d.org_id, a.rubric, a.started_at DESC
"""


def measure_of(rubric: str) -> str:
    """What a rubric's result is called here: the water level, or the code of a rubric that gives a score."""
    return WATER if rubric == DEFAULT_RUBRIC else rubric


def gather() -> Mapping[str, tuple[Contribution, ...]]:
    """Measure → what every firm contributes to it now: the likely water level, the likely height of each plank it needs, and
    the likely score by each rubric without planks, which is read out of its answers."""
    found: dict[str, list[Contribution]] = defaultdict(list)
    seats = Seats()
    with connections["cross"].cursor() as cursor:
        cursor.execute(BARRELS, {"field": "barrel", "rubric": DEFAULT_RUBRIC})
        for firm, code, level, parent, trade, staff, water, planks in cursor:
            if not seats.take(WATER, firm):
                continue
            path = path_of(code, level, parent, trade, staff)
            found[WATER].append(Contribution(firm, path, _kept(water)))
            for plank, height in _heights(planks):
                found[plank].append(Contribution(firm, path, _kept(height)))
        cursor.execute(SCORES, {"field": "assessment"})
        for firm, code, level, parent, trade, staff, score, rubric in cursor:
            if not seats.take(rubric, firm):
                continue
            path = path_of(code, level, parent, trade, staff)
            found[measure_of(rubric)].append(Contribution(firm, path, _kept(score)))
    return {measure: tuple(each) for measure, each in sorted(found.items())}


def path_of(code: str | None, level: int | None, parent: str | None, trade: str, staff: int | None) -> Path:
    """Prefecture, county, trade, size; cut off where something is not known."""
    if code is None:
        return ()
    if level != COUNTY or parent is None:
        return (code,)
    if trade == EVEN.code:  # every plank fully: a target, but no trade
        trade = ""
    size = size_of(staff)
    return (parent, code, *((trade, *((size,) if size else ())) if trade else ()))


def _heights(planks: dict[str, Any] | str) -> Iterable[tuple[str, float]]:
    read: dict[str, Any] = json.loads(planks) if isinstance(planks, str) else planks
    return [(code, plank["height"][1]) for code, plank in read.items() if plank["needed"]]


def _kept(value: float) -> float:
    """As it is stored, so that the same value is known again."""
    return round(float(value), 2)
