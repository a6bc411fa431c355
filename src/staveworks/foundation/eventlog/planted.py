"""An unsealed event that the sealer can't have left where it stands: somebody wrote it by hand.

The sealer reads in the order (xid, seq) and stops before the oldest open transaction. So nothing appears before what it has sealed, nor under
the number of a transaction that has not begun.
"""

from staveworks.kit.text import Text

PLANTED = Text(
    zh="事件 {id} 没有封存，却排在已封存的事件之前，或来自还没有过的事务：不是程序写入的。",
    en="Event {id} is not sealed, but stands before sealed ones or is of a transaction that never was: no use case wrote it.",
)

FIND_PLANTED = """
SELECT e.id FROM eventlog_event e LEFT JOIN (
    SELECT l.xid, l.seq FROM eventlog_seal s JOIN eventlog_event l ON l.id = s.event_id
    WHERE s.node = %s ORDER BY s.number DESC LIMIT 1
) last ON true
WHERE NOT EXISTS (SELECT FROM eventlog_seal s WHERE s.event_id = e.id)
  AND ((e.xid, e.seq) < (last.xid, last.seq) OR e.xid >= pg_snapshot_xmax(pg_current_snapshot()))
ORDER BY e.xid, e.seq LIMIT 1
"""
"""The first of them, as the cross role; takes the node."""
