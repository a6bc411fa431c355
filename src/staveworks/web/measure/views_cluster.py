"""The operator's home: the state of the cluster in one sentence, what waits, and what is short where."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.cluster.barrel.overview import CityLevel, Overview, cluster_overview
from staveworks.cluster.barrel.picture import Barrel
from staveworks.cluster.barrel.picturing import picture_of_medians
from staveworks.foundation.parties.types import Kind
from staveworks.kit.data import data_file
from staveworks.kit.planks import Register, load_register
from staveworks.kit.text import Text
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.measure.waiting import waiting_for
from staveworks.web.sheets import sheet_response

FEWEST = 5
"""Below this many firms a cell of the heat table is marked: it is not to be passed on."""


@door("cluster.read")
def home(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    overview, register = cluster_overview(actor), load_register(data_file("planks.yaml"))
    planks = [
        plank for plank in register.values() if any(plank.code in city.binding for city in overview.cities)
    ]
    return render(
        request,
        "measure/cluster.html",
        {
            "overview": overview,
            "shortest": register.get(overview.shortest or ""),
            "shortest_firms": overview.binding.get(overview.shortest or "", 0),
            "steps": _steps(overview),
            "cities": [
                (city, _glyph(city, register), register.get(city.shortest or "")) for city in overview.cities
            ],
            "heat_planks": planks,
            "heat": [(city, [_cell(city, plank.code) for plank in planks]) for city in overview.cities],
            "histogram": _histogram(overview),
            "waiting": waiting_for(actor),
            "by_steward": overview.funnel.diagnosed - overview.funnel.own,
            "few": FEWEST,
            "city_desk": Kind.CITY in actor.kinds and Kind.PLATFORM not in actor.kinds,
        },
    )


def _steps(overview: Overview) -> list[tuple[Text, int, int | None]]:
    """The funnel: word, firms, share of the step before in percent."""
    funnel = overview.funnel
    steps = [
        (Text(zh="找到", en="found"), funnel.found),
        (Text(zh="已邀请", en="invited"), funnel.invited),
        (Text(zh="已认领", en="claimed"), funnel.claimed),
        (Text(zh="自己诊断过", en="assessed itself"), funnel.own),
    ]
    return [(word, n, round(100 * n / funnel.found) if funnel.found else None) for word, n in steps]


def _glyph(city: CityLevel, register: Register) -> Barrel | None:
    if city.water is None:
        return None
    return picture_of_medians(
        city.medians, name=say(city.name), water=city.water, binding=city.shortest, register=register
    )


def _cell(city: CityLevel, plank: str) -> tuple[int, int]:
    """Firms that the plank holds down, and a shade 0–5 by its share of the city's diagnosed firms."""
    firms = city.binding.get(plank, 0)
    return firms, min(5, round(10 * firms / city.diagnosed)) if city.diagnosed else 0


def _histogram(overview: Overview) -> dict[str, Any]:
    labels = list(overview.histogram)
    middle = int((overview.water or 0) // 5) * 5
    return {
        "labels": [str(label) for label in labels],
        "values": [overview.histogram[label] for label in labels],
        "unit": say(Text(zh="家", en="firms")),
        "x": say(Text(zh="水位，自该分起", en="water level, from this point on")),
        "accent": labels.index(middle) if middle in labels else None,
    }


@door("cluster.read")
def export(request: HttpRequest) -> HttpResponse:
    """The heat table as it is shown: city × binding plank."""
    overview = cluster_overview(request.actor)  # type: ignore[attr-defined]
    register = load_register(data_file("planks.yaml"))
    headers = [
        say(Text(zh="城市", en="City")),
        say(Text(zh="企业", en="Firms")),
        say(Text(zh="已诊断", en="Diagnosed")),
        say(Text(zh="水位中位数", en="Median water level")),
        *(say(plank.name) for plank in register.values()),
    ]
    rows = [
        [
            say(city.name),
            city.firms,
            city.diagnosed,
            city.water,
            *(city.binding.get(code, 0) for code in register),
        ]
        for city in overview.cities
    ]
    return sheet_response(say(Text(zh="集群水位", en="Cluster water levels")), headers, rows)
