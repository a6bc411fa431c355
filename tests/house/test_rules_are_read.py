"""No rule is a number that nobody reads: each entry of each rule that ships is named somewhere in the code."""

import re
from pathlib import Path

from staveworks.foundation.rules.catalogue import rule_kinds
from staveworks.jobs.retention import FORGET

SOURCE = Path(__file__).parents[2] / "src" / "staveworks"
READERS = [
    path.read_text(encoding="utf-8")
    for path in SOURCE.rglob("*.py")
    if "migrations" not in path.parts and path.name not in {"catalogue.py", "shipping.py"}
]


def readers_of(code: str) -> list[str]:
    """Files that ask for the rule."""
    asked = re.compile(rf'(rule_in_force|entry_in_force)\(\s*"{re.escape(code)}"')
    constant = re.compile(rf'^[A-Z_]+ = "{re.escape(code)}"$', re.MULTILINE)
    return [
        text
        for text in READERS
        if asked.search(text)
        or (constant.search(text) and ("rule_in_force(" in text or "entry_in_force(" in text))
    ]


def unread(codes: dict[str, tuple[str, ...]]) -> list[str]:
    return [
        f"{code}: {entry}"
        for code, entries in codes.items()
        for entry in entries
        if not any(f'"{entry}"' in text for text in readers_of(code))
    ]


def test_each_entry_of_each_rule_is_read_by_code() -> None:
    kinds = {code: tuple(entry.code for entry in kind.entries) for code, kind in rule_kinds().items()}
    assert len(kinds) >= 6
    assert unread(kinds) == []


def test_planted_an_entry_that_nobody_reads_is_found() -> None:
    assert unread({"retention": ("messages", "tea_leaves"), "no.such": ("firms",)}) == [
        "retention: tea_leaves",
        "no.such: firms",
    ]


def test_retention_forgets_exactly_what_the_rule_names() -> None:
    assert set(FORGET) == {entry.code for entry in rule_kinds()["retention"].entries}
