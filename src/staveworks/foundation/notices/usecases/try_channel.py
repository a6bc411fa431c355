"""Send a test message by a channel at once, to see whether it is connected."""

from uuid import UUID

from staveworks.db.transaction import query
from staveworks.foundation.notices.channels.types import Outgoing, Trouble
from staveworks.foundation.notices.gateways import Route, route_for
from staveworks.foundation.notices.messages.catalogue import catalogue
from staveworks.foundation.notices.messages.types import (
    ROBOTS,
    AddressUnusable,
    Channel,
    ChannelFailed,
    GatewayNotFound,
    form_of,
)
from staveworks.foundation.notices.messages.wording import fill
from staveworks.foundation.notices.models import Gateway
from staveworks.foundation.notices.recipients import USUAL_ZONE, bare_recipient, usual_hours
from staveworks.foundation.notices.rendering import absolute
from staveworks.foundation.parties.queries import card
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.kit.text import Language


def try_provider(actor: Actor, *, channel: Channel, to: str, language: Language) -> None:
    """By the operator's e-mail or SMS to ``to``. Raises ``RightMissing``, ``AddressUnusable``, ``ChannelFailed``."""
    actor.require("message.manage")
    reached = bare_recipient(to, language, usual_hours(USUAL_ZONE))
    address = reached.email if channel is Channel.EMAIL else reached.phone
    if not address:
        raise AddressUnusable(field="to")
    _send(route_for(actor.org, channel, org=actor.org), _message(actor, channel, address, language))


def try_robot(actor: Actor, *, robot_id: UUID, language: Language) -> None:
    """Raises ``RightMissing``, ``GatewayNotFound``, ``ChannelFailed``."""
    actor.require("robot.manage")
    channel = _channel(actor, robot_id=robot_id)
    route = route_for(actor.org, channel, org=actor.org, gateway=robot_id)
    _send(route, _message(actor, channel, "", language))


@query
def _channel(actor: Actor, *, robot_id: UUID) -> Channel:
    found = Gateway.objects.filter(id=robot_id, org_id=actor.org, channel__in=ROBOTS).first()
    if found is None:
        raise GatewayNotFound
    return Channel(found.channel)


def _message(actor: Actor, channel: Channel, address: str, language: Language) -> Outgoing:
    template, title = catalogue().template("account.test"), card(actor).title
    wording = template.wordings[form_of(channel)]
    values = {"channel": channel.text, "organisation": title, "recipient": title}
    return Outgoing(
        token=new_id(),
        channel=channel,
        address=address,
        subject=fill(wording.subject.in_language(language), values, language, USUAL_ZONE),
        text=fill(wording.body.in_language(language), values, language, USUAL_ZONE),
        link=absolute("/messages/"),
        action=template.action.in_language(language),
        sender=title.in_language(language),
        language=language,
        template=template.code,
    )


def _send(route: Route | None, message: Outgoing) -> None:
    if route is None:
        raise ChannelFailed("closed")
    try:
        with route.open() as way:
            way.send(message)
    except Trouble as trouble:
        raise ChannelFailed(trouble.code) from None
