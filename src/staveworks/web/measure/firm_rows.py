"""The rows of the table of firms as they are printed. Said here and not in the template: a page has fifty of them."""

from dataclasses import dataclass

from django.urls import reverse

from staveworks.cluster.barrel.firms import FirmRow, Standing
from staveworks.cluster.barrel.picture import Barrel
from staveworks.cluster.barrel.picturing import picture_of
from staveworks.engine.barrel import Profile, load_profiles
from staveworks.kit.data import data_file
from staveworks.kit.planks import Plank, Register, load_register
from staveworks.kit.text import Text
from staveworks.web import figures
from staveworks.web.language import say

SHAPES = {
    Standing.CLAIMED: "done",
    Standing.INVITED: "waiting",
    Standing.FOUND: "over",
    Standing.ELSEWHERE: "over",
}
NOT_SHOWN = Text(zh="未授权", en="not shown")
NOT_ASSESSED = Text(zh="未诊断", en="not assessed")


@dataclass(frozen=True, slots=True)
class ShownRow:
    """``unseen``: what stands where there is no picture."""

    url: str
    name: str
    city: str
    trade: str
    staff: str
    picture: Barrel | None
    unseen: str
    water: str
    binding: Plank | None
    shape: str
    standing: str
    held_by: str
    assessed: str


def shown(rows: list[FirmRow]) -> list[ShownRow]:
    profiles, register = load_profiles(), load_register(data_file("planks.yaml"))
    return [_shown(row, profiles.get(row.business_type), register) for row in rows]


def picture_of_row(row: FirmRow, register: Register) -> Barrel | None:
    return picture_of(row.diagnosis, firm=say(row.name), register=register) if row.diagnosis else None


def _shown(row: FirmRow, trade: Profile | None, register: Register) -> ShownRow:
    barrel = row.diagnosis
    return ShownRow(
        url=reverse("firm", args=[row.id]),
        name=say(row.name),
        city=say(row.city_name) if row.city_name else figures.NONE,
        trade=say(trade.name) if trade else figures.NONE,
        staff=figures.NONE if row.staff is None else str(row.staff),
        picture=picture_of_row(row, register),
        unseen=say(NOT_SHOWN if row.hidden else NOT_ASSESSED),
        water=figures.level(barrel.water) if barrel else figures.NONE,
        binding=register.get(barrel.binding or "") if barrel else None,
        shape=SHAPES[row.standing],
        standing=say(row.standing.text),
        held_by=say(row.held_by) if row.held_by else "",
        assessed=figures.day(barrel.at) if barrel else figures.NONE,
    )
