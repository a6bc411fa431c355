"""What this room holds about a person, taken away: what was said to her, what waited for her, how she wanted to be reached."""

from uuid import UUID

from django.db.models import Q

from staveworks.db.transaction import acting
from staveworks.foundation.notices.models import Delivery, SinkEntry, Suppression, TapLink, Todo
from staveworks.foundation.notices.sealing import address_digest
from staveworks.foundation.notices.usecases.forget_messages import forget_person_in_messages
from staveworks.foundation.parties.erasing import Gone


def erase_in_notices(gone: Gone) -> int:
    """How many rows went or were emptied. That an address isn't written to stays, by its digest only."""
    count = forget_person_in_messages(person_id=gone.id, addresses=gone.addresses)
    for org_id in _places(gone):
        with acting(org=org_id):
            count += Todo.objects.filter(org_id=org_id, person_id=gone.id).delete()[0]
            count += Todo.objects.filter(org_id=org_id, holder_id=gone.id).update(holder=None)
            count += TapLink.objects.filter(org_id=org_id, person_id=gone.id).delete()[0]
            count += Delivery.objects.filter(_to(gone), org_id=org_id).update(
                address="", address_digest="", person_id=None
            )
            count += SinkEntry.objects.filter(operator_id=org_id, address__in=gone.addresses).delete()[0]
    digests = [address_digest(address) for address in gone.addresses]
    return count + Suppression.objects.filter(address_digest__in=digests).update(masked="", detail="")


def _to(gone: Gone) -> Q:
    return Q(person_id=gone.id) | Q(address__in=gone.addresses)


def _places(gone: Gone) -> list[UUID]:
    """Organisations in whose rows she stands (cross role), by ascending id."""
    todos = Todo.objects.using("cross").filter(Q(person_id=gone.id) | Q(holder_id=gone.id))
    links = TapLink.objects.using("cross").filter(person_id=gone.id)
    deliveries = Delivery.objects.using("cross").filter(_to(gone))
    sinks = SinkEntry.objects.using("cross").filter(address__in=gone.addresses)
    found = {id_ for rows in (todos, links, deliveries) for id_ in rows.values_list("org_id", flat=True)}
    return sorted(found | set(sinks.values_list("operator_id", flat=True)))
