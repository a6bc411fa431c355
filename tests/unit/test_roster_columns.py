"""Which column holds what, by its header or by its cells."""

import pytest

from staveworks.foundation.rosters.columns import FIELDS, guess_columns
from staveworks.foundation.rosters.headers import field_of_header
from staveworks.foundation.rosters.reading.types import Row


def rows(*lines: tuple[str, ...]) -> list[Row]:
    return [Row(0, at, line) for at, line in enumerate(lines, start=1)]


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("单位名称", "name"), ("企业全称", "name"), ("Company / 公司", "name"), ("Factory Name", "name"), ("名 称", "name"), ("Supplier*", "name"),
        ("统一社会信用代码", "uscc"), ("信用代码", "uscc"), ("Unified Social Credit Code (USCC)", "uscc"),
        ("入驻地址", "address"), ("Address", "address"), ("City / 城市", "city"), ("所在镇街", "city"), ("国家/地区", "country"),
        ("法定代表人", "contact"), ("联系人", "contact"), ("Contact Person", "contact"), ("手机", "phone"), ("联系电话", "phone"), ("Tel.", "phone"),
        ("员工人数（人）", "staff"), ("从业人员", "staff"), ("No. of employees", "staff"), ("主营产品", "products"), ("sector", "products"),
        ("E-mail", "email"), ("公司网址", "website"), ("备注", "note"),
    ],
)  # fmt: skip
def test_headers_in_both_languages_are_understood(header: str, field: str) -> None:
    found = field_of_header(header)
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    "header", ["序号", "No.", "", "2026", "颜色", "Shoe size chart of the year before last and more"]
)
def test_other_headers_mean_nothing(header: str) -> None:
    assert field_of_header(header) is None


def test_the_telling_word_wins_over_the_vague_one() -> None:
    guess = guess_columns(["单位", "企业名称", "联系电话", "手机"], rows(("甲", "甲厂", "1", "2")))
    assert guess.columns["name"] == 1
    assert guess.by["name"] == "header"


def test_a_list_without_headers_is_guessed_from_its_cells() -> None:
    guess = guess_columns(
        (),
        rows(
            (
                "1",
                "绍兴金锋纺织有限公司",
                "91330603552866815A",
                "柯桥区华舍街道东方路 1 号",
                "王伟",
                "13800000001",
            ),
            (
                "2",
                "苏州丰华丝绸厂",
                "91320509187052083R",
                "吴江区盛泽镇纺城路 16 号",
                "李敏",
                "0512-81234567",
            ),
        ),
    )
    assert guess.columns == {"name": 1, "uscc": 2, "address": 3, "contact": 4, "phone": 5, "staff": 0}
    assert set(guess.by.values()) == {"content"}
    assert max(guess.confidence.values()) < 1


def test_names_are_found_without_any_word_for_a_firm() -> None:
    guess = guess_columns(
        (), rows(("China", "Jialiang", "China"), ("India", "Basini", "India"), ("UAE", "Seasky", "UAE"))
    )
    assert guess.columns["name"] == 1
    assert guess.confidence["name"] < 0.5


def test_every_field_has_a_name_in_both_languages() -> None:
    assert all(label.zh and label.en for label in FIELDS.values())
