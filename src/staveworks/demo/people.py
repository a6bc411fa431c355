"""The demo's named people, and how they sign in."""

from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from staveworks.db.transaction import acting
from staveworks.demo.offers import services
from staveworks.foundation.parties.domain import contact_of
from staveworks.foundation.parties.models import Membership, Organisation, Person
from staveworks.foundation.parties.queries import actor_for, operator_service_for
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.parties.usecases.register_person import register_person

# Printed at every start; the demo is never in production.
PASSWORD = "barrel-and-stave"  # noqa: S105  # pragma: allowlist secret


@cache
def _hashed() -> str:
    """Once for all: a hash takes half a second on purpose, and this password is printed."""
    return make_password(PASSWORD)


def add_person(entry: dict[str, Any]) -> UUID:
    """The person's id; she is marked as demo and signs in with the demo's password."""
    person = register_person(name=entry["name"], contact=contact_of(entry["login"]))
    Person.objects.filter(id=person.id).update(
        demo=True, phone_verified=person.phone is not None, password=_hashed()
    )
    return person.id


def add_people(org_id: UUID, people: list[dict[str, Any]]) -> None:
    """Make each person with her role in ``org_id``."""
    for entry in people:
        person_id = add_person(entry)
        with acting(org=org_id, person=person_id):
            Membership.objects.get_or_create(org_id=org_id, person_id=person_id, role=Role(entry["role"]))


def who_answers(firm: UUID) -> Actor:
    """Who stands in for the firm's own people, where it has some; else its steward, who answers in its name."""
    actor = operator_service_for(firm)
    claimed = Organisation.objects.filter(id=firm, claimed_at__isnull=False).exists()
    return replace(actor, via_org_id=None) if claimed else actor


def owner_of(org_id: UUID) -> Actor:
    """Its owner of flesh and blood: what is done has a name."""
    with acting(org=org_id):
        owners = Membership.objects.filter(org_id=org_id, role=Role.OWNER, person__service=False)
        person = owners.order_by("since", "id").values_list("person_id", flat=True)[0]
    return actor_for(person, org_id)


def logins(world: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(login, name, organisation) for the lines printed at the start: everybody of the world, and of the providers those who are told."""
    organisations = [world["operator"], *world["organisations"]]
    sellers = [(p, o) for o in services()["providers"] for p in o.get("people", ()) if p.get("told")]
    people = [*((p, o) for o in organisations for p in o["people"]), *sellers]
    return [(p["login"], p["name"], o["name"]) for p, o in people]
