"""The register of planks: five staves, five hoops, and whatever a cluster adds. Code names none of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from staveworks.kit.text import Text

Kind = Literal["stave", "hoop"]


@dataclass(frozen=True, slots=True)
class Plank:
    """One stave or hoop: ``colour`` is (light, dark) for its name and icon, never for a bar."""

    code: str
    kind: Kind
    name: Text
    description: Text
    icon: str
    colour: tuple[str, str]


class Register(Mapping[str, Plank]):
    """The planks by code, in the order in which they stand in the barrel."""

    def __init__(self, planks: list[Plank]) -> None:
        self._planks = {plank.code: plank for plank in planks}
        if len(self._planks) != len(planks):
            raise ValueError("a plank code stands twice in the register")

    def __getitem__(self, code: str) -> Plank:
        return self._planks[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._planks)

    def __len__(self) -> int:
        return len(self._planks)

    @property
    def staves(self) -> list[Plank]:
        return [plank for plank in self._planks.values() if plank.kind == "stave"]

    @property
    def hoops(self) -> list[Plank]:
        return [plank for plank in self._planks.values() if plank.kind == "hoop"]


def load_register(path: Path) -> Register:
    """Read a register file (YAML list of planks). Raises ``ValueError`` naming the faulty entry."""
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _changed_at: int) -> Register:
    """Read once for each state of the file: pages ask for the register many times over."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Register([_plank(entry) for entry in entries])


def _plank(entry: dict[str, Any]) -> Plank:
    if entry.get("kind") not in ("stave", "hoop"):
        raise ValueError(f"plank {entry.get('code')!r}: kind must be stave or hoop")
    return Plank(
        code=entry["code"],
        kind=entry["kind"],
        name=Text(**entry["name"]),
        description=Text(**entry["description"]),
        icon=entry["icon"],
        colour=(entry["colour"]["light"], entry["colour"]["dark"]),
    )
