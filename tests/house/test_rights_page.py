"""The page of rights says what the table says; every event has words in the audit trail."""

import re
from pathlib import Path

from staveworks.foundation.parties.rights_page import page
from staveworks.web.govern.events import WORDS

ROOT = Path(__file__).parent.parent.parent
APPENDED = re.compile(r'append_event\(\s*[^"]*?"([a-z_]+\.[a-z_]+)"', re.S)


def test_the_page_of_rights_is_up_to_date() -> None:
    assert (ROOT / "docs" / "reference" / "rights.md").read_text("utf-8") == page()


def test_every_event_has_words() -> None:
    sources = (ROOT / "src" / "staveworks").rglob("*.py")
    types = {found for path in sources for found in APPENDED.findall(path.read_text("utf-8"))}
    assert len(types) > 30
    assert types - set(WORDS) == set()
