"""Pure decisions: what a text may be, which page it came from, what its first line is."""

from staveworks.foundation.support.types import TextMissing, TextTooLong

LONGEST = 4000
FIRST = 80
PAGE = 300


def clean_text(text: str) -> str:
    """The text without blank edges. Raises ``TextMissing``, ``TextTooLong``."""
    cleaned = text.strip()
    if not cleaned:
        raise TextMissing(field="text")
    if len(cleaned) > LONGEST:
        raise TextTooLong(field="text")
    return cleaned


def clean_page(page: str) -> str:
    """A path of this site, or nothing: an address of another site must not become a link for the operator."""
    inside = page.startswith("/") and not page.startswith(("//", "/\\")) and page.isprintable()
    return page[:PAGE] if inside else ""


def first_line(text: str) -> str:
    """What a list shows of a ticket."""
    line = text.splitlines()[0].strip()
    return line if len(line) <= FIRST else line[: FIRST - 1] + "…"
