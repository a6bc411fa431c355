"""What a pack says, checked and frozen."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from staveworks.kit.text import Text


@dataclass(frozen=True, slots=True)
class Unit:
    """What a family or an operation is counted in."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Certificate:
    """Something that a customer may ask of a work centre, with an authority and an end."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Grade:
    """How well a work centre works: an order for grade 2 takes 2 and above."""

    number: int
    name: Text


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of making something. ``unit``: what its people count in."""

    code: str
    name: Text
    unit: Unit
    setup: Text
    """What makes a change-over there, as an example beside the field."""


@dataclass(frozen=True, slots=True)
class Family:
    """Products that the same work centres make at the same price and speed.

    ``uses``: how many units of an operation one unit of the family takes (metres of cloth for a shirt), 1 where none is said.
    ``weight`` and ``hold_fen``: what transport and a bucket of waiting count, for the dispatch engine.
    """

    code: str
    name: Text
    unit: Unit
    routes: tuple[tuple[str, ...], ...]
    weight: Decimal
    hold_fen: Decimal
    uses: Mapping[str, Decimal] = field(default_factory=dict)

    def uses_at(self, operation: str) -> Decimal:
        return self.uses.get(operation, Decimal(1))

    def needs(self, operation: str) -> bool:
        """Whether some route of the family goes through ``operation``."""
        return any(operation in route for route in self.routes)


@dataclass(frozen=True, slots=True)
class Pack:
    """One industry. ``file``: where it stands, for what is said of it."""

    id: str
    name: Text
    file: str
    operations: tuple[Operation, ...]
    families: tuple[Family, ...]
    grades: tuple[Grade, ...]
    certificates: tuple[Certificate, ...]

    def families_at(self, operation: str) -> list[Family]:
        """Those that some route takes through ``operation``."""
        return [family for family in self.families if family.needs(operation)]

    def grade(self, number: int) -> Grade | None:
        return next((each for each in self.grades if each.number == number), None)


class Industries(Sequence[Pack]):
    """The packs of a cluster. Codes of operations, families and certificates are unique over all of them."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._packs = tuple(packs)
        self.operations = _by_code(packs, lambda pack: pack.operations)
        self.families = _by_code(packs, lambda pack: pack.families)
        self.certificates = _by_code(packs, lambda pack: pack.certificates)
        self._home = {each.code: pack for pack in packs for each in pack.operations}
        self._home |= {each.code: pack for pack in packs for each in pack.families}

    def __getitem__(self, index: int) -> Pack:  # type: ignore[override]
        return self._packs[index]

    def __len__(self) -> int:
        return len(self._packs)

    def pack_of(self, code: str) -> Pack | None:
        """The pack that has the operation or family ``code``."""
        return self._home.get(code)


def _by_code[T: (Operation, Family, Certificate)](
    packs: Sequence[Pack], of: Callable[[Pack], Sequence[T]]
) -> dict[str, T]:
    found: dict[str, T] = {}
    for pack in packs:
        for each in of(pack):
            if each.code in found:
                raise ValueError(f"{pack.file}: {each.code} stands in another pack already")
            found[each.code] = each
    return found
