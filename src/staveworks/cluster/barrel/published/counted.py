"""Which firms may stand behind a figure of several: those that others know, and one of each owner.

Anybody can register a firm. Four invented ones with invented answers, beside a real one, would be a group of one real firm: who invented
them subtracts. So a firm counts when it came by a roster (it has a steward, also after it was claimed) or a roster's row was merged into it.
"""

from collections import defaultdict
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from staveworks.foundation.parties.models import Membership
from staveworks.foundation.parties.types import Role
from staveworks.foundation.rosters.models import RosterRow

KNOWN = "(o.steward_id IS NOT NULL OR EXISTS (SELECT FROM rosters_row k WHERE k.organisation_id = o.id))"
"""Of a row ``o`` of the organisations."""


def is_known() -> Q:
    """The same, of rows that belong to an organisation ``org``."""
    rows = RosterRow.objects.filter(organisation_id=OuterRef("org_id"))
    return Q(org__steward__isnull=False) | Q(Exists(rows))


class Seats:
    """One seat for each owner in each figure: the first firm that asks keeps it. An unclaimed firm has no owner and needs none."""

    def __init__(self) -> None:
        self._owners: dict[str, set[UUID]] = defaultdict(set)
        owning = Membership.objects.using("cross").filter(role=Role.OWNER)
        for firm, person in owning.values_list("org_id", "person_id"):
            self._owners[str(firm)].add(person)
        self._taken: dict[tuple[object, UUID], str] = {}

    def take(self, figure: object, firm: str) -> bool:
        """Whether ``firm`` counts in ``figure``: none of its owners has another firm there."""
        seats = [(figure, owner) for owner in self._owners.get(firm, ())]
        if any(self._taken.get(seat, firm) != firm for seat in seats):
            return False
        self._taken.update(dict.fromkeys(seats, firm))
        return True
