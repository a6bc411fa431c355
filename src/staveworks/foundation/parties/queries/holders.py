"""Who in an organisation may do a thing: whom to tell, and to whom it can be handed."""

from dataclasses import dataclass
from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.parties.models import Membership, Organisation
from staveworks.foundation.parties.rights import rights_of
from staveworks.foundation.parties.types import Actor, Kind, Role


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who has the right by her roles."""

    person_id: UUID
    name: str
    roles: frozenset[Role]

    @property
    def leads(self) -> bool:
        return bool(self.roles & {Role.OWNER, Role.MANAGER})


@query
def list_holders(actor: Actor, *, right: str) -> list[Holder]:
    """The people of the actor's organisation who have ``right`` there, by name; no programs.

    What it tells anybody may know who is asked to do something together with them, so it asks for no right of its own.
    """
    kinds = [Kind(kind) for kind in Organisation.objects.values_list("kinds", flat=True).get(id=actor.org)]
    rows = Membership.objects.filter(org_id=actor.org, person__service=False, person__is_active=True)
    roles: dict[tuple[UUID, str], set[Role]] = {}
    for person_id, name, role in rows.values_list("person_id", "person__name", "role"):
        roles.setdefault((person_id, name), set()).add(Role(role))
    holders = [Holder(id_, name, frozenset(held)) for (id_, name), held in roles.items()]
    return sorted(
        (each for each in holders if right in rights_of(each.roles, kinds)), key=lambda each: each.name
    )
