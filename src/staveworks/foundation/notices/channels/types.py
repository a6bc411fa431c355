"""The port: what a way out is given, and what it may answer. Pure."""

from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Protocol, Self
from uuid import UUID

from staveworks.foundation.notices.messages.types import Channel
from staveworks.kit.text import Language


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message ready to leave. ``token`` is the same in every attempt: a provider that knows tokens takes it once."""

    token: UUID
    channel: Channel
    address: str
    subject: str
    text: str
    link: str = ""
    action: str = ""
    sender: str = ""
    language: Language = "zh"
    stop_link: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took it; ``provider_id`` is how it names it."""

    provider_id: str = ""


class Trouble(Exception):
    """It wasn't taken. ``kind`` says what to do; ``code`` is the provider's.

    *later*: again after a while. *never*: this message won't be taken. *bounced*: this address won't ever take one.
    *gateway*: the way itself is closed (credentials, network); the message waits without losing an attempt.
    *unknown*: the answer got lost; it may have been taken.
    """

    def __init__(
        self, kind: Literal["later", "never", "bounced", "gateway", "unknown"], code: str = ""
    ) -> None:
        super().__init__(f"{kind} {code}")
        self.kind, self.code = kind, code[:40]


class Way(Protocol):
    """An open way out, for some messages one after the other.

    ``repeats``: after a lost answer the same token may be sent again, because the provider recognises it or because twice is
    better than never; else such a message is given up and a person decides.
    """

    @property
    def repeats(self) -> bool: ...

    def send(self, message: Outgoing) -> Accepted:
        """Hand ``message`` over. Raises ``Trouble``."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Open:
    """A way that needs no connection kept."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None
