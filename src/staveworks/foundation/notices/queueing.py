"""Messages with their deliveries as rows, many in three statements. The caller's transaction holds all of it or none."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.notices.messages.catalogue import Template, Topic, catalogue
from staveworks.foundation.notices.messages.domain import due_at, next_digest
from staveworks.foundation.notices.messages.types import (
    ROBOTS,
    Channel,
    DeliveryState,
    Form,
    KeyUnusable,
    MessageRow,
    ParameterMissing,
)
from staveworks.foundation.notices.messages.wording import missing, pack
from staveworks.foundation.notices.models import Gateway, Suppression, TemplateVersion
from staveworks.foundation.notices.recipients import (
    Recipient,
    bare_recipient,
    channels_for,
    recipients_of,
    usual_hours,
    zone_of,
)
from staveworks.foundation.notices.sealing import address_digest, seal
from staveworks.foundation.parties.queries import operator_of
from staveworks.foundation.parties.types import OPERATOR_KINDS, Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Text

LONGEST_KEY = 200
INSERT = """
INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)
ON CONFLICT DO NOTHING RETURNING id
"""
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Queue:
    """What holds for all messages of one call."""

    actor: Actor
    template: Template
    topic: Topic
    operator: UUID
    version: int | None
    now: datetime
    robots: Sequence[Gateway]


@dataclass(frozen=True, slots=True)
class Done:
    """The ids of new messages by key, and how many of their deliveries are suppressed."""

    fresh: dict[str, UUID]
    suppressed: int


def put_in_queue(actor: Actor, template: str, rows: Sequence[MessageRow]) -> Done:
    """Insert what isn't there yet. Raises ``TemplateUnknown``, ``ParameterMissing``, ``KeyUnusable``, ``AddressUnusable``."""
    queue = _queue(actor, template)
    _check(queue.template, rows)
    recipients = _recipients(actor, rows)
    made = {row.key: (new_id(), row, to) for row, to in zip(rows, recipients, strict=True) if to}
    kept = _insert("notices_message", [_message(queue, id_, row, to) for id_, row, to in made.values()])
    fresh = {key: entry for key, entry in made.items() if entry[0] in kept}
    deliveries = [values for id_, row, to in fresh.values() for values in _deliveries(queue, id_, row, to)]
    suppressed = _suppress(deliveries, queue.topic)
    _insert("notices_delivery", deliveries)
    return Done({key: id_ for key, (id_, _, _) in fresh.items()}, suppressed)


def _queue(actor: Actor, code: str) -> Queue:
    held = catalogue()
    template = held.template(code)
    operator = actor.org if actor.kinds & OPERATOR_KINDS else operator_of(actor.org)
    robots = Gateway.objects.filter(
        org_id=actor.org, channel__in=ROBOTS, enabled=True, topics__contains=[template.topic]
    )
    return Queue(
        actor,
        template,
        held.topics[template.topic],
        operator,
        _version(operator, code),
        timezone.now(),
        list(robots),
    )


def _version(operator: UUID, code: str) -> int | None:
    """The operator's wording in the app that holds now, to show a message later as it was said."""
    with acting(org=operator):
        found = TemplateVersion.objects.filter(org_id=operator, template=code, form=Form.APP)
        last = found.order_by("-number").first()
        return last.number if last and last.texts else None


def _check(template: Template, rows: Sequence[MessageRow]) -> None:
    for row in rows:
        if not 1 <= len(row.key) <= LONGEST_KEY:
            raise KeyUnusable(field="key")
        lacking = missing(template.params, row.params)
        if lacking:
            raise ParameterMissing(
                Text(zh="模板 {code} 缺少 {names}。", en="Template {code} lacks {names}.").format(
                    code=template.code, names=", ".join(lacking)
                ),
                field=lacking[0],
            )


def _recipients(actor: Actor, rows: Sequence[MessageRow]) -> list[Recipient | None]:
    """None for a person who has left: nobody is there to be told."""
    usual = usual_hours(zone_of(actor.org))
    people = recipients_of((row.to for row in rows if isinstance(row.to, UUID)), usual)
    return [
        people.get(row.to)
        if isinstance(row.to, UUID)
        else bare_recipient(row.to, row.language or "zh", usual)
        for row in rows
    ]


