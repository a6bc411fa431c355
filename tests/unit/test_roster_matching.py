"""Which rows are the same firm, field by field and row after row."""

import pytest

from staveworks.foundation.rosters.matching import Match, MemoryIndex, Record, keys, place, record_of, score
from staveworks.foundation.rosters.matching.chinese import read_chinese, sound, sounds_alike
from staveworks.foundation.rosters.normalising import normalise
from staveworks.foundation.rosters.normalising.uscc import read_uscc
from staveworks.foundation.rosters.reading.types import Row

FIELDS = ("name", "uscc", "city", "address", "contact", "phone", "staff", "country")
CODE, OTHER_CODE, SLIP = "91330603557028383Q", "91330603417870296B", "91330603557028393Q"


Cells = dict[str, str]


def entry(name: str, **cells: str) -> Cells:
    return {"name": name} | cells


def record(cells: Cells) -> Record:
    """As it is compared. Read only in a test: to read all of them takes a second or two of every run that collects them."""
    row = Row(0, 1, tuple(cells.get(field, "") for field in FIELDS))
    found = normalise(row, {field: at for at, field in enumerate(FIELDS) if field in cells}).entry
    assert found is not None
    return record_of(found)


def match(left: Cells, right: Cells) -> Match:
    a, b = record(left), record(right)
    if keys(a) & keys(b):
        assert score(a, b).score == score(b, a).score
        return score(a, b)
    return Match(0, "apart", ())


@pytest.mark.parametrize(
    ("name", "core", "trade"),
    [
        ("绍兴市柯桥区金锋纺织机械有限公司", "金锋", "纺织机械"), ("浙江绍興金鋒紡織有限責任公司", "金锋", "纺织"), ("本图（苏州）针纺厂",
        "本图", "针纺"),
        ("柯桥本美针纺有限公司", "本美", "针纺"), ("江苏省吴江惠百客针纺有限公司", "惠百客", "针纺"), ("金锋", "金锋", ""),
        ("东方丝绸有限公司", "东方", "丝绸"),
        ("佛山南海晶兰绣品股份公司", "晶兰", "绣品"),
    ],
)  # fmt: skip
def test_a_chinese_name_is_taken_apart(name: str, core: str, trade: str) -> None:
    body = read_chinese(name).bodies[0]
    assert (body.core, body.trade) == (core, trade)


def test_sounds() -> None:
    assert sound("汇丰") == sound("汇锋") == "huifeng"
    assert sounds_alike("重庆", "虫庆")
    assert not sounds_alike("金锋", "金锋布")


SAME = [
    (entry("绍兴金锋纺织有限公司", uscc=CODE), entry("金锋纺织", uscc="'" + CODE.lower())),
    (entry("绍兴市金锋纺织有限公司", city="柯桥区"), entry("浙江绍興金鋒紡織有限责任公司", city="绍兴")),
    (entry("苏州吴江本图针纺厂", phone="13800000001"), entry("本图（苏州）针纺厂", phone="+86 138-0000-0001")),
    (entry("柯桥惠丰印染有限公司", uscc=CODE, contact="王伟"), entry("柯桥惠丰印染有限公司", uscc=SLIP, contact="王伟")),
    (entry("柯桥汇丰丝绸厂", contact="刘敏", phone="13800000001"), entry("绍兴柯桥汇锋丝绸厂", phone="13800000001")),
    (entry("BAI NA SHOES INDUSTRY CO.,LTD", address="OUBEI TOWN,YONGJIA,WENZHOU"), entry("Baina Shoes Factory", address="Oubei, Yongjia, Wenzhou")),
    (entry("Zhong Shan City Yi Jun Knitwear Co.", address="No.38 Changsheng Road Zhongshan"),
    entry("Zhongshan Yi Jun Knitting", address="38 Changsheng, Zhongshan")),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), SAME)
def test_one_firm_written_in_two_ways_is_merged(left: Cells, right: Cells) -> None:
    assert match(left, right).verdict == "merge"


