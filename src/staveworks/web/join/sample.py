"""The barrel beside the sign-in form: an illustration whose heights go by position, for whatever planks the register has."""

from functools import cache

from staveworks.cluster.barrel.picture import Barrel, Height
from staveworks.kit.data import data_file
from staveworks.kit.intervals import Interval
from staveworks.kit.planks import Plank, load_register

STAVES = (
    (22.0, 58.0, 58.0, 58.0, None),
    (34.0, 34.0, 36.0, 41.0, None),
    (71.0, 71.0, 71.0, 71.0, None),
    (66.0, 66.0, 66.0, 66.0, 46.0),
    (45.0, 45.0, 54.0, 63.0, None),
)
"""Own, low, likely and high points of each stave, and its hole."""
HOOPS = (55.0, 40.0, 62.0, 48.0, 70.0)
BINDING = 1


@cache
def sample_barrel() -> Barrel:
    """An invented firm: one stave lent, one short, one with a hole, one unknown."""
    register = load_register(data_file("planks.yaml"))
    staves = tuple(_stave(plank, place) for place, plank in enumerate(register.staves))
    hoops = tuple(
        Height.known(plank.code, plank.name, plank.icon, HOOPS[place % len(HOOPS)])
        for place, plank in enumerate(register.hoops)
    )
    short = staves[BINDING % len(staves)]
    return Barrel(
        firm="",
        staves=staves,
        hoops=hoops,
        water=Interval(short.low, short.likely, short.high),
        bearing=Interval.point(55.0),
        binding=short.code,
        without_lending=22.0,
    )


def _stave(plank: Plank, place: int) -> Height:
    own, low, likely, high, hole = STAVES[place % len(STAVES)]
    return Height(plank.code, plank.name, plank.icon, own, low, likely, high, hole)