def _message(queue: Queue, id_: UUID, row: MessageRow, to: Recipient) -> Values:
    return {
        "id": str(id_),
        "org_id": str(queue.actor.org),
        "operator_id": str(queue.operator),
        "person_id": _plain(to.person_id),
        "template": queue.template.code,
        "topic": queue.topic.code,
        "version": queue.version,
        "params": pack(row.params),
        "link": "\\x" + seal(row.link).hex(),
        "about": _plain(row.about),
        "key": row.key,
        "language": "" if to.person_id else to.language,
        "urgent": row.urgent,
        "deadline": row.deadline.isoformat() if row.deadline else None,
        "sent_by_id": _plain(queue.actor.person_id),
    }


def _plain(value: UUID | None) -> str | None:
    return str(value) if value else None


def _deliveries(queue: Queue, message: UUID, row: MessageRow, to: Recipient) -> Iterator[Values]:
    for channel, address, digest in channels_for(to, queue.topic):
        yield _delivery(queue, message, row, to, channel, address, digest=digest)
    if to.person_id:
        for robot in queue.robots:
            values = _delivery(queue, message, row, to, Channel(robot.channel), "")
            yield values | {
                "gateway_id": str(robot.id),
                "person_id": None,
                "once": f"{queue.template.code}:{row.about or row.key}"[:140],
            }


def _delivery(
    queue: Queue,
    message: UUID,
    row: MessageRow,
    to: Recipient,
    channel: Channel,
    address: str,
    *,
    digest: bool = False,
) -> Values:
    here = channel is Channel.APP
    bundle, due = _when(queue, row, to, channel, digest)
    return {
        "id": str(new_id()),
        "org_id": str(queue.actor.org),
        "operator_id": str(queue.operator),
        "message_id": str(message),
        "person_id": _plain(to.person_id),
        "gateway_id": None,
        "template": queue.template.code,
        "topic": queue.topic.code,
        "channel": channel.value,
        "address": address,
        "address_digest": address_digest(address) if address else "",
        "state": (DeliveryState.DELIVERED if here else DeliveryState.QUEUED).value,
        "urgent": row.urgent,
        "due_at": (queue.now if here else due).isoformat(),
        "bundle": bundle,
        "once": None,
        "attempts": 0,
        "provider_id": "",
        "error": "",
        "sent_at": queue.now.isoformat() if here else None,
    }


def _when(
    queue: Queue, row: MessageRow, to: Recipient, channel: Channel, digest: bool
) -> tuple[str, datetime]:
    """The kind with which it may go out as one, and when it may leave at the earliest."""
    today = due_at(queue.now, to.hours, urgent=row.urgent, deadline=row.deadline)
    if row.urgent or channel is Channel.APP:
        return "", today
    if digest and not (row.deadline and row.deadline <= next_digest(queue.now, to.hours)):
        return "digest", next_digest(queue.now, to.hours)
    if to.person_id and queue.topic.bundle_s and channel in (Channel.EMAIL, Channel.SMS):
        wait = queue.topic.bundle_s
        return queue.template.code, due_at(queue.now, to.hours, deadline=row.deadline, wait_s=wait)
    return "", today


def _suppress(deliveries: list[Values], topic: Topic) -> int:
    """Mark what goes to an address that isn't written to any more; how many."""
    digests = {values["address_digest"] for values in deliveries if values["address_digest"]}
    found = Suppression.objects.filter(address_digest__in=digests, topic__in=["", topic.code])
    reasons = dict(found.values_list("address_digest", "reason"))
    for values in deliveries:
        reason = reasons.get(values["address_digest"])
        if reason and not (topic.locked and reason == "stopped"):
            values |= {"state": DeliveryState.SUPPRESSED.value, "error": reason}
    return sum(values["state"] == DeliveryState.SUPPRESSED for values in deliveries)


def _insert(table: str, rows: Sequence[Values]) -> set[UUID]:
    """The ids of the rows that were new."""
    if not rows:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(INSERT.format(table=table, columns=", ".join(rows[0])), [json.dumps(rows)])
        return {row[0] for row in cursor.fetchall()}


def refuse_doubled(rows: Sequence[MessageRow]) -> None:
    """Raises ``KeyUnusable`` where one call names a key twice: one of both would silently be left out."""
    if len({row.key for row in rows}) != len(rows):
        raise KeyUnusable(
            Text(zh="同一批里有重复的键。", en="A key stands twice in one campaign."), field="key"
        )
