"""Reads: who a person is here, which organisations she may act for, and as whom."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from staveworks.db.transaction import acting, query
from staveworks.foundation.parties.models import Mandate, Membership, Organisation, Person
from staveworks.foundation.parties.queries.held import by_roles, held_there
from staveworks.foundation.parties.rights import AGENTS, MANDATED, STEWARDED, STEWARDING, rights_of
from staveworks.foundation.parties.types import (
    Actor,
    Kind,
    NoOrganisation,
    OrganisationCard,
    OrganisationNotFound,
    Role,
)
from staveworks.kit.text import Text

SERVICE_NAME = "staveworks"


def card_of(organisation: Organisation) -> OrganisationCard:
    """The organisation as lists and switches show it."""
    city = organisation.city
    return OrganisationCard(
        id=organisation.id,
        name=organisation.name,
        name_en=organisation.name_en,
        kinds=tuple(Kind(kind) for kind in organisation.kinds),
        city_code=organisation.city_id,
        city_name=Text(zh=city.name_zh, en=city.name_en) if city else None,
        uscc=organisation.uscc,
        steward_id=organisation.steward_id,
        claimed_at=organisation.claimed_at,
        demo=organisation.demo,
    )


def list_organisations_of(person_id: UUID) -> list[OrganisationCard]:
    """The organisations in which a person has a role, then those that mandated her; each once, by name."""
    with acting(person=person_id):
        own = Q(memberships__person_id=person_id)
        mandated = Q(mandates_given__in=live_mandates(person_id))
        found = (
            Organisation.objects.filter(own | mandated, merged_into=None).select_related("city").distinct()
        )
        return [card_of(organisation) for organisation in found.order_by("sort_key", "id")]


def cards(ids: Iterable[UUID]) -> list[OrganisationCard]:
    wanted = list(ids)
    if not wanted:
        return []
    found = Organisation.objects.filter(id__in=wanted, merged_into=None).select_related("city")
    return [card_of(organisation) for organisation in found.order_by("sort_key", "id")]


def card(actor: Actor) -> OrganisationCard:
    """The organisation the actor acts for. Raises ``NoOrganisation``."""
    return card_of(Organisation.objects.select_related("city").get(id=actor.org))


def actor_for(person_id: UUID, org_id: UUID, *, via_org_id: UUID | None = None) -> Actor:
    """The person acting for ``org_id``: by her role there, by a mandate, or as steward of an unclaimed firm.

    ``via_org_id`` is the organisation she comes from, where she doesn't belong to ``org_id`` herself.
    Raises ``OrganisationNotFound`` if nothing lets her act there.
    """
    with acting(org=via_org_id, person=person_id):
        if held := held_there(person_id, org_id):
            return by_roles(person_id, org_id, *held)
        organisation = Organisation.objects.filter(id=org_id, merged_into=None).first()
        if organisation is None:
            raise OrganisationNotFound
        kinds = frozenset(Kind(kind) for kind in organisation.kinds)
        actor = _by_mandate(person_id, org_id, via_org_id, kinds) or _by_stewardship(
            person_id, organisation, via_org_id
        )
    if actor is None:
        raise OrganisationNotFound
    return actor


def _roles(person_id: UUID, org_id: UUID) -> frozenset[Role]:
    found = Membership.objects.filter(person_id=person_id, org_id=org_id).values_list("role", flat=True)
    return frozenset(Role(role) for role in found)


def live_mandates(person_id: UUID, agent_orgs: Iterable[UUID] = ()) -> QuerySet[Mandate]:
    return Mandate.objects.filter(
        Q(agent_person_id=person_id) | Q(agent_org_id__in=list(agent_orgs)),
        withdrawn_at=None,
        until__gte=today(),
    )


def today() -> date:
    return timezone.localdate()


def _by_mandate(person_id: UUID, org_id: UUID, via: UUID | None, kinds: frozenset[Kind]) -> Actor | None:
    """Within the mandate's rights; an organisation's mandate serves only its people with the agent's or a leading role."""
    agents = [via] if via and _roles(person_id, via) & AGENTS else []
    mandate = live_mandates(person_id, agents).filter(org_id=org_id).first()
    if mandate is None:
        return None
    rights = frozenset(mandate.rights) & MANDATED
    return Actor(
        person_id, org_id, rights, kinds, frozenset(), via_org_id=mandate.agent_org_id, mandate_id=mandate.id
    )


def _by_stewardship(person_id: UUID, organisation: Organisation, via: UUID | None) -> Actor | None:
    """The steward's people act for a firm until somebody has claimed it."""
    if via is None or organisation.steward_id != via or organisation.claimed_at is not None:
        return None
    steward = Organisation.objects.get(id=via)
    rights = rights_of(_roles(person_id, via), [Kind(kind) for kind in steward.kinds])
    if STEWARDING not in rights:
        return None
    kinds = frozenset(Kind(kind) for kind in organisation.kinds)
    return Actor(person_id, organisation.id, STEWARDED, kinds, frozenset(), via_org_id=via)


def operator_service() -> Actor:
    """The operator's service account, as which commands and jobs act. Raises ``NoOrganisation`` before there is an operator."""
    person = Person.objects.filter(service=True).order_by("joined_at").first()
    if person is None:
        raise NoOrganisation
    with acting(person=person.id):
        membership = Membership.objects.filter(person_id=person.id).select_related("org").first()
        if membership is None:
            raise NoOrganisation
        kinds = [Kind(kind) for kind in membership.org.kinds]
    rights = rights_of([Role.OWNER], kinds)
    return Actor(
        person.id, membership.org_id, rights, frozenset(kinds), frozenset({Role.OWNER}), service=SERVICE_NAME
    )


def operator_service_for(org_id: UUID) -> Actor:
    """The service account acting for any organisation, as jobs do. Raises ``OrganisationNotFound``, ``NoOrganisation``."""
    service = operator_service()
    if org_id == service.org_id:
        return service
    organisation = Organisation.objects.filter(id=org_id).first()
    if organisation is None:
        raise OrganisationNotFound
    kinds = frozenset(Kind(kind) for kind in organisation.kinds)
    rights = rights_of([Role.OWNER], kinds)
    return Actor(
        service.person_id, org_id, rights, kinds, frozenset(), via_org_id=service.org_id, service=SERVICE_NAME
    )


def operator_of(org_id: UUID) -> UUID:
    """The operator to which a firm belongs: its steward before the claim, else the platform's. Raises ``NoOrganisation``."""
    steward = Organisation.objects.filter(id=org_id).values_list("steward_id", flat=True).first()
    if steward:
        return steward
    platform = Organisation.objects.filter(kinds__contains=[Kind.PLATFORM], merged_into=None)
    found = platform.order_by("created_at", "id").values_list("id", flat=True).first()
    if found is None:
        raise NoOrganisation
    return found


@query
def access_organisation(actor: Actor, org_id: UUID, right: str = "organisation.read") -> OrganisationCard:
    """The organisation ``org_id`` if the actor may ``right`` there. Raises ``RightMissing``, ``OrganisationNotFound``."""
    actor.require(right)
    found = Organisation.objects.filter(id=org_id).select_related("city").first()
    if found is None or (org_id != actor.org_id and found.steward_id != actor.org_id):
        raise OrganisationNotFound
    return card_of(found)
