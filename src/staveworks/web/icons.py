"""The vendored icons (Tabler, outline) as inline SVG, so that they take the text's colour."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "vendor" / "tabler-icons-3.51.0" / "outline"
FALLBACK = "circle-dot"
BACKGROUND = re.compile(r'<path\s+stroke="none"[^>]*/>')


class Icons(Mapping[str, str]):
    """The inner SVG (24 × 24, stroked) of every vendored icon by its name."""

    def __getitem__(self, name: str) -> str:
        if not re.fullmatch(r"[a-z0-9-]+", name):
            raise KeyError(name)
        return _inner(name)

    def __iter__(self) -> Iterator[str]:
        return iter(_names())

    def __len__(self) -> int:
        """Asked for by every ``icons or …``."""
        return len(_names())


ICONS = Icons()


@cache
def _names() -> tuple[str, ...]:
    return tuple(path.stem for path in sorted(FOLDER.glob("*.svg")))


@cache
def _inner(name: str) -> str:
    try:
        text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KeyError(name) from None
    drawing = text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")]
    return re.sub(r"\s*\n\s*", "", BACKGROUND.sub("", drawing)).strip()


def icon(name: str, label: str = "") -> str:
    """An icon as SVG: hidden from screen readers, or an image with a name where a label is given.

    A name that is not vendored draws a dot: a plank added as data must not break a page.
    """
    inner = ICONS.get(name) or ICONS[FALLBACK]
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return f'<svg class="icon" viewBox="0 0 24 24" {spoken}>{inner}</svg>'