OTHER = [
    (entry("苏州圣达隆绣品有限公司", contact="陈丽华", staff="19"), entry("苏州圣达隆服饰股份有限公司", contact="陈丽华", staff="19")),
    (entry("绍兴市鼎付纺织有限公司", address="华舍街道东方路857号", contact="刘敏"),
    entry("绍兴市鼎付纺织机械有限公司", address="华舍街道东方路885号", contact="刘敏")),
    (entry("绍兴神安化纤有限责任公司", city="柯桥区"), entry("苏州吴江神安化纤有限公司", city="吴江区")),
    (entry("绍兴金锋纺织厂", phone="13800000001", city="柯桥区"), entry("绍兴宝龙家纺厂", phone="13800000001", city="柯桥区")),
    (entry("绍兴金锋纺织厂", uscc=CODE), entry("绍兴金锋纺织厂", uscc=OTHER_CODE)),
    (entry("Saitex 2 Cutting", address="Lot 225, Amata Park, Bien Hoa"), entry("Saitex 4 Laundry", address="Lot 226, Amata Park, Bien Hoa")),
    (entry("绍兴金锋纺织厂第二分厂", phone="13800000001"), entry("绍兴金锋纺织厂第三分厂", phone="13900000001")),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), OTHER)
def test_near_namesakes_stay_apart(left: Cells, right: Cells) -> None:
    assert match(left, right).verdict == "apart"


ASK = [
    (entry("柯桥汇丰丝绸厂", contact="刘敏"), entry("绍兴柯桥汇锋丝绸厂")),
    (entry("绍兴金锋纺织厂", uscc=CODE, phone="13800000001"), entry("绍兴金锋纺织厂", uscc=OTHER_CODE, phone="13800000001")),
    (entry("金锋纺织厂", contact="王伟"), entry("绍兴金锋纺织厂")),
    (entry("绍兴金锋纺织厂", city="柯桥", phone="13800000001", contact="王伟"),
    entry("绍兴金锋印染厂", city="柯桥", phone="13800000001", contact="王伟")),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), ASK)
def test_what_a_person_must_decide_is_queued(left: Cells, right: Cells) -> None:
    assert match(left, right).verdict == "queue"


def test_a_match_explains_every_field_in_both_languages() -> None:
    found = match(*SAME[3])
    assert [field.field for field in found.fields] == [
        "uscc",
        "name",
        "phone",
        "address",
        "city",
        "contact",
        "staff",
    ]
    assert all(field.reason.zh and field.reason.en for field in found.fields)
    assert found.fields[0].state == "close"
    assert Match.from_dict(found.as_dict()) == found


def test_a_code_is_valid_in_these_examples() -> None:
    assert [read_uscc(code)[0] for code in (CODE, OTHER_CODE, SLIP)] == [CODE, OTHER_CODE, None]


def placed(
    *entries: Cells, index: MemoryIndex[int, int] | None = None, first: int = 0
) -> list[tuple[str, int]]:
    rows = [(first + at, record(given)) for at, given in enumerate(entries)]
    return [
        (found.outcome, found.firm)
        for found in place(rows, index or MemoryIndex[int, int](), lambda row: row)
    ]


def test_rows_are_placed_in_turn_and_later_rows_see_earlier_ones() -> None:
    one = entry("绍兴金锋纺织有限公司", city="柯桥", uscc=CODE)
    assert placed(one, entry("金锋纺织", city="绍兴"), entry("绍兴宝龙家纺厂", city="柯桥")) == [
        ("loaded", 0), ("merged", 0), ("loaded", 2),
    ]  # fmt: skip


def test_chunks_give_what_one_run_gives() -> None:
    entries = [side for pair in (*SAME, *OTHER, *ASK) for side in pair]
    index = MemoryIndex[int, int]()
    chunks = [placed(*entries[at : at + 5], index=index, first=at) for at in range(0, len(entries), 5)]
    assert [found for chunk in chunks for found in chunk] == placed(*entries)


def test_two_good_candidates_are_queued_not_guessed() -> None:
    rows = [
        entry("绍兴金锋纺织厂", uscc=CODE, city="柯桥"),
        entry("绍兴金锋纺织厂", uscc=OTHER_CODE, city="柯桥"),
        entry("绍兴金锋纺织厂", city="柯桥"),
    ]
    assert placed(*rows) == [("loaded", 0), ("loaded", 1), ("queued", 2)]


def test_another_valid_code_forbids_joining_through_a_row_that_has_none() -> None:
    rows = [
        entry("绍兴金锋纺织厂", uscc=CODE, city="柯桥"),
        entry("绍兴金锋纺织厂", city="柯桥"),
        entry("绍兴金锋纺织厂", uscc=OTHER_CODE, city="柯桥"),
    ]
    assert placed(*rows) == [("loaded", 0), ("merged", 0), ("loaded", 2)]


def test_a_place_says_which_of_two_namesakes_is_meant() -> None:
    rows = [
        entry("绍兴神安化纤厂", city="柯桥"),
        entry("苏州神安化纤厂", city="吴江"),
        entry("神安化纤", city="盛泽镇"),
    ]
    assert placed(*rows)[2] == ("merged", 1)
