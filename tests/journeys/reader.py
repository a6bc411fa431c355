"""Somebody who reads a tutorial and does what it says, for the tests that walk them word by word.

>>> reader = read("diagnose-your-cluster.md")
>>> reader.presses(page)            # the next word in bold
"""

import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.site import turning

ROOT = Path(__file__).parents[2]


class Reader:
    """Somebody who does what the text says: the next word in bold, and no other."""

    def __init__(self, text: str) -> None:
        self.words: Iterator[str] = iter(re.findall(r"\*\*(.+?)\*\*", text))

    def presses(self, page: Page) -> None:
        name = re.compile(rf"^{re.escape(next(self.words))}( [A-Z])?$")  # with its key, if it has one
        buttons, links = (
            page.get_by_role(role, name=name).filter(visible=True) for role in ("button", "link")
        )
        with turning(page):
            (buttons if buttons.count() else links).first.click()

    def sees(self, page: Page) -> None:
        expect(page.get_by_text(next(self.words), exact=True).filter(visible=True).first).to_be_visible()

    def skips(self) -> str:
        return next(self.words)

    def is_done(self) -> None:
        assert next(self.words, None) is None, "nothing in bold was left out"


def read(name: str) -> Reader:
    """Who reads that tutorial from its beginning."""
    return Reader((ROOT / "docs" / "tutorials" / name).read_text(encoding="utf-8"))


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
