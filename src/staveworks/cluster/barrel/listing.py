"""The operator's firms in one statement: those of one page, and how many each choice of each filter would leave.

One, since the policies of profiles and barrels are the dearest part: they are asked once for both.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from staveworks.cluster.barrel.reach import REACHED, STANDING, reached_by
from staveworks.foundation.facts.live import SHOWN_TO
from staveworks.foundation.parties.types import Actor

type Counts = dict[str, dict[str, int]]
type Found = Mapping[str, Any]
FACETS = ("city", "business_type", "binding", "standing", "diagnosed")
BASE = f"""
WITH firms AS MATERIALIZED (
    SELECT id, city, sort_key, {STANDING} AS standing FROM ({REACHED}) AS reached WHERE %(words)s = ''
    OR upper(name) LIKE upper(%(like)s) OR upper(name_en) LIKE upper(%(like)s) OR uscc = upper(%(words)s)
),
profiles AS MATERIALIZED (SELECT org_id, business_type, staff FROM parties_profile),
barrels AS MATERIALIZED (SELECT org_id, binding, water_likely AS water, at FROM barrel_diagnosis WHERE current),
base AS MATERIALIZED (
    SELECT firms.*, business_type, staff, binding, water, at, CASE WHEN barrels.org_id IS NULL THEN 'no' ELSE 'yes' END AS diagnosed
    FROM firms LEFT JOIN profiles ON profiles.org_id = id LEFT JOIN barrels ON barrels.org_id = id
),
page AS (SELECT * FROM base WHERE {{conditions}} ORDER BY {{order}} LIMIT %(limit)s OFFSET %(offset)s)
"""
"""Tables with policies are read by themselves: joined in one query these cost so much by estimate that it takes a worse plan."""
ROW = f"""
o.name, o.name_en, o.uscc, o.city_id AS city, c.name_zh AS city_zh, c.name_en AS city_en, business_type, staff, standing,
    o.id IN ({SHOWN_TO}) AS shows, s.name AS steward, s.name_en AS steward_en
"""
NAMED = """
JOIN parties_organisation o ON o.id = firm.id LEFT JOIN parties_city c ON c.code = o.city_id
LEFT JOIN parties_organisation s ON s.id = o.steward_id
"""
ROWS = f"SELECT firm.id, {ROW}, water, at, firm.sort_key FROM page AS firm {NAMED} ORDER BY {{order}}"
ONE = f"""
SELECT firm.id, {ROW}, o.former_names, contact, phones, email, address, products, website
FROM (SELECT id, {STANDING} AS standing FROM ({REACHED}) AS reached WHERE id = %(firm)s) AS firm {NAMED}
LEFT JOIN parties_profile p ON p.org_id = firm.id
"""
COUNTED = """
, alike AS MATERIALIZED (SELECT {columns}, {misses} AS misses, count(*) AS firms FROM base GROUP BY {columns})
SELECT facet.name, facet.key, sum(firms)::int, NULL FROM alike
CROSS JOIN LATERAL (VALUES {facets}) AS facet(name, key, miss)
WHERE misses = miss AND key <> '' GROUP BY facet.name, facet.key
UNION ALL SELECT '', '', coalesce((SELECT sum(firms) FROM alike WHERE misses = 0), 0)::int,
    (SELECT jsonb_agg(to_jsonb(row)) FROM ({rows}) AS row)
"""
"""Firms alike in every choice are judged once: thousands are a few hundred. A firm counts for a facet if it misses none of the
others: its misses in all are those of that facet alone."""
MISS = "(%({facet})s <> '' AND coalesce({facet}, '') <> %({facet})s)::int"


def find_one(actor: Actor, firm: UUID) -> Found | None:
    """A firm's row, and what else is held about it; None where it isn't one of the operator's cluster."""
    return next(iter(_asked(ONE, reached_by(actor) | {"firm": firm})), None)


def find_rows(
    actor: Actor,
    words: str,
    chosen: Mapping[str, str],
    order: Sequence[str],
    limit: int,
    beyond: str,
    after: Found,
) -> list[Found]:
    """At most ``limit`` firms under all choices, in order, those that are ``beyond``: a condition, its parameters in ``after``."""
    sql = _framed(BASE + ROWS, chosen, order, beyond)
    return _asked(sql, {**_params(actor, words, chosen, limit, 0), **after})


def _asked(sql: str, params: Found) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def count_and_find(
    actor: Actor, words: str, chosen: Mapping[str, str], order: Sequence[str], *, offset: int, limit: int
) -> tuple[list[Found], Counts, int]:
    """``chosen``: facet → choice, "" for none; ``order``: terms of it.

    The firms of one page; for each facet the firms under each choice while all *other* facets hold; the number under all of them.
    """
    miss = {name: MISS.format(facet=name) for name in FACETS}
    facets = ", ".join(f"('{name}', {name}, {each})" for name, each in miss.items())
    counted = COUNTED.format(
        columns=", ".join(FACETS), misses=" + ".join(miss.values()), facets=facets, rows=ROWS
    )
    counts: Counts = {name: {} for name in FACETS}
    rows, total = "[]", 0
    with connection.cursor() as cursor:
        cursor.execute(_framed(BASE + counted, chosen, order), _params(actor, words, chosen, limit, offset))
        for name, key, number, found in cursor.fetchall():
            if name:
                counts[name][key] = number
            else:
                rows, total = found or rows, number
    return json.loads(rows), counts, total


def _framed(sql: str, chosen: Mapping[str, str], order: Sequence[str], beyond: str = "true") -> str:
    conditions = [f"{name} = %({name})s" for name in FACETS if chosen[name]]
    return sql.format(conditions=" AND ".join([*conditions, beyond]), order=", ".join(order))


def _params(actor: Actor, words: str, chosen: Mapping[str, str], limit: int, offset: int) -> dict[str, Any]:
    like = "%" + words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"
    return reached_by(actor) | {"words": words, "like": like, "limit": limit, "offset": offset, **chosen}
