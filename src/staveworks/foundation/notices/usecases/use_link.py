"""Come by a one-tap link: look at what it would do, and do it, without signing in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now, TruncDate
from django.utils import timezone

from staveworks.db.transaction import acting, retrying
from staveworks.foundation.eventlog.usecases.append_event import append_event
from staveworks.foundation.notices.kinds import KINDS, TodoKind
from staveworks.foundation.notices.links import is_ours
from staveworks.foundation.notices.models import Preference, TapLink, Todo
from staveworks.foundation.notices.todo_queries import card_of
from staveworks.foundation.notices.todo_types import LinkPurpose, TapLinkInvalid, TodoCard, TodoState
from staveworks.foundation.notices.wording import names_in
from staveworks.foundation.parties.domain import digest_of
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import actor_for, titles_of
from staveworks.foundation.parties.types import Actor, OrganisationNotFound


@dataclass(frozen=True, slots=True)
class Tapped:
    """Who comes, with no more than what the link's kind needs, to which to-do, and whether it may be decided here.

    ``language`` is what she chose to be written to in, empty if she never did.
    """

    actor: Actor
    person: str
    card: TodoCard
    decides: bool
    language: str


def look_at_link(token: str) -> Tapped:
    """What the link would do. Changes nothing: readers of messages open links by themselves. Raises ``TapLinkInvalid``."""
    link = _find(token)
    with acting(org=link.org_id, person=link.person_id):
        return _tapped(link, lock=False)


def use_link(token: str, *, act: Callable[[Tapped], None]) -> Tapped:
    """Do the thing by ``act``, in one transaction with the mark that the link was used.

    One that decides once is used up by it: of two taps at the same moment the second waits, and finds it used.
    Raises ``TapLinkInvalid``, and whatever ``act`` raises, after which nothing has happened.
    """
    link = _find(token)

    def once() -> Tapped:
        with acting(org=link.org_id, person=link.person_id):
            tapped = _tapped(link, lock=True)
            if not tapped.decides:
                raise TapLinkInvalid
            act(tapped)
            used_up = {"used_at": Now()} if KINDS[tapped.card.kind].once else {}
            TapLink.objects.filter(id=link.id).update(uses=F("uses") + 1, **used_up)
            doer = Actor(link.person_id, link.org_id, link_id=link.id)
            append_event(doer, "link.used", subject=link.todo_id, kind=tapped.card.kind)
            return tapped

    return retrying(once)


def _find(token: str) -> TapLink:
    """The row, whatever its state."""
    if not is_ours(token):
        raise TapLinkInvalid
    digest = digest_of(token)
    with acting(token=digest):
        link = TapLink.objects.filter(token_digest=digest).first()
    if link is None:
        raise TapLinkInvalid
    return link


def _tapped(link: TapLink, *, lock: bool) -> Tapped:
    """Everything that must hold now, by the database's clock and by today's rights."""
    rows = TapLink.objects.select_for_update() if lock else TapLink.objects.all()
    live = rows.filter(id=link.id, used_at=None, withdrawn_at=None, expires_at__gt=Now()).first()
    now = Todo.objects.annotate(now=Now(), today=TruncDate(Now(), tzinfo=timezone.get_default_timezone()))
    todo: Any = now.filter(id=link.todo_id, state=TodoState.OPEN).first()
    person = Person.objects.filter(id=link.person_id, is_active=True).first()
    if live is None or todo is None or person is None:
        raise TapLinkInvalid
    actor = _actor(link, KINDS[todo.kind], todo.person_id)
    card = card_of(actor, todo, titles_of(names_in(todo)))
    chosen = Preference.objects.filter(person_id=person.id).values_list("language", flat=True).first()
    return Tapped(actor, person.name, card, live.purpose == LinkPurpose.DECIDE, chosen or "")


def _actor(link: TapLink, kind: TodoKind, own: UUID | None) -> Actor:
    """The person with her rights of this moment, narrowed to the kind's. Raises ``TapLinkInvalid`` where she lost it."""
    if kind.right is None:
        if own != link.person_id:
            raise TapLinkInvalid
        return Actor(link.person_id, link.org_id, link_id=link.id)
    try:
        now = actor_for(link.person_id, link.org_id)
    except OrganisationNotFound:
        raise TapLinkInvalid from None
    if not now.may(kind.right):
        raise TapLinkInvalid
    rights = now.rights & (kind.link_rights | {kind.right})
    return Actor(now.person_id, now.org_id, rights, now.kinds, now.roles, link_id=link.id)
