"""A row made plain."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from staveworks.foundation.rosters.reading.types import Row
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Issue:
    """A cell that could not be understood: it loads empty; ``text`` is the cell as it stood."""

    field: str
    column: int
    text: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one firm from one row.

    ``country`` ISO alpha-2; ``city`` GB/T 2260, as deep as the row tells (county, else prefecture or province);
    ``city_confidence`` 0–1, sure from 0.8; ``phones`` E.164; ``staff`` heads, ``staff_approx`` if rounded or a range.
    """

    name: str
    uscc: str | None = None
    uscc_text: str = ""
    country: str | None = None
    city: str | None = None
    city_text: str = ""
    city_confidence: float = 0.0
    address: str = ""
    contact: str = ""
    phones: tuple[str, ...] = ()
    staff: int | None = None
    staff_approx: bool = False
    products: str = ""
    email: str = ""
    website: str = ""
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready; empty values left out."""
        return {key: value for key, value in asdict(self).items() if value not in (None, "", (), 0.0, False)}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> "Entry":
        """The inverse of ``as_dict``; unknown keys are ignored."""
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in given.items() if key in known}
        return cls(**values | {"phones": tuple(values.get("phones", ()))})


@dataclass(frozen=True, slots=True)
class Reading:
    """``entry`` is None exactly when the row is refused, and then ``refusal`` says why."""

    row: Row
    entry: Entry | None
    refusal: Text | None
    issues: tuple[Issue, ...]
