"""The table of kinds of to-dos: words, address, who does it, until when, what a link may do.

A new kind is a row in one of the files here, its source in ``jobs/todos/sources.py``, and the events after which to look in
``jobs/reactions.py``. The words' ``{firm}`` and ``{who}`` are ids in the to-do, shown as names.
"""

from staveworks.foundation.notices.kinds import joining, members, operating, orders, projects
from staveworks.foundation.notices.kinds.kind import TodoKind

__all__ = ["KINDS", "ROWS", "TodoKind"]

ROWS = (*joining.ROWS, *members.ROWS, *orders.ROWS, *projects.ROWS, *operating.ROWS)
KINDS = {row.code: row for row in ROWS}
