"""How many firms each choice of each filter would leave, in one pass over the firms: the policies are the expensive part."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet

type Counts = dict[str, dict[str, int]]
COUNTED = """
WITH base AS MATERIALIZED ({base}), alike AS MATERIALIZED (
    SELECT base.*, {misses} AS misses, count(*) AS firms FROM base GROUP BY {columns}
)
SELECT facet.name, facet.key, sum(firms)::int FROM alike
CROSS JOIN LATERAL (VALUES {facets}) AS facet(name, key, miss)
WHERE misses = miss AND key <> '' GROUP BY facet.name, facet.key
UNION ALL SELECT '', '', coalesce(sum(firms), 0)::int FROM alike WHERE misses = 0
"""
"""Firms alike in every choice are judged once: thousands are a few hundred."""


def count_facets(
    firms: QuerySet[Any], columns: Mapping[str, str], chosen: Mapping[str, str]
) -> tuple[Counts, int]:
    """``columns``: filter → the annotation of ``firms`` that holds its choice; ``chosen``: filter → choice, "" for none.

    For each filter the firms under each choice while all *other* filters hold, and the number under all of them. A firm
    counts for a filter if it misses none of the others: its misses in all are those of that filter alone.
    """
    base, params = firms.order_by().values_list(*columns.values()).query.sql_with_params()
    names = list(columns)
    aliases = [f"c{number}" for number in range(len(names))]
    wanted = [chosen.get(name, "") for name in names]
    miss = [f"(%s <> '' AND coalesce({alias}, '') <> %s)::int" for alias in aliases]
    facets = ", ".join(f"(%s, {alias}, {each})" for alias, each in zip(aliases, miss, strict=True))
    columns_said = ", ".join(aliases)
    sql = COUNTED.format(base="{base}", misses=" + ".join(miss), facets=facets, columns=columns_said)
    sql = sql.replace("WITH base AS", f"WITH base({columns_said}) AS").replace("{base}", base)
    twice = [value for choice in wanted for value in (choice, choice)]
    named = [value for name, choice in zip(names, wanted, strict=True) for value in (name, choice, choice)]
    counts: Counts = {name: {} for name in names}
    total = 0
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, *twice, *named])
        for name, key, number in cursor.fetchall():
            if name:
                counts[name][key] = number
            else:
                total = number
    return counts, total
