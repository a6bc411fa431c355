"""Public words of the room: who did it, what stands in the log, and what verifying it found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from staveworks.kit.errors import Refused
from staveworks.kit.text import Text


class Doer(Protocol):
    """Who did it: the organisation touched, the person, the organisation she acted through, the link by which she came."""

    @property
    def org_id(self) -> UUID | None: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def via_org_id(self) -> UUID | None: ...
    @property
    def link_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event as it stands in the log; ``data`` holds ids, digests, counts and types, never personal data."""

    id: UUID
    org_id: UUID
    type: str
    subject_id: UUID
    person_id: UUID | None
    via_org_id: UUID | None
    data: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """Where a reader stands: everything up to (xid, seq) has been read."""

    xid: int = 0
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """The first place where the log differs from its chain; ``event_id`` names the row, if there is one."""

    number: int
    event_id: UUID | None
    text: Text


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``verify`` found: links checked, events not sealed yet and the age of the oldest of them (seconds)."""

    node: str
    sealed: int
    unsealed: int
    oldest_unsealed_s: float | None
    fault: Fault | None

    @property
    def ok(self) -> bool:
        return self.fault is None


class ChainBroken(Refused):
    """The chain doesn't end where the anchor says: somebody deleted or altered a part of it."""

    text = Text(
        zh="事件链与库外存根不符，已停止封存。请运行 staveworks verify。",
        en="The event chain doesn't fit its anchor; sealing has stopped. Run `staveworks verify`.",
    )
