"""What a person reads: her inbox over all organisations, and the log of what was sent to her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q

from staveworks.db.transaction import acting, query
from staveworks.foundation.notices.messages.catalogue import Template, Wording, catalogue
from staveworks.foundation.notices.messages.types import (
    Channel,
    DeliveryState,
    Form,
    MessageNotFound,
    TemplateUnknown,
)
from staveworks.foundation.notices.models import Delivery, Message, Suppression, TemplateVersion
from staveworks.foundation.notices.recipients import zone_of
from staveworks.foundation.notices.rendering import GONE, Reader, say, wording_of
from staveworks.foundation.notices.sealing import address_digest
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Language, Text


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """One message as its reader sees it now, in the language of the page. ``link``: a path of ours or an address."""

    id: UUID
    template: str
    topic: str
    topic_name: Text
    organisation: Text
    subject: str
    body: str
    action: str
    link: str
    urgent: bool
    deadline: datetime | None
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnDelivery:
    """One line of a person's own log."""

    id: UUID
    name: Text
    organisation: Text
    channel: Channel
    state: DeliveryState
    error: str
    created_at: datetime
    sent_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class OwnSuppression:
    """An address of hers that isn't written to."""

    digest: str
    topic: str
    address: str
    channel: Channel
    reason: str
    since: datetime


UNREAD = (
    "SELECT count(*) FROM notices_message WHERE person_id = %s AND forgotten_at IS NULL AND read_at IS NULL"
)
"""``list_inbox`` of what is unread, counted; written out since every page's frame asks."""


@query
def count_unread(actor: Actor) -> int:
    """How many messages the person hasn't read."""
    with connection.cursor() as cursor:
        cursor.execute(UNREAD, [actor.person_id])
        return int(cursor.fetchone()[0])


@query
def list_inbox(
    actor: Actor,
    *,
    language: Language,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
    unread_only: bool = False,
) -> list[InboxEntry]:
    """The person's messages of all organisations, newest first, older than ``after`` (moment, id)."""
    found = _own(actor).order_by("-created_at", "-id")
    if unread_only:
        found = found.filter(read_at=None)
    if after:
        found = found.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], id__lt=after[1]))
    return _entries(list(found[:limit]), actor, language)


@query
def access_message(actor: Actor, message_id: UUID, *, language: Language) -> InboxEntry:
    """One message of the person. Raises ``MessageNotFound``."""
    found = _own(actor).filter(id=message_id).first()
    if found is None:
        raise MessageNotFound
    return _entries([found], actor, language)[0]


def _own(actor: Actor):  # type: ignore[no-untyped-def]
    return Message.objects.filter(person_id=actor.person, forgotten_at=None)


def _entries(messages: Sequence[Message], actor: Actor, language: Language) -> list[InboxEntry]:
    titles = titles_of(message.org_id for message in messages)
    name = Person.objects.values_list("name", flat=True).get(id=actor.person)
    zones = {org: zone_of(org) for org in {message.org_id for message in messages}}
    held, entries = catalogue(), []
    for message in messages:
        organisation = titles.get(message.org_id, Text(zh="", en=""))
        reader = Reader(language, zones[message.org_id], name, organisation)
        try:
            template = held.template(message.template)
            said = say(message, _wording(message, template), template, reader)
            subject, body, action, link = said.subject, said.body, said.action, said.path
        except TemplateUnknown:
            subject, body, action, link = GONE.in_language(language), "", "", ""
        topic = held.topics.get(message.topic)
        entries.append(
            InboxEntry(
                message.id,
                message.template,
                message.topic,
                topic.name if topic else Text(zh="", en=""),
                organisation,
                subject,
                body,
                action,
                link,
                message.urgent,
                message.deadline,
                message.created_at,
                message.read_at,
            )
        )
    return entries


def _wording(message: Message, template: Template) -> Wording:
    """As it was said then: the operator's version of that time, else the shipped one."""
    if message.version is None:
        return template.wordings[Form.APP]
    with acting(org=message.operator_id):
        kept = TemplateVersion.objects.filter(
            org_id=message.operator_id, template=template.code, form=Form.APP, number=message.version
        ).first()
    return wording_of(kept.texts) if kept and kept.texts else template.wordings[Form.APP]


@query
def list_own_deliveries(actor: Actor, *, limit: int = 50) -> list[OwnDelivery]:
    """What was sent to the person by any way, newest first; without the app, which is her inbox."""
    found = Delivery.objects.filter(person_id=actor.person).exclude(channel=Channel.APP)
    rows = list(found.order_by("-created_at", "-id")[:limit])
    titles, held = titles_of(row.org_id for row in rows), catalogue()
    return [
        OwnDelivery(
            row.id,
            held.templates[row.template].name
            if row.template in held.templates
            else Text(row.template, row.template),
            titles.get(row.org_id, Text(zh="", en="")),
            Channel(row.channel),
            DeliveryState(row.state),
            row.error,
            row.created_at,
            row.sent_at,
            row.due_at,
        )
        for row in rows
    ]


@query
def list_own_suppressions(actor: Actor) -> list[OwnSuppression]:
    """Which of the person's addresses aren't written to, and why."""
    person = Person.objects.get(id=actor.person)
    addresses = {address_digest(address): address for address in (person.email, person.phone) if address}
    found = Suppression.objects.filter(address_digest__in=addresses).order_by("since")
    return [
        OwnSuppression(
            row.address_digest,
            row.topic,
            addresses[row.address_digest],
            Channel(row.channel),
            row.reason,
            row.since,
        )
        for row in found
    ]
