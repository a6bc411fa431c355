"""Somebody who reads a tutorial and does what it says, for the tests that walk them word by word.

It is walked in one language. Before each step the word of the other one is looked for on the same page in that language: the
pages differ in nothing but their words.

>>> reader = read("diagnose-your-cluster", "en")
>>> reader.presses(page)            # the next word in bold
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.other import in_other_language
from tests.journeys.site import turning

ROOT = Path(__file__).parents[2]


TEMPLATES = ROOT / "src" / "staveworks" / "web" / "templates"
BOLD = re.compile(r"\*\*(.+?)\*\*")


class Reader:
    """Somebody who does what the text says: the next word in bold, and no other. ``typed``: what she typed herself, by what the
    other language's reader would have."""

    def __init__(self, text: str, other: str, typed: Mapping[str, str]) -> None:
        self.words: Iterator[tuple[str, str]] = iter(
            zip(BOLD.findall(text), BOLD.findall(other), strict=True)
        )
        self.typed = typed

    def presses(self, page: Page) -> None:
        word, other = next(self.words)
        elsewhere = in_other_language(page)
        assert elsewhere.leads(self.typed.get(other, other)), f"{other} is not on {elsewhere.address}"
        name = re.compile(rf"^{re.escape(word)}( [A-Z])?$")  # with its key, if it has one
        buttons, links = (
            page.get_by_role(role, name=name).filter(visible=True) for role in ("button", "link")
        )
        with turning(page):
            (buttons if buttons.count() else links).first.click()

    def sees(self, page: Page, *, once: bool = False) -> None:
        """``once``: it is said a single time, so the other language's word is looked for where the text is written."""
        word, other = next(self.words)
        expect(page.get_by_text(word, exact=True).filter(visible=True).first).to_be_visible()
        if once:
            assert written(word, other), f"{word} is not {other}"
            return
        elsewhere = in_other_language(page)
        assert elsewhere.says(self.typed.get(other, other)), f"{other} is not on {elsewhere.address}"

    def skips(self) -> tuple[str, str]:
        """The next word, and the other language's: who skips it says what it does instead."""
        return next(self.words)

    def is_done(self) -> None:
        assert next(self.words, None) is None, "nothing in bold was left out"


def read(name: str, language: str, typed: Mapping[str, str] | None = None) -> Reader:
    """Who reads that tutorial from its beginning, in ``language``."""
    english, chinese = (
        (ROOT / "docs" / "tutorials" / f"{name}{end}").read_text(encoding="utf-8")
        for end in (".md", ".zh.md")
    )
    texts = (english, chinese) if language == "en" else (chinese, english)
    return Reader(*texts, typed or {})


def written(*pair: str) -> bool:
    """A template says the two as one text."""
    english, chinese = sorted(pair)
    text = f'{{% t zh="{chinese}" en="{english}" %}}'
    return any(text in each.read_text(encoding="utf-8") for each in TEMPLATES.rglob("*.html"))


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
