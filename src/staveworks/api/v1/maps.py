"""The cluster's map for its operator, and the published figures for everybody."""

from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.language import language_now
from staveworks.api.operation import Resource, right
from staveworks.api.shapes import In, Out, Words
from staveworks.api.v1.papers import PDF, paper_sent
from staveworks.cluster.barrel.atlas.exact import cluster_atlas
from staveworks.cluster.barrel.atlas.open_figures import published_atlas
from staveworks.cluster.barrel.atlas.paper import print_atlas
from staveworks.cluster.barrel.atlas.types import Atlas, Line, Narrowed, TrendPoint
from staveworks.kit.text import Text

router = Resource("cluster")
figures_router = Resource("figures")
READ, FIGURES = right("cluster.read"), right("figures.read")


class Where(In):
    """What is left empty narrows nothing."""

    place: Annotated[str, Field(pattern=r"^([0-9]{6})?$", description="A city or a district.")] = ""
    business_type: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,60}$")] = ""
    size: Literal["", "micro", "small", "medium", "large"] = ""


class WhereWhen(Where):
    period: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2})?$", description="Absent: the latest.")] = ""


class PaperWhere(Where):
    language: Literal["zh", "en"] | None = None


class MapLine(Out):
    """``planks``: firms that each plank holds down. ``few``: too few assessed firms for publication."""

    key: str
    name: Words
    latitude: float | None
    longitude: float | None
    firms: int
    assessed: int
    low: float | None
    median: float | None
    high: float | None
    shortest: list[str]
    planks: dict[str, int]
    few: bool


class FigureLine(Out):
    """``firms``: at least so many. 10 stands for "10 or less", 90 for "90 or more". ``planks``: median heights."""

    key: str
    name: Words
    latitude: float | None
    longitude: float | None
    firms: int
    low: int
    median: int
    high: int
    shortest: list[str]
    planks: dict[str, int]


class TrendOut(Out):
    """Quartiles at the end of a quarter, or of a published month."""

    label: str
    firms: int
    low: float
    median: float
    high: float


class MapOut(Out):
    total: MapLine | None
    places: list[MapLine]
    trades: list[MapLine]
    trend: list[TrendOut]


class FiguresOut(Out):
    """``period`` is empty before the first publication; ``total`` is null where the group is not published."""

    period: str
    total: FigureLine | None
    places: list[FigureLine]
    trades: list[FigureLine]
    trend: list[TrendOut]


@router.read("", says=Text(zh="集群地图", en="Get the cluster's map"), door=READ, answer=MapOut)
def get_map(request: Call, where: Query[Where]) -> MapOut:
    """Cities, or the districts of one; trades; the course by quarter. Exact, of the firms that the operator may see."""
    atlas = cluster_atlas(request.auth, narrowed=_narrowed(where))
    return MapOut(
        total=_map_line(atlas.total) if atlas.total else None,
        places=[_map_line(line) for line in atlas.places],
        trades=[_map_line(line) for line in atlas.trades],
        trend=[_trend(point) for point in atlas.trend],
    )


@router.read(
    "/report.pdf", says=Text(zh="集群地图 PDF", en="Get the map as PDF"), door=READ, answer=None, gives=PDF
)
def get_map_pdf(request: Call, where: Query[PaperWhere]) -> HttpResponse:
    """The map with its tables."""
    return _sent(cluster_atlas(request.auth, narrowed=_narrowed(where)), where)


@figures_router.read(
    "", says=Text(zh="公布的集群数据", en="Get published figures"), door=FIGURES, answer=FiguresOut
)
def get_figures(request: Call, where: Query[WhereWhen]) -> FiguresOut:
    """Only groups of at least as many firms as the rule says, never fewer than five; no two answers differ by fewer."""
    atlas = published_atlas(request.auth, narrowed=_narrowed(where), period=where.period)
    return FiguresOut(
        period=atlas.period,
        total=_figure_line(atlas.total) if atlas.total else None,
        places=[_figure_line(line) for line in atlas.places],
        trades=[_figure_line(line) for line in atlas.trades],
        trend=[_trend(point) for point in atlas.trend],
    )


@figures_router.read(
    "/report.pdf",
    says=Text(zh="公布的集群数据 PDF", en="Get published figures as PDF"),
    door=FIGURES,
    answer=None,
    gives=PDF,
)
def get_figures_pdf(request: Call, where: Query[PaperWhere]) -> HttpResponse:
    """The latest figures with their map."""
    return _sent(published_atlas(request.auth, narrowed=_narrowed(where)), where)


def _narrowed(where: Where) -> Narrowed:
    return Narrowed(where.place, where.business_type, where.size)


def _sent(atlas: Atlas, where: PaperWhere) -> HttpResponse:
    content, _ = print_atlas(atlas, where.language or language_now())
    return paper_sent(content, "cluster.pdf")


def _map_line(line: Line) -> MapLine:
    return MapLine(
        key=line.key,
        name=Words.of(line.name),
        latitude=line.spot.latitude if line.spot else None,
        longitude=line.spot.longitude if line.spot else None,
        firms=line.firms,
        assessed=line.diagnosed,
        low=line.low,
        median=line.median,
        high=line.high,
        shortest=list(line.shortest),
        planks={code: int(count) for code, count in line.cells.items()},
        few=line.few,
    )


def _figure_line(line: Line) -> FigureLine:
    return FigureLine(
        key=line.key,
        name=Words.of(line.name),
        latitude=line.spot.latitude if line.spot else None,
        longitude=line.spot.longitude if line.spot else None,
        firms=line.firms,
        low=int(line.low or 0),
        median=int(line.median or 0),
        high=int(line.high or 0),
        shortest=list(line.shortest),
        planks={code: int(height) for code, height in line.cells.items()},
    )


def _trend(point: TrendPoint) -> TrendOut:
    return TrendOut(label=point.label, firms=point.firms, low=point.low, median=point.median, high=point.high)
