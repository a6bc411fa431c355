"""Answers once given to a person who acted for no organisation: what they said is dropped, that it was done stays."""

from uuid import UUID

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.models import IdempotencyKey


def erase_answers_to(person_id: UUID) -> int:
    """How many answers were emptied; repeating such a request is refused from now on, never done again."""
    with acting(org=person_id, person=person_id):
        return IdempotencyKey.objects.filter(org_id=person_id).exclude(answer={}).update(answer={})
