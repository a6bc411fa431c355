"""Public words of the room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing held about a person. ``rows``: the newest of ``total``. ``kept``: why it stays if she is erased."""

    code: str
    title: Text
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]
    total: int
    kept: Text | None


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Everything held about a person; ``organisations``: the names of those that rows name by id."""

    person_id: UUID
    at: datetime
    sections: tuple[Section, ...]
    organisations: Mapping[UUID, Text]

    @property
    def rows(self) -> int:
        return sum(section.total for section in self.sections)


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody is erased; ``rows``: how many went or were emptied, by room."""

    person_id: UUID
    rows: Mapping[str, int]
