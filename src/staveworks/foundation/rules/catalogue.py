"""The kinds of rules that ship, from ``data/rules.yaml``; the cluster's own file of that name adds to them or takes their place."""

from functools import cache
from typing import Any

import yaml

from staveworks.foundation.rules.types import RuleKind, RuleUnknown
from staveworks.kit.data import SHIPPED, data_file
from staveworks.kit.text import Text

FILE = "rules.yaml"


@cache
def rule_kinds() -> dict[str, RuleKind]:
    """Code → kind, in the order of the files."""
    paths = dict.fromkeys([SHIPPED / FILE, data_file(FILE)])
    found = [_kind(each) for path in paths for each in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return {kind.code: kind for kind in found}


def rule_kind(code: str) -> RuleKind:
    """Raises ``RuleUnknown``."""
    found = rule_kinds().get(code)
    if found is None:
        raise RuleUnknown
    return found


def _kind(found: dict[str, Any]) -> RuleKind:
    return RuleKind(
        found["code"], Text(**found["title"]), Text(**found["text"]), found["schema"], found["value"]
    )
