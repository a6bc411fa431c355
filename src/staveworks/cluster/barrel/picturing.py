"""A diagnosis as the picture shows it: the firm's own wood. What contracts lend is added by ``cluster/prescription/lending.py``."""

from collections.abc import Mapping

from staveworks.cluster.barrel.picture import Barrel, Height
from staveworks.cluster.barrel.types import DiagnosisCard, PlankState
from staveworks.kit.intervals import Interval
from staveworks.kit.planks import Plank, Register
from staveworks.kit.text import Text


def picture_of(diagnosis: DiagnosisCard, *, firm: str, register: Register) -> Barrel:
    """The barrel of one firm, its planks in the register's order; a plank that has left the register is named by its code."""
    order = {code: place for place, code in enumerate(register)}
    planks = sorted(diagnosis.planks.values(), key=lambda plank: order.get(plank.code, len(order)))
    heights = [(plank.kind, _height(plank, register.get(plank.code))) for plank in planks]
    return Barrel(
        firm=firm,
        staves=tuple(height for kind, height in heights if kind == "stave"),
        hoops=tuple(height for kind, height in heights if kind == "hoop"),
        water=diagnosis.water,
        bearing=diagnosis.bearing,
        binding=diagnosis.binding,
    )


def _height(state: PlankState, plank: Plank | None) -> Height:
    wood = state.wood
    return Height(
        code=state.code,
        name=plank.name if plank else Text(zh=state.code, en=state.code),
        icon=plank.icon if plank else "help",
        own=wood.low,
        low=wood.low,
        likely=wood.likely,
        high=wood.high,
        hole=state.hole,
        needed=state.needed,
    )


def picture_of_medians(
    medians: Mapping[str, float], *, name: str, water: float, binding: str | None, register: Register
) -> Barrel:
    """What the firms of a place have in common: the median of each plank's likely height."""

    def heights(kind: str) -> tuple[Height, ...]:
        return tuple(
            Height.known(plank.code, plank.name, plank.icon, medians[plank.code])
            for plank in register.values()
            if plank.kind == kind and plank.code in medians
        )

    level = Interval.point(water)
    return Barrel(
        name, heights("stave"), heights("hoop"), water=level, bearing=Interval.point(100.0), binding=binding
    )
