"""The operator's view of what was sent: filtered, counted, one delivery with its attempts. Addresses are masked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from staveworks.db.transaction import query
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.types import Channel, DeliveryNotFound, DeliveryState
from staveworks.foundation.notices.models import Attempt, Delivery, Suppression
from staveworks.foundation.parties.domain import mask
from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.parties.types import Actor
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters of the log; blank means all."""

    state: str = ""
    channel: str = ""
    template: str = ""
    batch: UUID | None = None


@dataclass(frozen=True, slots=True)
class DeliveryEntry:
    """One line of the log."""

    id: UUID
    organisation: Text
    template: str
    name: Text
    channel: Channel
    state: DeliveryState
    to: str
    attempts: int
    error: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    together: int = 1


@dataclass(frozen=True, slots=True)
class AttemptEntry:
    """How one attempt ended."""

    number: int
    outcome: str
    code: str
    provider_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryDetail:
    """One delivery with its attempts."""

    entry: DeliveryEntry
    provider_id: str
    attempts: tuple[AttemptEntry, ...]
    suppressed: str
    may_send_again: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are by each filter, the others applied."""

    states: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    templates: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.states.values())


@query
def list_deliveries(
    actor: Actor, narrowed: Narrowed, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[DeliveryEntry]:
    """The operator's log, newest first, older than ``after`` (moment, id). Raises ``RightMissing``."""
    actor.require("message.read")
    found = _narrow(_log(actor), narrowed).order_by("-created_at", "-id")
    if after:
        found = found.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], id__lt=after[1]))
    return _entries(list(found[:limit]))


@query
def count_log(actor: Actor, narrowed: Narrowed) -> Counts:
    """For the chips above the log. Raises ``RightMissing``."""
    actor.require("message.read")
    log = _log(actor)
    return Counts(
        _counted(_narrow(log, narrowed, but="state"), "state"),
        _counted(_narrow(log, narrowed, but="channel"), "channel"),
        _counted(_narrow(log, narrowed, but="template"), "template"),
    )


@query
def states_of_keys(actor: Actor, keys: Collection[str]) -> dict[str, DeliveryState]:
    """How far the organisation's own messages with these keys got, each by its latest delivery. For rooms that queued them."""
    rows = Delivery.objects.filter(message__org_id=actor.org, message__key__in=keys).exclude(
        channel=Channel.APP
    )
    found = rows.order_by("created_at", "id").values_list("message__key", "state")
    return {key: DeliveryState(state) for key, state in found}


@query
def access_delivery(actor: Actor, delivery_id: UUID) -> DeliveryDetail:
    """One delivery of the operator's log. Raises ``RightMissing``, ``DeliveryNotFound``."""
    actor.require("message.read")
    row = _log(actor).filter(id=delivery_id).first()
    if row is None:
        raise DeliveryNotFound
    tried = Attempt.objects.filter(delivery_id=row.id).order_by("number", "at")
    closed = Suppression.objects.filter(address_digest=row.address_digest, topic__in=["", row.topic]).first()
    return DeliveryDetail(
        _entries([row])[0],
        row.provider_id,
        tuple(AttemptEntry(a.number, a.outcome, a.code, a.provider_id, a.at) for a in tried),
        closed.reason if closed and row.address_digest else "",
        row.state in (DeliveryState.FAILED, DeliveryState.SUPPRESSED) and bool(row.address or row.gateway_id),
    )


def _log(actor: Actor) -> "QuerySet[Delivery]":
    own = Q(operator_id=actor.org) | Q(carrier_id=actor.org)
    return Delivery.objects.filter(own).exclude(channel=Channel.APP)


def _narrow(log: "QuerySet[Delivery]", narrowed: Narrowed, *, but: str = "") -> "QuerySet[Delivery]":
    wanted: dict[str, Any] = {
        name: getattr(narrowed, name) for name in ("state", "channel", "template", "batch") if name != but
    }
    return log.filter(**{name: value for name, value in wanted.items() if value})


def _counted(log: "QuerySet[Delivery]", column: str) -> dict[str, int]:
    rows = log.values_list(column).annotate(n=Count("id")).order_by("-n", column)
    return dict(rows)


def _entries(rows: list[Delivery]) -> list[DeliveryEntry]:
    titles, held = titles_of(row.org_id for row in rows), catalogue().templates
    batches = [row.batch for row in rows if row.batch]
    sizes = dict(Delivery.objects.filter(batch__in=batches).values_list("batch").annotate(n=Count("id")))
    return [
        DeliveryEntry(
            row.id,
            titles.get(row.org_id, Text(zh="", en="")),
            row.template,
            held[row.template].name if row.template in held else Text(row.template, row.template),
            Channel(row.channel),
            DeliveryState(row.state),
            mask(row.address) if row.address else "",
            row.attempts,
            row.error,
            row.created_at,
            row.due_at,
            row.sent_at,
            sizes.get(row.batch, 1) if row.batch else 1,
        )
        for row in rows
    ]
