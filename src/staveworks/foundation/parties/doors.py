"""What an address asks of whoever knocks: nothing, to be signed in, or one right of the table.

A door *declares*; the use case behind it checks. The authorisation matrix (``tests/invariants``) is generated from the
declarations and finds every address where the two differ, or where nothing is declared.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from staveworks.foundation.parties.rights import RIGHTS

ATTRIBUTE = "door"


@dataclass(frozen=True, slots=True)
class Door:
    """``public``: anybody, also without signing in; ``person``: anybody signed in; ``right``: who has ``right`` there."""

    asks: Literal["public", "person", "right"]
    right: str | None = None

    def __post_init__(self) -> None:
        if (self.right is not None) != (self.asks == "right"):
            raise ValueError("a right is named exactly where one is asked for")
        if self.right is not None and self.right not in RIGHTS:
            raise ValueError(f"{self.right} is not in the table of rights")


PUBLIC = Door("public")
PERSON = Door("person")


def declare[F: Callable[..., Any]](view: F, door: Door) -> F:
    """Write the declaration on ``view``; ``functools.wraps`` carries it outwards."""
    setattr(view, ATTRIBUTE, door)
    return view


def door_of(view: object) -> Door | None:
    """What ``view`` declares, or None if it declares nothing."""
    found = getattr(view, ATTRIBUTE, None)
    return found if isinstance(found, Door) else None
