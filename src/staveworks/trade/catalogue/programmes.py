"""The voucher programmes that an offer may be eligible for, from ``data/programmes.yaml``. Entitlements are not held here."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from staveworks.kit.data import data_file
from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Programme:
    """Public money for services: ``ratio`` of the price, at most ``cap_fen`` for one firm."""

    code: str
    name: Text
    ratio: Decimal
    cap_fen: int


def programmes() -> dict[str, Programme]:
    """Code → programme, in the order of the file."""
    path = data_file("programmes.yaml")
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _changed_at: int) -> dict[str, Programme]:
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {each["code"]: _programme(each) for each in found}


def _programme(found: dict[str, Any]) -> Programme:
    return Programme(found["code"], Text(**found["name"]), Decimal(found["ratio"]), int(found["cap_fen"]))
