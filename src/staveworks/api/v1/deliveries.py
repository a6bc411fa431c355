"""What was sent, by which way, and what became of it: for the operator."""

from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call, by_token
from staveworks.api.operation import Resource, right
from staveworks.api.pagination import Page, Paging, page, page_of_all, position
from staveworks.api.shapes import In, Nothing, Out, Words
from staveworks.foundation.notices.delivery_log import (
    DeliveryEntry,
    Narrowed,
    access_delivery,
    count_log,
    list_deliveries,
)
from staveworks.foundation.notices.links import without_taps
from staveworks.foundation.notices.messages.types import Channel, DeliveryState
from staveworks.foundation.notices.sink_log import SinkMessage, list_sink
from staveworks.foundation.notices.suppressions import list_suppressions
from staveworks.foundation.notices.usecases.lift_suppression import lift_suppression
from staveworks.foundation.notices.usecases.send_again import send_again
from staveworks.kit.text import Text

router = Resource("deliveries")
suppressions_router = Resource("deliveries")
sink_router = Resource("deliveries")
READ, MANAGE, SINK = right("message.read"), right("message.manage"), right("sink.read")


class DeliveryOut(Out):
    """``to`` is masked. ``error``: the provider's code, or a word of ours such as *unknown*."""

    id: UUID
    organisation: Words
    template: str
    channel: Channel
    state: DeliveryState
    to: str
    attempts: int
    error: str
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None


class AttemptOut(Out):
    number: int
    outcome: str
    code: str
    provider_id: str
    at: datetime


class DeliveryWithAttempts(DeliveryOut):
    provider_id: str
    tries: list[AttemptOut]


class DeliveryFilter(In):
    state: DeliveryState | None = None
    channel: Channel | None = None
    template: Annotated[str, Field(max_length=60)] = ""

    def narrowed(self) -> Narrowed:
        return Narrowed(self.state or "", self.channel or "", self.template)


class CountsOut(Out):
    """How many deliveries by state, channel and template; the other filters apply to each."""

    total: int
    states: dict[str, int]
    channels: dict[str, int]
    templates: dict[str, int]


class SuppressionOut(Out):
    """``address``: masked; ``digest`` names it. ``topic`` blank: every message."""

    digest: str
    topic: str
    channel: Channel
    address: str
    reason: Words
    since: datetime


class LiftFilter(In):
    topic: Annotated[str, Field(max_length=40)] = ""


class SinkOut(Out):
    id: UUID
    channel: Channel
    address: str
    subject: str
    text: str
    taken_at: datetime


class SinkFilter(In):
    words: Annotated[str, Field(max_length=100)] = ""


@router.read("", says=Text(zh="列出投递", en="List deliveries"), door=READ, answer=Page[DeliveryOut])
def list_all_deliveries(
    request: Call, narrowed: Query[DeliveryFilter], paging: Query[Paging]
) -> Page[DeliveryOut]:
    """The newest first; without the app's own."""
    listing = f"deliveries:{narrowed.narrowed()}"
    after = position(paging, listing)
    found = list_deliveries(
        request.auth,
        narrowed.narrowed(),
        limit=paging.limit + 1,
        after=(datetime.fromisoformat(after[0]), UUID(after[1])) if after else None,
    )
    return page(
        found,
        paging=paging,
        listing=listing,
        key=lambda one: (one.created_at.isoformat(), str(one.id)),
        show=lambda one: DeliveryOut.model_validate(_fields(one)),
    )


def _fields(one: DeliveryEntry) -> dict[str, object]:
    names = (
        "id",
        "template",
        "channel",
        "state",
        "to",
        "attempts",
        "error",
        "created_at",
        "due_at",
        "sent_at",
    )
    return {name: getattr(one, name) for name in names} | {"organisation": Words.of(one.organisation)}


@router.read("/counts", says=Text(zh="投递计数", en="Count deliveries"), door=READ, answer=CountsOut)
def count_all_deliveries(request: Call, narrowed: Query[DeliveryFilter]) -> CountsOut:
    """By state, channel and template."""
    found = count_log(request.auth, narrowed.narrowed())
    return CountsOut(
        total=found.total,
        states=dict(found.states),
        channels=dict(found.channels),
        templates=dict(found.templates),
    )


@router.read(
    "/{uuid:delivery}",
    says=Text(zh="看一条投递", en="Get a delivery"),
    door=READ,
    answer=DeliveryWithAttempts,
)
def get_one_delivery(request: Call, delivery: UUID) -> DeliveryWithAttempts:
    """With its attempts, oldest first."""
    found = access_delivery(request.auth, delivery)
    tries = [AttemptOut.model_validate(one) for one in found.attempts]
    return DeliveryWithAttempts.model_validate(
        {**_fields(found.entry), "provider_id": found.provider_id, "tries": tries}
    )


@router.effect(
    "POST",
    "/{uuid:delivery}/again",
    says=Text(zh="重发", en="Send again"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def send_one_again(request: Call, delivery: UUID) -> Nothing:
    """What failed or was suppressed is queued anew."""
    send_again(request.auth, delivery_id=delivery)
    return Nothing()


@suppressions_router.read(
    "",
    says=Text(zh="列出停发的地址", en="List suppressed addresses"),
    door=READ,
    answer=Page[SuppressionOut],
)
def list_all_suppressions(request: Call, paging: Query[Paging]) -> Page[SuppressionOut]:
    """At most the latest 1,000."""
    return page_of_all(
        list_suppressions(request.auth, limit=1000),
        paging=paging,
        listing="suppressions",
        key=lambda one: (one.since.isoformat(), one.digest + one.topic),
        show=lambda one: SuppressionOut(
            digest=one.digest,
            topic=one.topic,
            channel=one.channel,
            address=one.masked,
            reason=Words.of(one.reason),
            since=one.since,
        ),
        newest_first=True,
    )


@suppressions_router.effect(
    "DELETE",
    "/{digest}",
    says=Text(zh="恢复一个地址", en="Lift a suppression"),
    door=MANAGE,
    answer=Nothing,
    takes=None,
)
def lift_one_suppression(request: Call, digest: str, narrowed: Query[LiftFilter]) -> Nothing:
    """Messages go there again."""
    lift_suppression(request.auth, digest=digest, topic=narrowed.topic)
    return Nothing()


@sink_router.read("", says=Text(zh="本机收件箱", en="List the local sink"), door=SINK, answer=Page[SinkOut])
def list_all_sink(request: Call, narrowed: Query[SinkFilter], paging: Query[Paging]) -> Page[SinkOut]:
    """What would have left, had a provider been connected; the newest first. One-tap links are left out for tokens."""
    listing = f"sink:{narrowed.words}"
    after = position(paging, listing)
    found = list_sink(
        request.auth,
        limit=paging.limit + 1,
        words=narrowed.words,
        after=(datetime.fromisoformat(after[0]), UUID(after[1])) if after else None,
    )
    return page(
        found,
        paging=paging,
        listing=listing,
        key=lambda one: (one.taken_at.isoformat(), str(one.id)),
        show=partial(_show_sink, by_program=by_token(request)),
    )


def _show_sink(one: SinkMessage, *, by_program: bool) -> SinkOut:
    shown = SinkOut.model_validate(one)
    return shown.model_copy(update={"text": without_taps(shown.text)}) if by_program else shown
