"""What waits for somebody in this room, for to-dos to be made of it. ``org`` None: everywhere, under the cross role."""

from uuid import UUID

from staveworks.foundation.facts.models import Correction
from staveworks.kit.waiting import Waiting


def corrections_to_decide(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """A firm says that what this organisation stated of it is wrong."""
    found = Correction.objects.using("default" if org else "cross").filter(state="open")
    found = found.filter(id=subject) if subject else found
    return [
        Waiting(each.decider_org_id, each.id, each.asked_at, params={"firm": str(each.org_id)})
        for each in (found.filter(decider_org_id=org) if org else found)
    ]
