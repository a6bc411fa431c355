"""Cells in their plain form; a wrong cell loads empty with its text and the reason."""

import pytest

from staveworks.foundation.rosters.normalising import Entry, normalise
from staveworks.foundation.rosters.normalising.city import find_city
from staveworks.foundation.rosters.normalising.country import country_of
from staveworks.foundation.rosters.normalising.name import read_name
from staveworks.foundation.rosters.normalising.phone import read_phones
from staveworks.foundation.rosters.normalising.staff import read_staff
from staveworks.foundation.rosters.normalising.uscc import read_uscc
from staveworks.foundation.rosters.reading.types import Row


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("UAE", "AE"), ("U.S.A.", "US"), ("United States", "US"), ("USA", "US"), ("Slovak Republic", "SK"), ("Turkey", "TR"), ("VIETNAM", "VN"),
        ("Viet Nam", "VN"), ("P.R. China", "CN"), ("中国", "CN"), ("CHN", "CN"), ("Bangladehs", "BD"), ("South Korea", "KR"), ("越南", "VN"),
        ("Puerto Rico", "PR"), ("Côte d'Ivoire", "CI"), ("Niger", "NE"), ("Nigeria", "NG"), ("Atlantis", None), ("", None),
    ],
)  # fmt: skip
def test_countries_are_known_by_many_spellings(text: str, code: str | None) -> None:
    assert country_of(text) == code


@pytest.mark.parametrize(
    ("text", "context", "code"),
    [
        ("绍兴市柯桥区", (), "330603"), ("绍兴", (), "330600"), ("浙江省绍兴", (), "330600"), ("盛泽镇", (), "320509"), ("钱清街道", (), "330603"),
        ("江苏省苏州市吴江区盛泽镇", (), "320509"), ("绍兴县", (), "330603"), ("吴江市", (), "320509"), ("吉林", (), "220000"),
        ("桃源镇", ("", "苏州市深海针织厂"), "320509"), ("桃源镇", ("江苏省吴江区东方路1号",), "320509"), ("紹興市", (), "330600"),
        ("苏州市", ("吴江区盛泽镇纺城路1号",), "320509"), ("", ("佛山市南海区西樵镇工业一路85号",), "440605"), ("", ("",
        "绍兴金美亚纺织有限公司"), "330600"),
        ("Shaoxing", (), "330600"), ("Keqiao, Shaoxing", (), "330603"), ("", ("Shenhu Town,Jinjiang,Fujian,China",), "350582"),
        ("", ("25 Shenzhen Road, Ningbo, Zhejiang",), "330200"), ("", ("JinshanDistrict,Shanghai",), "310116"), ("Dong Guan City", (), "441900"),
    ],
)  # fmt: skip
def test_cities_are_found_as_deep_as_the_text_tells(text: str, context: tuple[str, ...], code: str) -> None:
    assert find_city(text, *context).code == code


def test_a_name_that_many_places_bear_is_left_open_with_the_reason() -> None:
    guess = find_city("城关镇")
    assert guess.code is None
    assert guess.reason is not None
    assert "好几个地方" in guess.reason.zh


def test_a_word_that_is_a_town_elsewhere_does_not_outweigh_the_place_in_the_name() -> None:
    guess = find_city("火星", "", "绍兴市鹏飞印染有限公司")
    assert guess.code is None
    assert guess.reason is not None
    assert "别的地方" in guess.reason.zh
    assert find_city("火星", "", "鹏飞印染有限公司").code == "430102", "where nothing speaks against it"


@pytest.mark.parametrize("text", ["-5", "－5人", "- 5", "−12"])
def test_fewer_people_than_nobody_are_no_number(text: str) -> None:
    staff, _, reason = read_staff(text)
    assert staff is None
    assert reason is not None


def test_a_name_too_long_for_one_is_refused_with_its_length() -> None:
    name, reason = read_name("测" * 300)
    assert name == ""
    assert reason is not None
    assert "300" in reason.zh
    assert read_name("测" * 120)[1] is None


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("13800000001", ("+8613800000001",)), ("13800000001.0", ("+8613800000001",)), ("+86 138-0000-0001", ("+8613800000001",)),
        ("０１３８００００００１", ()), ("0575-84123456", ("+8657584123456",)), ("0575-84123456转801", ("+8657584123456",)),
        ("13800000001/13900000002", ("+8613800000001", "+8613900000002")), ("13800000001 13900000002", ("+8613800000001", "+8613900000002")),
        ("0512 6312 3456、13800000001", ("+8651263123456", "+8613800000001")), ("/", ()), ("", ()), ("见附件", ()),
        ("手机：13800000001", ("+8613800000001",)),
    ],
)  # fmt: skip
def test_phones_become_international_numbers(text: str, phones: tuple[str, ...]) -> None:
    assert read_phones(text)[0] == phones


