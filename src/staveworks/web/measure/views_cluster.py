"""The operator's home: the state of the cluster in one sentence, what waits, and what is short where."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staveworks.cluster.barrel.funnel import STEPS
from staveworks.cluster.barrel.overview import CityLevel, Overview, cluster_overview
from staveworks.cluster.barrel.picture import Barrel
from staveworks.cluster.barrel.picturing import picture_of_medians
from staveworks.cluster.barrel.published.minimum import fewest_firms
from staveworks.foundation.parties.types import Kind
from staveworks.kit.data import data_file
from staveworks.kit.planks import Register, load_register
from staveworks.kit.text import Text
from staveworks.web.asking import waiting_for
from staveworks.web.doors import door
from staveworks.web.language import say
from staveworks.web.sheets import sheet_response


@door("cluster.read")
def home(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    overview, register = cluster_overview(actor), load_register(data_file("planks.yaml"))
    planks = [
        plank for plank in register.values() if any(plank.code in city.binding for city in overview.cities)
    ]
    city_desk = Kind.CITY in actor.kinds and Kind.PLATFORM not in actor.kinds
    nothing_shown = _nothing_shown(overview, city_desk=city_desk)
    return render(
        request,
        "measure/cluster.html",
        {
            "overview": overview,
            "nothing_shown": nothing_shown,
            "shortest": register.get(overview.shortest or ""),
            "shortest_firms": overview.binding.get(overview.shortest or "", 0),
            "steps": _steps(overview, unknown=nothing_shown),
            "cities": [
                (city, _glyph(city, register), register.get(city.shortest or "")) for city in overview.cities
            ],
            "heat_planks": planks,
            "heat": [(city, [_cell(city, plank.code) for plank in planks]) for city in overview.cities],
            "histogram": _histogram(overview),
            "todo": next(iter(waiting_for(request)), None),
            "by_steward": overview.funnel.diagnosed - overview.funnel.own,
            "few": fewest_firms(),
            "city_desk": city_desk,
        },
    )


def _nothing_shown(overview: Overview, *, city_desk: bool) -> bool:
    """Whether there are firms whose barrels, if any, this desk isn't shown: then a zero would be a guess."""
    funnel = overview.funnel
    return not funnel.diagnosed and bool(funnel.found) and (city_desk or funnel.claimed > 0)


def _steps(overview: Overview, *, unknown: bool) -> list[tuple[Text, int | None, int | None]]:
    """The funnel: word, firms, their share of all found in percent; the last is ``unknown`` where nothing is shown."""
    funnel = overview.funnel
    counts = (funnel.found, funnel.invited, funnel.claimed, None if unknown else funnel.own)
    return [
        (word, n, None if n is None or not funnel.found else round(100 * n / funnel.found))
        for word, n in zip(STEPS.values(), counts, strict=True)
    ]


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
