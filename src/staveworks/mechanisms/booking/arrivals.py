"""Who arrives: whether she can be checked in now, and what to do where she can't."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from staveworks.kit.errors import NotFound, Refused
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.types import Resource
from staveworks.trade.orders.domain import before_its_time, usable_from
from staveworks.trade.orders.types import Line, LineState

HERE = (LineState.IN_DELIVERY, LineState.DELIVERED, LineState.DISPUTED, LineState.ACCEPTED, LineState.SETTLED)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A booking at whose door somebody stands."""

    line: Line
    resource: Resource

    @property
    def starts_at(self) -> datetime:
        return self._local(self.line.quote.starts_at or self.line.moved_at)

    @property
    def ends_at(self) -> datetime:
        return self._local(self.line.quote.due_at or self.line.moved_at)

    @property
    def moved_at(self) -> datetime:
        return self._local(self.line.moved_at)

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.resource.opening.zone))


class BookedElsewhere(NotFound):
    text = Text(
        zh="这个预约不是在本单位订的。请对方看订单里的服务方和地址。",
        en="This booking isn’t with you. The visitor’s order names the provider and the place.",
    )


class OtherResource(Refused):
    text = Text(
        zh="这是“{name}”的预约，{at}。请到{place}签到。",
        en="This booking is for “{name}”, {at}. Check in at {place}.",
    )


class TimeIsOver(Refused):
    text = Text(
        zh="预约的时间 {at} 已经过了。要用请另约，或在订单里记下实际情况。",
        en="The booked time, {at}, is over. Book anew, or record in the order what happened.",
    )


class AlreadyHere(Refused):
    text = Text(
        zh="这个码用过了：{at} 已签到。若是另一位，请看她自己的码。",
        en="Used already: checked in at {at}. If this is somebody else, ask for her own code.",
    )


class NotConfirmedYet(Refused):
    text = Text(
        zh="这个预约还没有接单。请先接单，再签到。",
        en="Nobody has taken this order yet. Take it, then check in.",
    )


class NoLongerBooked(Refused):
    text = Text(
        zh="这个预约现在是“{state}”，不能签到。要来请重新预约。",
        en="This booking is “{state}” now and can’t be checked in. It has to be booked anew.",
    )


class NoLongerTrained(Refused):
    text = Text(
        zh="来的人今天没有有效的培训证明了。先培训，在资源的“培训”里登记新证明，再签到。",
        en="Whoever comes has no training certificate that is good today. Train her, record it under “Training” of the resource, then check in.",
    )


class NoCodeYet(Refused):
    text = Text(
        zh="没有签到码：预约接单以后、开始之前才有。",
        en="There is no check-in code: a booking has one from its confirmation until it begins.",
    )


def why_not(arrival: Arrival, *, now: datetime) -> Refused | None:
    """What stands in the way of checking in now; None: nothing."""
    state, starts_at, ends_at = arrival.line.state, arrival.starts_at, arrival.ends_at
    at = f"{starts_at:%m-%d %H:%M}"
    if state in HERE:
        return AlreadyHere(AlreadyHere.text.format(at=f"{arrival.moved_at:%m-%d %H:%M}"))
    if state is LineState.PLACED:
        return NotConfirmedYet()
    if state is not LineState.CONFIRMED:
        words = NoLongerBooked.text
        return NoLongerBooked(
            Text(zh=words.zh.format(state=state.text.zh), en=words.en.format(state=state.text.en))
        )
    if now < usable_from(starts_at):
        return before_its_time(starts_at)
    if now >= ends_at:
        return TimeIsOver(TimeIsOver.text.format(at=f"{at}–{ends_at:%H:%M}"))
    return None


def at_another(arrival: Arrival) -> OtherResource:
    """It is booked with this provider, but not what this counter is for."""
    name, place = arrival.resource.name, arrival.resource.place
    at, words = f"{arrival.starts_at:%m-%d %H:%M}", OtherResource.text
    return OtherResource(
        Text(
            zh=words.zh.format(name=name.zh, at=at, place=place or "那里"),
            en=words.en.format(name=name.en, at=at, place=place or "its place"),
        )
    )
