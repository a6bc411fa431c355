"""What an address or a bare field says, read without trusting it; None where it is nonsense."""

from datetime import date, datetime

from django.utils import timezone

from staveworks.kit.spans import on_calendar


def whole_number(text: str, *, digits: int = 5) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def day_of(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if on_calendar(day) else None


def moment_of(text: str) -> datetime | None:
    """In local time; what is linked may name another zone."""
    try:
        typed = datetime.fromisoformat(text)
        local = timezone.localtime(typed) if typed.tzinfo else timezone.make_aware(typed)
    except (ValueError, OverflowError):
        return None
    return local if on_calendar(local) else None
