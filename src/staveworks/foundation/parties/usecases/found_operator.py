"""Found the platform operator of a fresh installation, with the service account as which commands act."""

from uuid import UUID

from django.db import transaction

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.models import Membership, Organisation, Person
from staveworks.foundation.parties.naming import sort_key
from staveworks.foundation.parties.queries import SERVICE_NAME
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.kit.ids import new_id

DEFAULT_NAME = "集群服务公司"


def found_operator(*, name: str = DEFAULT_NAME) -> UUID:
    """The id of the operator's organisation, made once; later calls return the first."""
    with transaction.atomic():
        Person.objects.select_for_update().filter(service=True)
        service = Person.objects.filter(service=True).first()
        if service is not None:
            with acting(person=service.id):
                return Membership.objects.get(person_id=service.id).org_id
        return _found(name)


def _found(name: str) -> UUID:
    org_id = new_id()
    person = Person.objects.create(name=SERVICE_NAME, service=True, password="!")  # noqa: S106 - unusable on purpose
    with acting(org=org_id, person=person.id):
        Organisation.objects.create(id=org_id, name=name, sort_key=sort_key(name), kinds=[Kind.PLATFORM])
        Membership.objects.create(org_id=org_id, person=person, role=Role.OWNER)
        append_event(Actor(person.id, org_id), "operator.founded", subject=org_id)
    return org_id
