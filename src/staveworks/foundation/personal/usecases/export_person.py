"""Give a person everything that is held about her, and note that it was given."""

from uuid import UUID

from staveworks.db.transaction import acting, retrying
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.personal.held import held_about
from staveworks.foundation.personal.types import PersonalData
from staveworks.kit.errors import NotAllowed


def export_person(actor: Actor, *, person_id: UUID) -> PersonalData:
    """Hers alone: ``actor`` is she, or the operator's service, which answers a letter. Logged with the operator, who is
    responsible for the data. Raises ``PersonNotFound``, ``NotAllowed``.
    """
    if actor.person_id != person_id and not actor.service:
        raise NotAllowed
    operator = operator_service().org

    def once() -> PersonalData:
        held = held_about(person_id)
        with acting(org=operator, person=actor.person_id):
            append_event(
                Actor(actor.person_id, operator), "person.exported", subject=person_id, rows=held.rows
            )
        return held

    return retrying(once)
