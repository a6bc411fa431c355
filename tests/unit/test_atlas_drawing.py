"""The map and the course: well-formed, classes only, labels that don't touch, every value in words, no boundary."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from staveworks.cluster.barrel.atlas.course import draw_trend
from staveworks.cluster.barrel.atlas.drawing import draw_map
from staveworks.cluster.barrel.atlas.frame import SHAPE, frame_of
from staveworks.cluster.barrel.atlas.printed import STYLES
from staveworks.cluster.barrel.atlas.spans import draw_span
from staveworks.cluster.barrel.atlas.types import Atlas, Ground, Line, Narrowed, Spot, TrendPoint
from staveworks.kit.data import SHIPPED
from staveworks.kit.planks import load_register
from staveworks.kit.text import Text
from tests.unit.test_printing import CSS, tokens

SVG = "{http://www.w3.org/2000/svg}"
BARE = Ground()
REGISTER = load_register(SHIPPED / "planks.yaml")
KEQIAO = Spot("330603", 3, Text("柯桥区", "Keqiao"), 30.08, 120.50, "330600")
SHENGZE = Spot("320509", 3, Text("吴江区", "Wujiang"), 31.14, 120.64, "320500")
XIQIAO = Spot("440605", 3, Text("南海区", "Nanhai"), 23.03, 113.14, "440600")


def line(spot: Spot, firms: int, median: float | None = 31.0, short: str = "procurement") -> Line:
    low, high = (None, None) if median is None else (median - 7, median + 10)
    return Line(spot.code, spot.name, firms, firms, low, median, high, (short,), {short: 5.0}, spot)


def atlas(*lines: Line, exact: bool = True, ground: Ground = BARE) -> Atlas:
    return Atlas(
        exact, Narrowed(), (), lines[0] if lines else None, lines, (), ("procurement",), (), (), (), ground
    )


THREE = atlas(line(KEQIAO, 131), line(SHENGZE, 100, 38.0, "logistics"), line(XIQIAO, 66, 27.0, "rnd"))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_map_names_each_place_with_its_level_and_says_it_all_in_words(language, size) -> None:
    drawn = ElementTree.fromstring(draw_map(THREE, language, REGISTER, size=size))
    texts = ["".join(each.itertext()) for each in drawn.iter(f"{SVG}text")]
    for place, level in ((KEQIAO, "31"), (SHENGZE, "38"), (XIQIAO, "27")):
        assert f"{place.name.in_language(language)}{level}" in texts
    said = drawn.find(f"{SVG}desc").text
    assert "38" in said
    assert ("短在仓储物流" if language == "zh" else "short in Logistics") in said


def test_the_map_draws_points_and_no_boundary() -> None:
    seats = tuple((30 + n / 10, 120 + n / 7) for n in range(12))
    drawn = draw_map(atlas(line(KEQIAO, 9), ground=Ground(seats)), "zh", REGISTER)
    paths = re.findall(r'<path class="([^"]+)" d="([^"]*)"', drawn)
    assert {class_ for class_, _ in paths} == {"m-seats", "m-scale"}
    assert not re.search(r"[LC]", dict(paths)["m-seats"]), "only points"


def test_only_pages_have_links_and_each_can_be_reached_by_keyboard() -> None:
    assert "<a " not in draw_map(THREE, "zh", REGISTER)
    drawn = ElementTree.fromstring(
        draw_map(THREE, "zh", REGISTER, leads_to=lambda line: f"/?place={line.key}")
    )
    links = list(drawn.iter(f"{SVG}a"))
    assert {each.get("href") for each in links} == {
        f"/?place={spot.code}" for spot in (KEQIAO, SHENGZE, XIQIAO)
    }
    assert all(each.get("aria-label") for each in links)


def test_nothing_is_styled_in_place_and_everything_has_its_class() -> None:
    trend = draw_trend(
        [TrendPoint("2026 Q3", 9, 20, 30, 40), TrendPoint("2026 Q4", 9, 22, 33, 44)], "zh", exact=True
    )
    used = set()
    for drawn in (
        draw_map(THREE, "zh", REGISTER, leads_to=lambda _: "/"),
        trend,
        draw_span(THREE.places[0], "zh", exact=True),
    ):
        assert " style=" not in drawn
        assert not re.search(r'(fill|stroke)="', drawn)
        used |= {name for each in re.findall(r'class="([^"]+)"', drawn) for name in each.split()}
    css = (CSS / "map.css").read_text("utf-8")
    unstyled = {name for name in used if f".{name}" not in css}
    assert unstyled <= {"map-wide", "m-label"}, "names to find a part by"


def test_a_place_without_coordinates_is_left_to_the_table() -> None:
    nowhere = Spot("999999", 3, Text("某区", "Some"), None, None)
    assert draw_map(atlas(line(nowhere, 9)), "zh", REGISTER) == ""
    assert "某区" not in [
        "".join(each.itertext())
        for each in ElementTree.fromstring(
            draw_map(atlas(line(KEQIAO, 9), line(nowhere, 4)), "zh", REGISTER)
        ).iter(f"{SVG}text")
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(18, 53), st.floats(74, 134), st.integers(1, 999)), min_size=1, max_size=30)
)
def test_labels_never_touch_and_everything_lies_on_the_paper(places) -> None:
    lines = [
        line(Spot(f"{n:06}", 3, Text(f"第{n}区", f"District {n}"), lat, lon), firms)
        for n, (lat, lon, firms) in enumerate(places)
    ]
    drawn = ElementTree.fromstring(draw_map(atlas(*lines), "en", REGISTER))
    boxes = [
        (float(r.get("x")), float(r.get("y")), float(r.get("width")), float(r.get("height")))
        for r in drawn.iter(f"{SVG}rect")
        if r.get("class") == "m-card"
    ]
    for x, y, w, h in boxes:
        assert 0 <= x <= x + w <= 690
        assert 0 <= y <= y + h <= 430
    for place, (x, y, w, h) in enumerate(boxes):
        for x2, y2, w2, h2 in boxes[place + 1 :]:
            assert x + w <= x2 + 0.2 or x2 + w2 <= x + 0.2 or y + h <= y2 + 0.2 or y2 + h2 <= y + 0.2
    for circle in drawn.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx")) <= 690
        assert 0 <= float(circle.get("cy")) <= 430


def test_the_frame_keeps_shape_and_scale() -> None:
    """柯桥 and 盛泽 are 118 km apart as the crow flies; on the paper as far by the scale bar."""
    frame = frame_of([KEQIAO, SHENGZE])
    x, y = frame.at(KEQIAO.latitude, KEQIAO.longitude, 690, 430)
    x2, y2 = frame.at(SHENGZE.latitude, SHENGZE.longitude, 690, 430)
    kilometres, long = frame.scale(690)
    apart = ((x - x2) ** 2 + (y - y2) ** 2) ** 0.5 / long * kilometres
    assert apart == pytest.approx(118.6, abs=1.5)
    assert (frame.east - frame.west) * frame.squeeze / (frame.north - frame.south) == pytest.approx(SHAPE)
    alone = frame_of([KEQIAO])
    assert (alone.north - alone.south) * 111.2 > 70, "one place isn't magnified without end"
    assert frame_of([]) is None


@pytest.mark.parametrize("count", [1, 2, 8, 24])
def test_the_course_has_a_point_and_a_band_for_each_time(count: int) -> None:
    points = [TrendPoint(f"2026-{n:02}", 40, 20 + n, 30 + n, 45 + n) for n in range(count)]
    drawn = ElementTree.fromstring(draw_trend(points, "en", exact=True))
    assert sum(each.get("class") == "c-dot" for each in drawn.iter(f"{SVG}circle")) == count
    assert (
        f"median {30 + count - 1}, middle half {20 + count - 1} to {45 + count - 1}"
        in drawn.find(f"{SVG}desc").text
    )
    kinds = [each.get("class") for each in drawn.iter(f"{SVG}path")]
    assert kinds.count("c-band" if count > 1 else "c-span") == 1
    labels = [t for t in drawn.iter(f"{SVG}text") if t.get("class") == "c-axis" and "2026" in (t.text or "")]
    assert len(labels) <= 8
    assert points[-1].label in [each.text for each in labels]


def test_without_a_point_there_is_no_course() -> None:
    assert draw_trend([], "zh", exact=True) == ""


def test_a_coded_end_is_written_as_an_end() -> None:
    drawn = draw_trend([TrendPoint("2026-07", 5, 10, 50, 90)], "zh", exact=False)
    assert "≤10" in drawn
    assert "≥90" in drawn


def test_the_styles_on_paper_are_those_of_the_stylesheet() -> None:
    def rules(text: str) -> dict[str, dict[str, str]]:
        return {
            selector: {
                key.strip(): re.sub(r"var\(--([\w-]+)\)", lambda name: tokens()[name[1]], value.strip())
                for key, value in (part.split(":", 1) for part in body.split(";") if part.strip())
            }
            for selector, body in re.findall(r"^(\.[mc]-[\w-]+)\s*\{([^}]*)\}", text, flags=re.M)
        }

    css = rules((Path(CSS) / "map.css").read_text("utf-8"))
    css.pop(".m-reach")
    assert rules(STYLES) == css
