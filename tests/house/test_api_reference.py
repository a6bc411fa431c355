"""docs/reference/api.md lists every operation, and none that is gone."""

import re
from pathlib import Path

from staveworks.api.pages import description

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"


def test_the_reference_lists_the_operations_that_there_are() -> None:
    written = set(
        re.findall(r"^\| `([A-Z]+ /api/v1/\S+)` \|", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE)
    )
    there = {
        f"{method.upper()} {path}" for path, methods in description()["paths"].items() for method in methods
    }
    assert written == there
