"""Say something once to a person or a bare address: in the caller's transaction, sent by the worker."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.notices.messages.types import MessageRow, Param, QueuedMessage
from staveworks.foundation.notices.models import Message
from staveworks.foundation.notices.queueing import put_in_queue
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Language


@use_case
def send_message(
    actor: Actor,
    *,
    template: str,
    to: UUID | str,
    key: str,
    params: Mapping[str, Param] | None = None,
    link: str = "",
    about: UUID | None = None,
    urgent: bool = False,
    deadline: datetime | None = None,
    language: Language | None = None,
) -> QueuedMessage:
    """Queue one message for the actor's organisation, never twice for one ``key``; whoever calls has checked the right to say it.

    ``to``: a person's id (then it stands in her inbox too and goes by her preferences), or an e-mail address or phone number.
    ``link``: a path of ours or an address. ``urgent`` passes quiet hours, bundling and digest; a ``deadline`` on the same day
    passes quiet hours. ``language`` is for a bare address. No event of its own: the delivery log tells it, and what caused it has
    one. Raises ``TemplateUnknown``, ``ParameterMissing``, ``KeyUnusable``,
    ``AddressUnusable``.
    """
    row = MessageRow(
        to=to,
        key=key,
        params=params or {},
        link=link,
        about=about,
        urgent=urgent,
        deadline=deadline,
        language=language or "",
    )
    done = put_in_queue(actor, template, [row])
    if key in done.fresh:
        return QueuedMessage(done.fresh[key], fresh=True)
    earlier = Message.objects.filter(org_id=actor.org, key=key).values_list("id", flat=True).first()
    return QueuedMessage(earlier, fresh=False)
