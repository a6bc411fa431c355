"""How many firms each choice of each filter would leave, in one pass over the firms: the policies are the expensive part."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet

type Counts = dict[str, dict[str, int]]
COUNTED = """
WITH firms(id, city, standing) AS MATERIALIZED ({firms}),
profiles AS MATERIALIZED (SELECT org_id, business_type FROM parties_profile),
barrels AS MATERIALIZED (SELECT org_id, binding FROM barrel_diagnosis WHERE current),
base AS (
    SELECT city, business_type, binding, standing, CASE WHEN barrels.org_id IS NULL THEN 'no' ELSE 'yes' END AS diagnosed
    FROM firms LEFT JOIN profiles ON profiles.org_id = id LEFT JOIN barrels ON barrels.org_id = id
), alike AS MATERIALIZED (
    SELECT {columns}, {misses} AS misses, count(*) AS firms FROM base GROUP BY {columns}
)
SELECT facet.name, facet.key, sum(firms)::int FROM alike
CROSS JOIN LATERAL (VALUES {facets}) AS facet(name, key, miss)
WHERE misses = miss AND key <> '' GROUP BY facet.name, facet.key
UNION ALL SELECT '', '', coalesce(sum(firms), 0)::int FROM alike WHERE misses = 0
"""
"""Firms alike in every choice are judged once: thousands are a few hundred. Profiles and barrels are read by themselves: joined in
one query their policies cost so much by estimate that it takes a worse plan."""
FACETS = ("city", "business_type", "binding", "standing", "diagnosed")


def count_facets(firms: QuerySet[Any], chosen: Mapping[str, str]) -> tuple[Counts, int]:
    """``firms``: with ``city_id`` and ``label_standing``; ``chosen``: facet → choice, "" for none.

    For each facet the firms under each choice while all *other* facets hold, and the number under all of them. A firm
    counts for a facet if it misses none of the others: its misses in all are those of that facet alone.
    """
    found, params = firms.order_by().values_list("id", "city_id", "label_standing").query.sql_with_params()
    wanted = [chosen.get(name, "") for name in FACETS]
    miss = [f"(%s <> '' AND coalesce({name}, '') <> %s)::int" for name in FACETS]
    facets = ", ".join(f"(%s, {name}, {each})" for name, each in zip(FACETS, miss, strict=True))
    sql = COUNTED.format(firms=found, columns=", ".join(FACETS), misses=" + ".join(miss), facets=facets)
    twice = [value for choice in wanted for value in (choice, choice)]
    named = [value for name, choice in zip(FACETS, wanted, strict=True) for value in (name, choice, choice)]
    counts: Counts = {name: {} for name in FACETS}
    total = 0
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *twice, *named])
        for name, key, number in cursor.fetchall():
            if name:
                counts[name][key] = number
            else:
                total = number
    return counts, total
