"""Give one person a link to one to-do, and take links back."""

from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.links import VALID, new_token
from staveworks.foundation.notices.models import TapLink, Todo
from staveworks.foundation.notices.todo_types import TodoNotFound, TodoState
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.queries.holders import list_holders
from staveworks.foundation.parties.types import Actor


@use_case
def issue_link(actor: Actor, *, todo_id: UUID, person_id: UUID) -> str:
    """The token, told once: only its digest is kept. Called by programs that send it. Raises ``TodoNotFound``."""
    kind = (
        Todo.objects.filter(id=todo_id, org_id=actor.org, state=TodoState.OPEN)
        .values_list("kind", flat=True)
        .first()
    )
    if kind is None:
        raise TodoNotFound
    token = new_token()
    TapLink.objects.create(
        org_id=actor.org,
        todo_id=todo_id,
        person_id=person_id,
        purpose=KINDS[kind].link,
        token_digest=digest_of(token),
        expires_at=timezone.now() + VALID,
    )
    return token


@use_case
def withdraw_links(actor: Actor, *, subject: UUID) -> int:
    """End the links of person ``subject`` to to-dos that she may no longer do here; how many.

    A link looks at her rights each time it is used anyway; this makes sure that it doesn't come back to life with a right
    that she gets later.
    """
    live = TapLink.objects.filter(org_id=actor.org, person_id=subject, withdrawn_at=None, todo__person=None)
    lost = [
        link_id
        for link_id, kind in live.values_list("id", "todo__kind")
        if subject not in {each.person_id for each in list_holders(actor, right=KINDS[kind].right or "")}
    ]
    ended = TapLink.objects.filter(id__in=lost, withdrawn_at=None).update(withdrawn_at=Now())
    if ended:
        append_event(actor, "links.withdrawn", subject=subject, n=ended)
    return ended
