"""The page of rights says what the table says; every event has words in the audit trail."""

import re
from pathlib import Path

from staveworks.foundation.notices import kinds_page
from staveworks.foundation.parties.rights_page import page
from staveworks.trade.settlement import templates_page
from staveworks.web.govern.events import WORDS

ROOT = Path(__file__).parent.parent.parent
APPENDED = re.compile(r'append_event\(\s*[^"]*?"([a-z_]+\.[a-z_]+)"', re.S)


def test_the_page_of_rights_is_up_to_date() -> None:
    assert (ROOT / "docs" / "reference" / "rights.md").read_text("utf-8") == page()


def test_the_page_of_to_dos_is_up_to_date() -> None:
    assert (ROOT / "docs" / "reference" / "todos.md").read_text("utf-8") == kinds_page.page()


def test_the_page_of_posting_templates_is_up_to_date() -> None:
    assert (ROOT / "docs" / "reference" / "posting-templates.md").read_text("utf-8") == templates_page.page()


def test_every_event_has_words() -> None:
    sources = (ROOT / "src" / "staveworks").rglob("*.py")
    types = {found for path in sources for found in APPENDED.findall(path.read_text("utf-8"))}
    assert len(types) > 30
    assert types - set(WORDS) == set()
