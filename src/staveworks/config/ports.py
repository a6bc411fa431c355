"""Which adapter stands behind each port. Real SMS and e-mail come with the notices room; until then messages are
printed and kept in a file of the data folder, so that an installation without channels can be used at all."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from staveworks.db.home import home_folder, make_home
from staveworks.kit.messages import Message, Messenger


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


@cache
def messenger() -> Messenger:
    """Console and ``messages.jsonl`` in the data folder."""
    return EveryWay((ConsoleMessenger(), FileMessenger(make_home(home_folder()) / "messages.jsonl")))
