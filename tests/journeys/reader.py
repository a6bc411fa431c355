"""Somebody who reads a tutorial and does what it says, for the tests that walk them word by word.

It is walked once, by each in one language. Before each step the word of the other one is looked for on the same page in that
language: the pages differ in nothing but their words.

>>> reader = read("diagnose-your-cluster")
>>> reader.presses(page)            # the next word in bold
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.other import in_other_language, language_of
from tests.journeys.site import turning

ROOT = Path(__file__).parents[2]


TEMPLATES = ROOT / "src" / "staveworks" / "web" / "templates"
BOLD = re.compile(r"\*\*(.+?)\*\*")


class Reader:
    """Somebody who does what the text says: the next word in bold, and no other. ``typed``: what she typed herself, by what the
    other language's reader would have."""

    def __init__(self, english: str, chinese: str, typed: Mapping[str, str]) -> None:
        self.words: Iterator[tuple[str, str]] = iter(
            zip(BOLD.findall(english), BOLD.findall(chinese), strict=True)
        )
        self.typed = typed

    def next_on(self, page: Page) -> tuple[str, str]:
        """The next word in the language of the page, and in the other."""
        english, chinese = next(self.words)
        return (english, chinese) if language_of(page) == "en" else (chinese, english)

    def presses(self, page: Page) -> None:
        word, other = self.next_on(page)
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
        word, other = self.next_on(page)
        expect(page.get_by_text(word, exact=True).filter(visible=True).first).to_be_visible()
        if once:
            assert written(*sorted((word, other))), f"{word} is not {other}"
            return
        elsewhere = in_other_language(page)
        assert elsewhere.says(self.typed.get(other, other)), f"{other} is not on {elsewhere.address}"

    def skips(self) -> tuple[str, str]:
        """The next word in English and in Chinese: who skips it says what it does instead."""
        return next(self.words)

    def is_done(self) -> None:
        assert next(self.words, None) is None, "nothing in bold was left out"


def read(name: str, typed: Mapping[str, str] | None = None) -> Reader:
    """Who reads that tutorial from its beginning."""
    texts = ((ROOT / "docs" / "tutorials" / f"{name}{end}").read_text("utf-8") for end in (".md", ".zh.md"))
    return Reader(*texts, typed or {})


def written(english: str, chinese: str) -> bool:
    """A template says the two as one text."""
    text = f'{{% t zh="{chinese}" en="{english}" %}}'
    return any(text in each.read_text(encoding="utf-8") for each in TEMPLATES.rglob("*.html"))


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
