"""What the growth desk says of the firms that its operator holds: by city, by how they are reached, whom to call today."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from staveworks.db.transaction import query
from staveworks.foundation.outreach.domain import covered
from staveworks.foundation.outreach.segments import FIRMS
from staveworks.foundation.outreach.types import SegmentCount
from staveworks.foundation.parties.types import Actor

COUNTED = r"""
WITH held AS MATERIALIZED (
    SELECT id, city_id FROM parties_organisation
    WHERE steward_id = %(org)s AND claimed_at IS NULL AND merged_into_id IS NULL AND kinds && %(kinds)s::varchar[]
), profiles AS MATERIALIZED (
    SELECT org_id, email, phones FROM parties_profile
), calls AS MATERIALIZED (
    SELECT DISTINCT ON (firm_id) firm_id, next_date FROM outreach_call ORDER BY firm_id, at DESC, id DESC
)
SELECT city_id, count(*), count(*) FILTER (WHERE email <> ''),
    count(*) FILTER (WHERE email = '' AND (phones[1] ~ '^\+861[3-9]\d{9}$' OR EXISTS (
        SELECT FROM unnest(phones) AS phone WHERE phone NOT LIKE '+86%%' OR phone ~ '^\+861[3-9]\d{9}$'))),
    count(*) FILTER (WHERE phones <> '{}' AND (calls.firm_id IS NULL OR next_date <= %(today)s))
FROM held LEFT JOIN profiles ON org_id = held.id LEFT JOIN calls ON firm_id = held.id GROUP BY city_id
"""
"""In one pass, where three took half of the page: the policy of profiles is the dearest part. Says the same as ``city_options``,
``count_segment`` and ``count_calls_due``."""


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """``cities``: code → unclaimed firms, wherever they are; ``segment`` and ``due`` of the city asked for, or of all."""

    cities: dict[str, int]
    segment: SegmentCount
    due: int


@query
def count_desk(actor: Actor, *, city: str = "") -> DeskCounts:
    """Raises ``RightMissing``."""
    actor.require("firm.read")
    asked: dict[str, Any] = {
        "org": actor.org,
        "kinds": [str(kind) for kind in FIRMS],
        "today": timezone.localdate(),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, asked)
        rows = cursor.fetchall()
    within = [row[1:] for row in rows if not city or (row[0] or "").startswith(covered(city))]
    firms, by_email, by_phone, due = (
        (sum(column) for column in zip(*within, strict=True)) if within else (0,) * 4
    )
    return DeskCounts(
        {code: number for code, number, *_ in rows if code}, SegmentCount(firms, by_email, by_phone), due
    )
