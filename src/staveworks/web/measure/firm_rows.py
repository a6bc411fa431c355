"""The rows of the table of firms as they are printed. Said here and not in the template: a page has thirty of them."""

from collections.abc import Mapping
from html import escape
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from staveworks.cluster.barrel.firms import FirmRow, Standing
from staveworks.cluster.barrel.picture import Barrel
from staveworks.cluster.barrel.picturing import picture_of
from staveworks.engine.barrel import Profile, load_profiles
from staveworks.kit.data import data_file
from staveworks.kit.planks import Register, load_register
from staveworks.kit.text import Text
from staveworks.web import figures
from staveworks.web.language import current, say
from staveworks.web.plank_names import plank_named
from staveworks.web.states import drawn_state
from staveworks.web.templatetags.staveworks import glyph

SHAPES = {
    Standing.CLAIMED: "done",
    Standing.INVITED: "waiting",
    Standing.FOUND: "over",
    Standing.ELSEWHERE: "over",
}
NOBODY = UUID(int=0)
"""In whose place each firm's id is put in the address, which is looked up once."""
UNSEEN = '<span class="note">{}</span>'
"""What stands where there is no picture."""
NOT_SHOWN = Text(zh="未授权", en="not shown")
NOT_ASSESSED = Text(zh="未诊断", en="not assessed")


ROW = """<tr>
    <td><a data-open data-names href="{}">{}</a>{}</td>
    <td class="opt" data-names>{}</td>
    <td class="opt">{}</td>
    <td class="num opt">{}</td>
    <td>{}</td>
    <td class="num strong">{}</td>
    <td class="opt">{}</td>
    <td class="opt">{}{}</td>
    <td class="opt">{}</td></tr>"""


def printed(rows: list[FirmRow]) -> SafeString:
    """The body of the table."""
    profiles, register = load_profiles(), load_register(data_file("planks.yaml"))
    address = reverse("firm", args=[NOBODY])
    body = "".join(_printed(row, address, profiles, register) for row in rows)
    return mark_safe(body)  # noqa: S308 - names are escaped below, the rest is our own


def picture_of_row(row: FirmRow, register: Register) -> Barrel | None:
    return picture_of(row.diagnosis, firm=say(row.name), register=register) if row.diagnosis else None


def _printed(row: FirmRow, address: str, profiles: Mapping[str, Profile], register: Register) -> str:
    barrel, trade = row.diagnosis, profiles.get(row.business_type)
    picture = picture_of_row(row, register)
    binding = register.get(barrel.binding or "") if barrel else None
    held = plank_named(binding, current()) if binding else ""
    return ROW.format(
        address.replace(str(NOBODY), str(row.id)),
        escape(say(row.name)),
        f'<small class="phone-only">{held}</small>' if held else "",
        escape(say(row.city_name)) if row.city_name else figures.NONE,
        escape(say(trade.name)) if trade else figures.NONE,
        figures.NONE if row.staff is None else row.staff,
        glyph(picture) if picture else UNSEEN.format(escape(say(NOT_SHOWN if row.hidden else NOT_ASSESSED))),
        figures.level(barrel.water) if barrel else figures.NONE,
        held or figures.NONE,
        drawn_state(SHAPES[row.standing], row.standing.text),
        f"<small data-names>{escape(say(row.held_by))}</small>" if row.held_by else "",
        figures.day(barrel.at) if barrel else figures.NONE,
    )
