"""How often the API is called: counted in the database, for all web processes, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from staveworks.foundation.parties.domain import digest_of

WINDOW_S = 60
FORGOTTEN_AT_ONCE = 20
COUNT = """
INSERT INTO parties_call_window AS seen (caller, since, calls)
SELECT caller, statement_timestamp(), 1 FROM unnest(%(callers)s::text[]) WITH ORDINALITY AS asked (caller, place) ORDER BY place
ON CONFLICT (caller) DO UPDATE SET
    calls = CASE WHEN seen.since > excluded.since - %(window)s * interval '1 second' THEN seen.calls + 1 ELSE 1 END,
    since = CASE WHEN seen.since > excluded.since - %(window)s * interval '1 second' THEN seen.since ELSE excluded.since END
RETURNING caller, calls, extract(epoch FROM since - statement_timestamp()) + %(window)s
"""
FORGET = """
DELETE FROM parties_call_window WHERE caller IN (
    SELECT caller FROM parties_call_window WHERE since < statement_timestamp() - %(window)s * interval '2 seconds'
    LIMIT %(most)s FOR UPDATE SKIP LOCKED)
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """The calls of somebody in the present window, this one included, and the seconds until the next window."""

    calls: int
    left: float


def count_calls(callers: Sequence[str]) -> list[Counted]:
    """Count one call for each of ``callers``, whatever names them; kept as digests. Several go in one order, so none waits in a circle.

    Whoever begins a window forgets some that are over.
    """
    digests = [digest_of(caller) for caller in callers]
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"callers": digests, "window": WINDOW_S})
        found = {caller: Counted(calls, float(left)) for caller, calls, left in cursor.fetchall()}
        if any(counted.calls == 1 for counted in found.values()):
            cursor.execute(FORGET, {"window": WINDOW_S, "most": FORGOTTEN_AT_ONCE})
    return [found[digest] for digest in digests]
