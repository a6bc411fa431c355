"""Who may come to a resource that asks for training: a person of the buying firm with a certificate that is good on every day of the
booking. The guard in the database (``sql/training.sql``) counts the same way when it is held."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from staveworks.foundation.parties.queries import titles_of
from staveworks.foundation.parties.types import Actor, title_of
from staveworks.kit.spans import Span
from staveworks.kit.text import Text
from staveworks.kit.waiting import Waiting
from staveworks.mechanisms.booking.free import local_day
from staveworks.mechanisms.booking.models import Bookable
from staveworks.mechanisms.booking.models import TrainingCertificate as Row
from staveworks.mechanisms.booking.types import Resource, TrainingCertificate, Untrained
from staveworks.trade.orders.models import Line
from staveworks.trade.orders.types import Line as OrderedLine
from staveworks.trade.orders.types import LineState

COMES = "comes"
"""The answer that names the certificate of who comes."""
SHAPE: Mapping[str, Any] = {"type": "string", "maxLength": 36, "x-zh": "谁来", "x-en": "Who comes"}
NOBODY = Text(
    zh="来的人要先经过培训，您单位还没有人有当天有效的培训证明。请联系{provider}培训登记{offer}。",
    en="Whoever comes must be trained, and nobody of your organisation has a certificate that is good on that day. "
    "Ask {provider} to train and register somebody{offer}.",
)
CHOOSE = Text(
    zh="请选当天谁来，要有那天有效的培训证明。可以选：{names}。",
    en="Choose who comes: somebody whose training certificate is good on that day. You can choose {names}.",
)
BOOK_IT = Text(zh="，也可以预订它的培训服务", en=", or order its training")
FIRM = LineState.PLACED, LineState.CONFIRMED
INSTANT = timedelta(microseconds=1)


def check_trained(actor: Actor, resource: Resource, wanted: Span, request: Mapping[str, Any]) -> None:
    """In the actor's transaction, which shows her own firm's certificates. Raises ``Untrained``."""
    said = said_untrained(actor, resource, wanted, request)
    if said is not None:
        raise Untrained(said, field=COMES)


def said_untrained(actor: Actor, resource: Resource, wanted: Span, request: Mapping[str, Any]) -> Text | None:
    """What to do before somebody can come; None: whom the request names may."""
    if resource.training is None:
        return None
    first, last = (local_day(resource, each) for each in (wanted.starts_at, wanted.ends_at - INSTANT))
    own = Row.objects.filter(resource_id=resource.id, buyer_org_id=actor.org)
    good = [each for each in certificates_of(own) if each.good_on(first) and each.good_on(last)]
    if any(str(each.id) == request.get(COMES) for each in good):
        return None
    if good:
        names = list(dict.fromkeys(each.name for each in good))
        return Text(zh=CHOOSE.zh.format(names="、".join(names)), en=CHOOSE.en.format(names=", ".join(names)))
    return said_nobody(resource)


def said_nobody(resource: Resource) -> Text:
    """Whom to ask, where nobody is trained."""
    provider = titles_of([resource.org_id])[resource.org_id]
    named = resource.training is not None and resource.training.offer_id is not None
    return Text(
        zh=NOBODY.zh.format(provider=provider.zh, offer=BOOK_IT.zh if named else ""),
        en=NOBODY.en.format(provider=provider.en, offer=BOOK_IT.en if named else ""),
    )


def certificates_of(rows: Iterable[Row]) -> list[TrainingCertificate]:
    found = list(rows)
    names = titles_of(each.buyer_org_id for each in found)
    return [
        TrainingCertificate(
            id=each.id,
            resource_id=each.resource_id,
            buyer_org=each.buyer_org_id,
            buyer=names.get(each.buyer_org_id, title_of("", "")),
            name=each.name,
            contact=each.contact,
            valid_from=each.valid_from,
            valid_until=each.valid_until,
            ended_on=each.ended_on,
            ended_reason=each.ended_reason,
        )
        for each in found
    ]


def untrained_bookings(*, org: UUID | None, subject: UUID | None = None) -> list[Waiting]:
    """At the buyer: bookings to come whose certificate was ended, and no other of the same person is good on their day."""
    using = "default" if org else "cross"
    ended = Row.objects.using(using).exclude(ended_on=None)
    ended = ended.filter(buyer_org_id=org) if org else ended
    over = {str(each.id): each for each in ended}
    if not over:
        return []
    lines = Line.objects.using(using).filter(request__comes__in=list(over), state__in=FIRM)
    lines = lines.filter(buyer_org_id=org) if org else lines
    lines = lines.filter(id=subject) if subject else lines
    return [
        Waiting(line.buyer_org_id, line.id, line.moved_at, params={"firm": str(line.provider_org_id)})
        for line in lines
        if _is_untrained(line, over[line.request[COMES]], using)
    ]


def still_trained(line: OrderedLine, resource: Resource, *, now: datetime) -> bool:
    """Whether who was said to come is covered today and to the end of the booking, by that certificate or another of hers. In the
    provider's transaction. What was booked before anybody was asked for stays as it was agreed."""
    said = line.request.get(COMES)
    if resource.training is None or not said:
        return True
    named = Row.objects.filter(id=said, resource_id=resource.id, buyer_org_id=line.buyer_org)
    same = Row.objects.filter(
        resource_id=resource.id,
        buyer_org_id=line.buyer_org,
        contact__in=named.exclude(contact="").values("contact"),
    )
    first, last = local_day(resource, now), local_day(resource, (line.quote.due_at or now) - INSTANT)
    return any(
        each.good_on(first) and each.good_on(max(first, last)) for each in certificates_of(named | same)
    )


def _is_untrained(line: Line, named: Row, using: str) -> bool:
    booked = span_of(line.quote)
    bookable = Bookable.objects.using(using).get(resource_id=named.resource_id)
    if booked is None or not bookable.needs_training:
        return False
    first, last = (_day(each, bookable.zone) for each in (booked.starts_at, booked.ends_at - INSTANT))
    others = Row.objects.using(using).filter(
        resource_id=named.resource_id,
        buyer_org_id=named.buyer_org_id,
        contact=named.contact,
    )
    return not any(each.good_on(first) and each.good_on(last) for each in certificates_of(others))


def span_of(quote: Mapping[str, Any]) -> Span | None:
    """When a line's booking is, by its quote."""
    if not quote.get("starts_at") or not quote.get("due_at"):
        return None
    return Span(datetime.fromisoformat(quote["starts_at"]), datetime.fromisoformat(quote["due_at"]))


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
