"""A firm as lists describe it: register entry and profile in one value, for the rooms that fill both in bulk."""

from dataclasses import dataclass
from uuid import UUID

NAMES_KEPT = 20


@dataclass(frozen=True, slots=True)
class FirmRecord:
    """``city``: GB/T 2260; ``country``: ISO alpha-2, "" if unknown; ``phones``: E.164; ``staff``: heads."""

    id: UUID
    name: str
    former_names: tuple[str, ...] = ()
    uscc: str | None = None
    country: str = "CN"
    city: str | None = None
    contact: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    website: str = ""
    products: str = ""
    staff: int | None = None
    staff_approximate: bool = False
    note: str = ""