def test_a_phone_abroad_is_read_by_its_country() -> None:
    assert read_phones("020 7946 0018", "GB")[0] == ("+442079460018",)


@pytest.mark.parametrize(
    ("text", "wrong"), [("", False), ("无", False), ("12", True), ("1.38E+10", True), ("见附件", True)]
)
def test_a_phone_that_is_none_has_a_reason(text: str, wrong: bool) -> None:
    assert (read_phones(text)[1] is not None) is wrong


@pytest.mark.parametrize(
    ("text", "staff", "approx"),
    [
        ("30", 30, False), ("30人", 30, False), ("约30", 30, True), ("30余人", 30, True), ("20-50", 35, True), ("20至50人", 35, True),
        ("1,200", 1200, False),
        ("３０", 30, False), ("/", None, False), ("", None, False), ("300+", 300, True), ("1.2万", 12000, True), ("about 50", 50, True),
        ("三十人", 30, False),
        ("百余人", 100, True), ("很多", None, False), ("30男20女", None, False), ("99999999", None, False),
    ],
)  # fmt: skip
def test_staff_is_read_as_people_write_it(text: str, staff: int | None, approx: bool) -> None:
    assert read_staff(text)[0] == staff
    if staff is not None:
        assert read_staff(text)[1] is approx


@pytest.mark.parametrize(
    "text",
    [
        "91330603557028383Q",
        "'91330603557028383q",
        "９１３３０６０３５５７０２８３８３Ｑ",
        "9133 0603 5570 2838 3Q",
        "9133O603557028383Q",
    ],
)
def test_a_credit_code_is_read_through_its_disguises(text: str) -> None:
    assert read_uscc(text) == ("91330603557028383Q", None)


@pytest.mark.parametrize(
    ("text", "word"), [("91330603557028384Q", "校验位"), ("9133060355702838", "18 位"), ("9.13306E+17", "丢失"), ("91330603557028383?", "不会有")]
)  # fmt: skip
def test_a_wrong_credit_code_is_not_loaded_and_says_why(text: str, word: str) -> None:
    code, reason = read_uscc(text)
    assert code is None
    assert reason is not None
    assert word in reason.zh


@pytest.mark.parametrize("text", ["", "  　", "/", "无", "123", "?????", "\ufffd\ufffd\ufffd", "#REF!"])
def test_a_row_without_a_readable_name_is_refused(text: str) -> None:
    assert read_name(text)[1] is not None


def test_names_are_written_plainly() -> None:
    assert read_name(" 浙江绍兴菲士针纺（有限）公司　")[0] == "浙江绍兴菲士针纺（有限）公司"
    assert read_name("本图(苏州) 针纺厂")[0] == "本图（苏州）针纺厂"
    assert read_name("ＡＢＣ  Textile\nCo., Ltd.")[0] == "ABC Textile Co., Ltd."


MAPPING = {"name": 0, "uscc": 1, "city": 2, "phone": 3, "staff": 4}


def test_wrong_cells_load_empty_and_are_reported_with_column_text_and_reason() -> None:
    reading = normalise(Row(0, 7, ("绍兴金锋纺织厂", "9133", "月亮上", "12", "很多")), MAPPING)
    assert reading.entry is not None
    assert (reading.entry.uscc, reading.entry.phones, reading.entry.staff) == (None, (), None)
    assert [(issue.field, issue.column, issue.text) for issue in reading.issues] == [
        ("city", 2, "月亮上"), ("uscc", 1, "9133"), ("phone", 3, "12"), ("staff", 4, "很多"),
    ]  # fmt: skip
    assert all(issue.reason.zh and issue.reason.en for issue in reading.issues)


def test_only_the_name_is_needed() -> None:
    reading = normalise(Row(0, 7, ("绍兴金锋纺织厂",)), MAPPING)
    assert reading.entry is not None
    assert reading.issues == ()


def test_a_row_is_refused_for_its_name_alone() -> None:
    reading = normalise(Row(0, 7, ("", "91330603557028383Q", "绍兴", "13800000001", "30")), MAPPING)
    assert reading.entry is None
    assert reading.refusal is not None


def test_an_entry_survives_json() -> None:
    entry = normalise(
        Row(0, 7, ("绍兴金锋纺织厂", "91330603557028383Q", "柯桥", "13800000001", "约30")), MAPPING
    ).entry
    assert entry is not None
    assert Entry.from_dict(entry.as_dict()) == entry
