"""Which adapter stands behind each port.

Codes and links leave at once by the provider that the operator has connected: they are never queued, never delayed by quiet hours,
and stand in no log. Without a provider they are printed and kept in a file of the data folder, so that an installation
without channels can be used at all.
"""

import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from staveworks.db.home import home_folder, make_home
from staveworks.foundation.notices.channels.types import Outgoing, Trouble
from staveworks.foundation.notices.gateways import Route, route_for
from staveworks.foundation.notices.messages.types import Channel
from staveworks.foundation.parties.queries import operator_service
from staveworks.foundation.parties.types import NoOrganisation
from staveworks.kit.errors import Busy
from staveworks.kit.ids import new_id
from staveworks.kit.messages import Message, Messenger
from staveworks.kit.text import Text

log = logging.getLogger("staveworks.notices")
OPEN = Text(zh="打开", en="Open")


@dataclass(frozen=True, slots=True)
class ConsoleMessenger:
    """Prints each message on standard error, where the person who runs the installation looks."""

    def send(self, message: Message) -> None:
        print(f"[{message.channel} → {message.to}] {message.wording}", file=sys.stderr, flush=True)  # noqa: T201


@dataclass(frozen=True, slots=True)
class FileMessenger:
    """Appends each message as one line of JSON to ``path``, readable by the owner of the data folder only."""

    path: Path

    def send(self, message: Message) -> None:
        line = json.dumps(
            {
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "channel": message.channel,
                "to": message.to,
                "subject": message.subject.in_language(message.language),
                "text": message.wording,
            },
            ensure_ascii=False,
        )
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(line + "\n")


@dataclass(frozen=True, slots=True)
class EveryWay:
    """Sends each message by all of ``ways``."""

    ways: Sequence[Messenger]

    def send(self, message: Message) -> None:
        for way in self.ways:
            way.send(message)


@dataclass(frozen=True, slots=True)
class ConnectedWay:
    """By the platform operator's e-mail or SMS provider; ``without`` one, another way."""

    without: Messenger

    def send(self, message: Message) -> None:
        """Raises ``Busy`` where the provider doesn't take it; after a lost answer it may have, and isn't sent twice."""
        route = _route(Channel(message.channel))
        if route is None or route.simulated:
            self.without.send(message)
            return
        try:
            with route.open() as way:
                way.send(_outgoing(message))
        except Trouble as trouble:
            if trouble.kind != "unknown":
                log.warning("a code or link could not be handed over: %s %s", trouble.kind, trouble.code)
                raise Busy from None


def _route(channel: Channel) -> Route | None:
    """The platform's way; none before there is an operator, or while it is closed."""
    try:
        operator = operator_service().org
    except NoOrganisation:
        return None
    return route_for(operator, channel, org=operator)


def _outgoing(message: Message) -> Outgoing:
    said = message.text.in_language(message.language)
    subject = message.subject.in_language(message.language)
    return Outgoing(
        token=new_id(),
        channel=Channel(message.channel),
        address=message.to,
        subject=subject or "Staveworks",
        text=said,
        link=message.link,
        action=OPEN.in_language(message.language),
        sender="Staveworks",
        language=message.language,
    )


@cache
def messenger() -> Messenger:
    """The operator's provider; else the console and ``messages.jsonl`` in the data folder."""
    local = EveryWay((ConsoleMessenger(), FileMessenger(make_home(home_folder()) / "messages.jsonl")))
    return ConnectedWay(local)
