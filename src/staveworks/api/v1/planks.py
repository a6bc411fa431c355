"""The register of planks: the staves and hoops of this cluster's barrels."""

from typing import Literal

from staveworks.api.authentication import Call
from staveworks.api.operation import PUBLIC, Resource
from staveworks.api.shapes import Out, Words
from staveworks.kit.data import data_file
from staveworks.kit.planks import load_register
from staveworks.kit.text import Text

router = Resource("rubrics")


class Colour(Out):
    light: str
    dark: str


class PlankOut(Out):
    """A stave or a hoop; ``icon`` is a name of Tabler's icons."""

    code: str
    kind: Literal["stave", "hoop"]
    name: Words
    description: Words
    icon: str
    colour: Colour


class Planks(Out):
    items: list[PlankOut]


@router.read("", says=Text(zh="列出木桶的板和箍", en="List planks"), door=PUBLIC, answer=Planks)
def list_planks(request: Call) -> Planks:
    """All planks in the order in which they stand in the barrel."""
    return Planks(
        items=[
            PlankOut(
                code=plank.code,
                kind=plank.kind,
                name=Words.of(plank.name),
                description=Words.of(plank.description),
                icon=plank.icon,
                colour=Colour(light=plank.colour[0], dark=plank.colour[1]),
            )
            for plank in load_register(data_file("planks.yaml")).values()
        ]
    )
