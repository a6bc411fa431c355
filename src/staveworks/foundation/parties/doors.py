"""What an address asks of whoever knocks: nothing, to be signed in, or one right of the table.

A door declares and turns away early; the use case behind it checks for itself. The authorisation matrix
(``tests/invariants``) is generated from the declarations and the table of rights, and finds an address that declares nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from staveworks.foundation.parties.rights import RIGHTS

ATTRIBUTE = "door"


@dataclass(frozen=True, slots=True)
class Door:
    """``public``: anybody, also without signing in; ``person``: anybody signed in; ``right``: who has ``right`` there.

    ``to_change`` is the right that sending something (POST) needs, where it is another than the one to look.
    """

    asks: Literal["public", "person", "right"]
    right: str | None = None
    to_change: str | None = None

    def right_for(self, method: str) -> str | None:
        """What ``method`` needs."""
        return self.right if method in ("GET", "HEAD") else self.to_change or self.right

    def __post_init__(self) -> None:
        if (self.right is not None) != (self.asks == "right"):
            raise ValueError("a right is named exactly where one is asked for")
        for right in (self.right, self.to_change):
            if right is not None and right not in RIGHTS:
                raise ValueError(f"{right} is not in the table of rights")


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
