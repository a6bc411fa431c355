"""The revocation of a claim was undone: what the firm had granted is granted again."""

from uuid import UUID

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.facts.models import Grant
from staveworks.foundation.parties.queries.revocations import find_undone_revocation
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id


@use_case
def restore_grants(actor: Actor, /, *, subject: UUID) -> int:
    """How many grants were given anew: those that the last revocation ended, the agreement's apart (it has its own).

    ``subject``: the firm. May run again: where a grant to the same grantee for the same purpose lives, nothing is given.
    """
    undone = find_undone_revocation(subject)
    if undone is None:
        return 0
    ended = Grant.objects.filter(
        org_id=subject, agreement=None, withdrawn_at__gte=undone.at, withdrawn_at__lt=undone.undone_at
    )
    return sum(_give_again(actor, grant) for grant in ended.order_by("given_at", "id"))


def _give_again(actor: Actor, ended: Grant) -> bool:
    live = Grant.objects.filter(
        org_id=ended.org_id,
        grantee_id=ended.grantee_id,
        grantee_kind=ended.grantee_kind,
        purpose=ended.purpose,
        withdrawn_at=None,
    )
    if live.exists() or (ended.until is not None and ended.until <= timezone.now()):
        return False
    grant = Grant(
        id=new_id(),
        org_id=ended.org_id,
        grantee_id=ended.grantee_id,
        grantee_kind=ended.grantee_kind,
        purpose=ended.purpose,
        fields=ended.fields,
        during=TimestamptzRange(None, ended.until),
        given_by_id=ended.given_by_id,
    )
    Grant.objects.bulk_create([grant])
    append_event(
        actor,
        "grant.given",
        subject=grant.id,
        to=ended.grantee_id or str(ended.grantee_kind),
        purpose=ended.purpose,
        fields=list(ended.fields),
    )
    return True
