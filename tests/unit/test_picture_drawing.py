"""The drawing: well-formed, classes only, every state of the barrel, any number of planks."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from staveworks.cluster.barrel.picture import Barrel, Height, bar, draw, glyph
from staveworks.cluster.barrel.picture.geometry import NARROW
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text

SVG = "{http://www.w3.org/2000/svg}"
NAMES = {
    "rnd": ("研发设计", "R&D"),
    "procurement": ("原料采购", "Procurement"),
    "production": ("生产加工", "Production"),
    "logistics": ("仓储物流", "Logistics"),
    "marketing": ("市场营销", "Marketing"),
    "consulting": ("管理咨询", "Consulting"),
    "finance": ("财务金融", "Finance"),
}


def known(code: str, height: float, hole: float | None = None) -> Height:
    zh, en = NAMES[code]
    return Height.known(code, Text(zh=zh, en=en), "bulb", height, hole)


def between(code: str, own: float, low: float, likely: float, high: float) -> Height:
    zh, en = NAMES[code]
    return Height(code, Text(zh=zh, en=en), "bulb", own, low, likely, high)


def a_barrel(
    *staves: Height,
    hoops: tuple[Height, ...] = (),
    water: float,
    binding: str | None = None,
    bearing: float = 100,
) -> Barrel:
    return Barrel("锦澜织造", staves, hoops, Interval.point(water), Interval.point(bearing), binding)


PLAIN_BARREL = a_barrel(
    known("rnd", 58),
    known("procurement", 34),
    known("production", 71),
    hoops=(known("consulting", 55), known("finance", 40)),
    water=34,
    binding="procurement",
    bearing=48,
)
QUICK = Barrel(
    "快诊",
    (between("rnd", 18, 18, 45, 78), between("procurement", 8, 8, 30, 60)),
    (between("consulting", 20, 20, 40, 60),),
    Interval(8, 30, 60),
    Interval(20, 40, 60),
    "procurement",
)


def drawn(barrel: Barrel, size: str = "wide", prefix: str = "b") -> ElementTree.Element:
    return ElementTree.fromstring(draw(barrel, "zh", size=size, prefix=prefix))


def marks(barrel: Barrel, class_: str, size: str = "wide") -> list[ElementTree.Element]:
    return [e for e in drawn(barrel, size).iter() if class_ in (e.get("class") or "").split()]


@pytest.mark.parametrize("size", ["wide", "plain", "narrow"])
@pytest.mark.parametrize("barrel", [PLAIN_BARREL, QUICK], ids=["known", "quick start"])
def test_a_picture_is_well_formed_and_has_no_inline_style(barrel: Barrel, size: str) -> None:
    text = draw(barrel, "en", size=size)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert not [e for e in root.iter() if "style" in e.attrib or e.tag == f"{SVG}style"]
    assert not re.search(r"\bon[a-z]+=", text)
    assert not re.search(r"\bnan\b", text)


def test_several_pictures_on_one_page_share_no_id() -> None:
    ids = [
        e.get("id")
        for prefix in ("now", "after")
        for e in drawn(PLAIN_BARREL, prefix=prefix).iter()
        if e.get("id")
    ]
    assert ids == ["now-t", "now-d", "now-hatch", "after-t", "after-d", "after-hatch"]


def test_the_picture_is_named_by_its_title_and_description() -> None:
    root = drawn(PLAIN_BARREL, prefix="x")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "x-t x-d"
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]


def test_a_firms_name_cannot_break_the_markup() -> None:
    nasty = Barrel('<script>"&', PLAIN_BARREL.staves, (), Interval.point(34), Interval.point(100))
    assert "<script>" not in draw(nasty, "en")
    assert '<script>"&' in (drawn(nasty)[0].text or "")


def test_the_binding_stave_has_a_red_edge_and_spills() -> None:
    assert len(marks(PLAIN_BARREL, "b-bind")) == 1
    assert marks(PLAIN_BARREL, "b-spill")
    assert not marks(PLAIN_BARREL, "b-hoop-bind")


def test_a_binding_hoop_is_red_and_nothing_spills() -> None:
    hoops = (known("consulting", 60), known("finance", 10))
    barrel = a_barrel(
        known("rnd", 58), known("production", 71), hoops=hoops, water=35, binding="finance", bearing=35
    )
    assert not marks(barrel, "b-bind")
    assert not marks(barrel, "b-spill")
    # The lower of two hoops sits at 25, the red one at 75: no stave reaches it, so only the bridge is red.
    assert marks(barrel, "b-bridge-bind")


def test_hoops_are_iron_only_where_a_stave_reaches() -> None:
    # Hoops sit at 25 and 75; staves stand at 58, 34 and 71: three pieces at 25, none at 75.
    assert len(marks(PLAIN_BARREL, "b-hoop")) == 3
    assert len(marks(PLAIN_BARREL, "b-bridge")) == 2


def test_water_that_reaches_a_hole_streams_out_of_it() -> None:
    low = a_barrel(known("rnd", 58), known("production", 71, hole=20), water=20, binding="production")
    assert len(marks(low, "b-hole")) == 1
    assert len(marks(low, "b-spill")) == 1


def test_a_hole_above_the_water_is_drawn_but_dry() -> None:
    high = a_barrel(
        known("procurement", 34), known("logistics", 64, hole=46), water=34, binding="procurement"
    )
    assert len(marks(high, "b-hole")) == 1
    assert len(marks(high, "b-spill")) == 2  # the spill over the short stave and its drop


def test_lent_wood_is_joined_to_own_wood() -> None:
    lent = Barrel(
        "A",
        (between("rnd", 22, 58, 58, 58), known("procurement", 34)),
        (),
        Interval.point(34),
        Interval.point(100),
        "procurement",
        without_lending=22,
    )
    assert len(marks(lent, "b-joint")) == 1
    assert len(marks(lent, "b-lent")) == 5  # the piece and four of the seven teeth
    assert len(marks(lent, "b-before")) == 1


def test_a_lent_hoop_lies_around_an_iron_core() -> None:
    barrel = a_barrel(known("rnd", 90), hoops=(between("finance", 30, 60, 60, 60),), water=60)
    assert len(marks(barrel, "b-hoop-lent")) == len(marks(barrel, "b-hoop")) == 1


def test_what_is_unknown_is_hatched_with_a_bar_at_the_likely_height() -> None:
    assert len(marks(QUICK, "b-unk")) == len(marks(QUICK, "b-likely")) == 2
    assert all(e.get("fill") == "url(#b-hatch)" for e in marks(QUICK, "b-unk"))
    assert marks(QUICK, "b-wunk")


def texts(barrel: Barrel, size: str) -> list[str]:
    return ["".join(e.itertext()) for e in drawn(barrel, size).iter(f"{SVG}text")]


def test_a_small_picture_says_about_for_a_wide_interval() -> None:
    assert "≈45" in texts(QUICK, "narrow")
    assert "18–78" in texts(QUICK, "wide")


def test_a_small_pictures_water_label_stands_at_the_height_it_names() -> None:
    def place(barrel: Barrel, text: str) -> float:
        labels = [e for e in marks(barrel, "b-tw", "narrow") if "".join(e.itertext()) == text]
        return float(labels[0].get("y") or 0)

    assert place(QUICK, "≈30") == pytest.approx(NARROW.level(30), abs=12)
    known_water = replace(QUICK, water=Interval(8, 9, 12))
    assert place(known_water, "8") == pytest.approx(NARROW.level(8), abs=12)


def test_the_wide_picture_is_labelled_all_round() -> None:
    assert {"58", "34", "71", "承载\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}48", "管理咨询55", "100", "0"} <= set(
        texts(PLAIN_BARREL, "wide")
    )


def test_labels_beside_each_other_are_a_line_apart() -> None:
    crowded = Barrel(
        "A", PLAIN_BARREL.staves, PLAIN_BARREL.hoops, Interval.point(34), Interval.point(34), "finance", 33
    )
    ys = [float(e.get("y", 0)) for e in drawn(crowded).iter(f"{SVG}text") if e.get("x") in ("118", "116")]
    assert len(ys) == 4
    assert all(b - a >= 16 for a, b in zip(sorted(ys), sorted(ys)[1:], strict=False))


def test_an_eleventh_plank_is_drawn_from_its_data_alone() -> None:
    green = Height.known("green", Text(zh="绿色低碳", en="Green"), "no-such-icon", 25)
    barrel = Barrel("A", (*PLAIN_BARREL.staves, green), (), Interval.point(25), Interval.point(100), "green")
    for size in ("wide", "plain", "narrow"):
        assert len([e for e in drawn(barrel, size).iter() if e.get("data-plank") == "green"]) == 1
    assert "绿色低碳" in texts(barrel, "wide")
    assert "绿色" in texts(barrel, "narrow")  # no icon: its first letters


def test_a_stave_that_is_not_needed_is_left_out_and_named_below() -> None:
    spare = Height("marketing", Text(zh="市场营销", en="Marketing"), "bulb", 10, 10, 10, 10, needed=False)
    barrel = Barrel(
        "A", (*PLAIN_BARREL.staves, spare), (), Interval.point(34), Interval.point(100), "procurement"
    )
    assert not [e for e in drawn(barrel).iter() if e.get("data-plank") == "marketing"]
    assert "不需要：市场营销。" in texts(barrel, "wide")
    assert (drawn(barrel).get("viewBox"), drawn(PLAIN_BARREL).get("viewBox")) == (
        "0 0 690 512",
        "0 0 690 486",
    )


@pytest.mark.parametrize("size", ["wide", "plain", "narrow"])
def test_extremes_are_drawn(size: str) -> None:
    nothing = Barrel("A", (), (), Interval.point(0), Interval.point(100))
    unanswered = Barrel(
        "A", (between("rnd", 0, 0, 50, 100),), (), Interval(0, 50, 100), Interval.point(100), "rnd"
    )
    full = a_barrel(known("rnd", 100), hoops=(known("finance", 100),), water=100, binding="rnd")
    assert all(len(drawn(barrel, size)) > 5 for barrel in (nothing, unanswered, full))


def test_heights_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="out of order"):
        between("rnd", 50, 40, 40, 40)
    with pytest.raises(ValueError, match="hole"):
        known("rnd", 50, hole=120)


@pytest.mark.parametrize(("width", "height"), [(24, 20), (36, 28), (48, 38)])
def test_the_glyph_has_bars_a_base_and_a_cap(width: int, height: int) -> None:
    root = ElementTree.fromstring(glyph(PLAIN_BARREL, "en", width))
    assert (root.get("width"), root.get("height")) == (str(width), str(height))
    classes = [e.get("class") for e in root if e.tag == "rect"]
    assert (classes.count("b-own"), classes.count("b-water"), classes.count("g-cap")) == (3, 3, 1)
    assert root[0].text == "Barrel of 锦澜织造: water level 34, held down by Procurement"


def test_a_planks_bar_shows_own_lent_unknown_and_the_water() -> None:
    classes = re.findall(r'class="([a-z-]+)"', bar(between("rnd", 20, 40, 50, 60), "zh", 34))
    assert classes == ["level-bar", "bar-ground", "b-own", "b-lent", "bar-unk", "bar-water"]
