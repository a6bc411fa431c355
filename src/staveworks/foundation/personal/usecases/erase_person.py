"""Erase a person: her sign-in, her addresses, what was said to her. What she did for organisations stays, under a number."""

from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import UUID

from django.db import transaction

from staveworks.db.transaction import acting, retrying
from staveworks.foundation.eventlog.erasing import erase_answers_to
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.facts.erasing import erase_in_facts
from staveworks.foundation.notices.erasing import erase_in_notices
from staveworks.foundation.outreach.erasing import erase_in_outreach
from staveworks.foundation.parties.erasing import Gone, bury_person, erase_in_parties, lock_person
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.personal.addressed import erase_addressed
from staveworks.foundation.personal.outside import erase_outside
from staveworks.foundation.personal.remembering import remember_erased
from staveworks.foundation.personal.types import Erased
from staveworks.foundation.rosters.erasing import erase_in_rosters
from staveworks.foundation.support.erasing import erase_in_support
from staveworks.kit.errors import NotAllowed

ROOMS: Mapping[str, Callable[[Gone], int]] = {
    "sign-in": erase_outside,
    "parties": erase_in_parties,
    "notices": erase_in_notices,
    "support": erase_in_support,
    "outreach": erase_in_outreach,
    "facts": erase_in_facts,
    "rosters": erase_in_rosters,
    "rooms above": erase_addressed,
    "answers": lambda gone: erase_answers_to(gone.id),
}
"""What each room takes away, in this order: the account's own tables first, organisations by ascending id within a room."""


def erase_person(actor: Actor, *, person_id: UUID, home: Path) -> Erased:
    """One transaction: all of it or nothing. ``actor`` is she, or the operator's service. The number of whoever was erased is
    also kept in ``home``, outside of the database, so that an older backup doesn't bring her back.

    Raises ``PersonNotFound``, ``StillNeeded`` (the only owner of an organisation), ``NotAllowed``, ``Busy``.
    """
    if actor.person_id != person_id and not actor.service:
        raise NotAllowed
    operator = operator_service().org

    def once() -> Erased:
        with transaction.atomic():
            gone = lock_person(person_id)
            counts = {room: erase(gone) for room, erase in ROOMS.items()}
            bury_person(gone)
            with acting(org=operator, person=actor.person_id):
                append_event(
                    Actor(actor.person_id, operator), "person.erased", subject=person_id, rows=counts
                )
            return Erased(person_id, counts)

    done = retrying(once)
    remember_erased(home)
    return done
