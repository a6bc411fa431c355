"""Give a resource a secret address for calendar programs; the one before ends."""

from uuid import UUID

from django.db.models.functions import Now

from staveworks.db.transaction import use_case
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.parties.domain import digest_of, new_token
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.booking.models import Feed
from staveworks.mechanisms.booking.queries import access_bookable


@use_case
def make_feed(actor: Actor, *, resource_id: UUID) -> str:
    """The token of the address, told once. Raises ``RightMissing``, ``ResourceNotFound``."""
    access_bookable(actor, resource_id=resource_id, right="offer.manage")
    token = new_token()
    Feed.objects.update_or_create(
        resource_id=resource_id, defaults={"org_id": actor.org, "digest": digest_of(token), "made_at": Now()}
    )
    append_event(actor, "calendar_feed.made", subject=resource_id)
    return token


@use_case
def end_feed(actor: Actor, *, resource_id: UUID) -> bool:
    """Whether there was one. Raises ``RightMissing``, ``ResourceNotFound``."""
    access_bookable(actor, resource_id=resource_id, right="offer.manage")
    ended = bool(Feed.objects.filter(resource_id=resource_id).delete()[0])
    if ended:
        append_event(actor, "calendar_feed.ended", subject=resource_id)
    return ended
