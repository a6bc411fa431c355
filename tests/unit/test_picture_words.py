"""The picture in words: every value, both languages, the same in the table."""

from staveworks.cluster.barrel.picture import Barrel, Height, description, rows, title, whole
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text


def height(
    code: str,
    name: Text,
    own: float,
    low: float,
    likely: float,
    high: float,
    hole: float | None = None,
    needed: bool = True,
) -> Height:
    return Height(code, name, "bulb", own, low, likely, high, hole, needed)


JINLAN = Barrel(
    "锦澜织造",
    (
        height("rnd", Text(zh="研发设计", en="R&D"), 22, 58, 58, 58),
        height("procurement", Text(zh="原料采购", en="Procurement"), 34, 34, 37, 41),
        height("logistics", Text(zh="仓储物流", en="Logistics"), 64, 64, 64, 64, hole=46),
        height("lab", Text(zh="实验室", en="Laboratory"), 3, 3, 3, 3, needed=False),
    ),
    (
        height("finance", Text(zh="财务金融", en="Finance"), 40, 40, 40, 40),
        height("inspection", Text(zh="检验检测", en="Inspection"), 38, 70, 70, 70),
    ),
    Interval(34, 37, 41),
    Interval.point(55),
    "procurement",
    without_lending=22,
)


def test_the_description_says_every_value_in_chinese() -> None:
    assert description(JINLAN, "zh") == (
        "水位 34 到 41，多半 37。最短的板：原料采购 34 到 41，多半 37，尚有未答。"
        "研发设计 58，其中 36 由平台借出；仓储物流 64，46 处有漏洞。"
        "承载 55：财务金融 40，检验检测 70，其中 32 由平台借出。不借板时水位 22。不需要：实验室。"
    )


def test_the_description_says_every_value_in_english() -> None:
    assert description(JINLAN, "en") == (
        "Water level 34 to 41, probably 37. Shortest stave: Procurement 34 to 41, probably 37, partly unanswered. "
        "R&D 58, of which 36 lent by the platform; Logistics 64, leaking at 46. "
        "Bearing 55: Finance 40, Inspection 70, of which 32 lent by the platform. "
        "Water level without lending 22. Not needed: Laboratory."
    )


def test_hoops_that_hold_the_water_down_are_named_as_hoops() -> None:
    barrel = Barrel("A", JINLAN.staves, JINLAN.hoops, Interval.point(30), Interval.point(30), "finance")
    assert "卡住水位的是桶箍，先补财务金融。" in description(barrel, "zh")
    assert "The hoops hold the water down, first of all Finance." in description(barrel, "en")


def test_the_title_names_the_firm() -> None:
    assert (title(JINLAN, "zh"), title(JINLAN, "en")) == ("锦澜织造的木桶", "Barrel of 锦澜织造")


def test_the_table_holds_the_same_values() -> None:
    table = {row.code: row for row in rows(JINLAN, "zh")}
    assert list(table) == ["rnd", "procurement", "logistics", "finance", "inspection", "lab"]
    assert (table["rnd"].level, table["rnd"].own, table["rnd"].lent) == ("58", "22", "36")
    assert (table["procurement"].level, table["procurement"].likely) == ("34–41", "37")
    assert table["procurement"].binding
    assert (table["logistics"].level, table["logistics"].note) == ("46", "46 处有漏洞")
    assert (table["lab"].kind, table["lab"].note) == ("stave", "不需要")
    assert table["finance"].kind == "hoop"


def test_levels_are_whole_with_halves_up() -> None:
    assert [whole(v) for v in (0.4, 0.5, 2.5, 33.49999)] == ["0", "1", "3", "33"]
