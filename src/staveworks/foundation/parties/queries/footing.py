"""As whom a person acts on a page, and what she may choose from."""

from uuid import UUID

from staveworks.db.transaction import acting
from staveworks.foundation.parties.queries.actors import actor_for, cards, live_mandates, today
from staveworks.foundation.parties.queries.held import by_roles, held_by, mandated_by
from staveworks.foundation.parties.rights import AGENTS
from staveworks.foundation.parties.types import Choice, Footing, OrganisationNotFound


def find_footing(person_id: UUID, org_id: UUID | None = None, *, via_org_id: UUID | None = None) -> Footing:
    """As whom she acts for ``org_id``, and what she may choose from: what every page asks, in as few statements as it takes.

    ``actor`` is None where nothing lets her act there (``actor_for`` says how it is found), and without ``org_id``.
    """
    here = via_org_id or org_id
    with acting(org=here, person=person_id):
        own, held = held_by(person_id)
        agents = {agent for agent, roles in held.items() if roles & AGENTS}
        mandated = mandated_by(person_id, agents & {here}, today())
    for agent in agents - {here}:  # a mandate of an organisation is seen as that organisation
        with acting(org=agent, person=person_id):
            found = live_mandates(person_id, [agent]).values_list("org_id", "agent_org_id")
            mandated |= {firm: via for firm, via in found if via and firm not in mandated}
    choices = [Choice(card) for card in own.values()] + [
        Choice(card, mandated[card.id], mandated=True) for card in cards(set(mandated) - set(own))
    ]
    if org_id in own:
        return Footing(by_roles(person_id, org_id, own[org_id].kinds, held[org_id]), choices)
    try:
        actor = actor_for(person_id, org_id, via_org_id=via_org_id) if org_id else None
    except OrganisationNotFound:
        actor = None
    return Footing(actor, choices)


def list_choices(person_id: UUID) -> list[Choice]:
    """What the switch shows: her own organisations, then those that mandated her or one of hers; each once, by name."""
    return find_footing(person_id).choices
