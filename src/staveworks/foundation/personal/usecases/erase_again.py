"""After a restore: erase whoever had been erased when the backup was older than that."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from staveworks.foundation.parties.erasing import StillNeeded
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.personal.usecases.erase_person import erase_person


def erase_again(ids: Iterable[UUID], *, home: Path) -> tuple[list[UUID], list[UUID]]:
    """(erased now, left because they are an organisation's only owner in the older state). May be repeated."""
    back = Person.objects.filter(id__in=list(ids), erased_at=None, service=False).values_list("id", flat=True)
    service = operator_service()
    done: list[UUID] = []
    left: list[UUID] = []
    for person_id in sorted(back):
        try:
            erase_person(service, person_id=person_id, home=home)
            done.append(person_id)
        except StillNeeded:
            left.append(person_id)
    return done, left
