"""The barrel of the firm one acts for: as numbers and as its picture."""

from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.language import language_now
from staveworks.api.operation import Resource, right
from staveworks.api.shapes import In
from staveworks.api.v1.barrels import BarrelOut, show_barrel
from staveworks.api.v1.papers import PDF, PaperIn, report_sent
from staveworks.cluster.barrel.picture import draw
from staveworks.cluster.barrel.queries import find_barrel
from staveworks.cluster.barrel.report import find_report
from staveworks.cluster.prescription.lending import list_lent, picture_with_lent
from staveworks.foundation.parties.queries import card
from staveworks.kit.data import data_file
from staveworks.kit.errors import NotFound
from staveworks.kit.planks import load_register
from staveworks.kit.text import Text

router = Resource("barrel")
READ = right("barrel.read")
SVG = "image/svg+xml"


class NoBarrelYet(NotFound):
    text = Text(zh="还没有答过题，没有木桶。", en="No question is answered yet: there is no barrel.")


class PictureIn(In):
    size: Annotated[Literal["wide", "plain", "narrow"], Field(description="690, 360 or 320 wide")] = "wide"


@router.read("", says=Text(zh="我的木桶", en="Get the barrel"), door=READ, answer=BarrelOut)
def get_barrel(request: Call) -> BarrelOut:
    """The firm's current barrel."""
    view = find_barrel(request.auth)
    if view is None or view.card.diagnosis is None:
        raise NoBarrelYet
    return show_barrel(view.card.diagnosis)


@router.read(
    "/picture.svg", says=Text(zh="木桶图", en="The barrel's picture"), door=READ, answer=None, gives=SVG
)
def get_barrel_picture(request: Call, chosen: Query[PictureIn]) -> HttpResponse:
    """Accessible SVG, in the language of the request; with what contracts lend the firm now."""
    language, register = language_now(), load_register(data_file("planks.yaml"))
    name = card(request.auth).title.in_language(language)
    view = find_barrel(request.auth)
    if view is None or view.card.diagnosis is None:
        raise NoBarrelYet
    lent, bearing = list_lent(request.auth), view.rubric.bearing
    barrel = picture_with_lent(view.card.diagnosis, bearing, lent, firm=name, register=register)
    return HttpResponse(draw(barrel, language, size=chosen.size), content_type=SVG)


@router.read("/report.pdf", says=Text(zh="我的报告", en="Get the report"), door=READ, answer=None, gives=PDF)
def get_report(request: Call, chosen: Query[PaperIn]) -> HttpResponse:
    """The report on the current barrel as PDF; ``Repr-Digest`` is its SHA-256. Who may not read answers gets no advice."""
    return report_sent(find_report(request.auth), chosen)
