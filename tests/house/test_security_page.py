"""The page that holds us against ASVS names all chapters, and only tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/security.md").read_text("utf-8")


def test_every_chapter_is_judged_once() -> None:
    judged = re.findall(r"^\| \*\*V(\d+)\*\*", PAGE, re.MULTILINE)
    assert judged == [str(number) for number in range(1, 18)]


def test_every_test_it_names_exists() -> None:
    named = set(re.findall(r"`([a-z]+/[a-z0-9_/]*(?:\.py)?)`", PAGE))
    assert len(named) > 20
    assert {each for each in named if not (ROOT / "tests" / each).exists()} == set()
