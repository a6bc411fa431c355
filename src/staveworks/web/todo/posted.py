"""What forms of to-dos send, read without trusting it."""

from datetime import date
from uuid import UUID

NOBODY = UUID(int=0)


def uuid_of(text: str) -> UUID:
    """The id; for nonsense one that nothing has, so that the use case says what is missing."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY


def day_of(text: str) -> date:
    """The day; for nonsense one that is long past, so that the use case says which day it takes."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
