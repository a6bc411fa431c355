"""Mandates given and held, and whom one may be given to."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from staveworks.db.transaction import query
from staveworks.foundation.parties.domain import check_uscc, contact_of
from staveworks.foundation.parties.models import Mandate, Organisation, Person
from staveworks.foundation.parties.queries.actors import card_of
from staveworks.foundation.parties.rights import AGENTS
from staveworks.foundation.parties.types import Actor, AgentNotFound, OrganisationCard, title_of
from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class AgentFound:
    """A person or an organisation that can act for another; exactly one of the ids is set."""

    name: str
    person_id: UUID | None = None
    org_id: UUID | None = None
    name_en: str = ""

    @property
    def title(self) -> Text:
        return title_of(self.name, self.name_en)

    @property
    def id(self) -> UUID:
        found = self.person_id or self.org_id
        assert found
        return found


@dataclass(frozen=True, slots=True)
class MandateRecord:
    """``agent`` may act for ``firm`` within ``rights`` (codes) up to and including the day ``until``."""

    id: UUID
    firm: str
    agent: str
    rights: tuple[str, ...]
    given_at: datetime
    until: date
    live: bool
    agent_title: Text


@dataclass(frozen=True, slots=True)
class Mandator:
    """A firm that lets somebody act for it, up to and including the day ``until``."""

    card: OrganisationCard
    until: date


@query
def list_mandates(actor: Actor) -> list[MandateRecord]:
    """Mandates that the actor's organisation gave, live ones first. Raises ``RightMissing``."""
    actor.require("people.read")
    found = Mandate.objects.filter(org_id=actor.org).select_related("org", "agent_org", "agent_person")
    today = timezone.localdate()
    records = [_record(mandate, today) for mandate in found.order_by("-given_at")]
    return sorted(records, key=lambda record: not record.live)


@query
def list_mandators(actor: Actor, *, right: str) -> list[Mandator]:
    """Firms for which the actor may ``right`` by a live mandate, hers or her organisation's; each once, by name."""
    held = Q(agent_person_id=actor.person_id)
    if actor.roles & AGENTS:
        held |= Q(agent_org_id=actor.org)
    live = Mandate.objects.filter(held, withdrawn_at=None, until__gte=timezone.localdate())
    found = live.filter(rights__contains=[right], org__merged_into=None).select_related("org__city")
    last = {mandate.org_id: mandate for mandate in found.order_by("until", "id")}
    rows = sorted(last.values(), key=lambda each: (each.org.sort_key, each.org_id))
    return [Mandator(card_of(each.org), each.until) for each in rows]


def _record(mandate: Mandate, today: date) -> MandateRecord:
    agent = mandate.agent_org or mandate.agent_person
    return MandateRecord(
        mandate.id,
        mandate.org.name,
        agent.name if agent else "",
        tuple(mandate.rights),
        mandate.given_at,
        mandate.until,
        mandate.withdrawn_at is None and mandate.until >= today,
        title_of(agent.name, getattr(agent, "name_en", "")) if agent else Text(zh="", en=""),
    )


def find_agent(text: str) -> AgentFound:
    """The person with this phone or e-mail, or the organisation with this USCC. Raises ``AgentNotFound``, ``PhoneInvalid``."""
    if len("".join(text.split())) == 18 and "@" not in text:
        organisation = Organisation.objects.filter(uscc=_uscc(text), merged_into=None).first()
        if organisation is None:
            raise AgentNotFound(field="agent")
        return AgentFound(organisation.name, org_id=organisation.id, name_en=organisation.name_en)
    contact = contact_of(text)
    person = Person.objects.filter(
        **{contact.channel: contact.address}, service=False, is_active=True
    ).first()
    if person is None:
        raise AgentNotFound(field="agent")
    return AgentFound(person.name, person_id=person.id)


def _uscc(text: str) -> str:
    try:
        return check_uscc(text)
    except Invalid as error:
        raise AgentNotFound(error.text, field="agent") from error
