"""Three overlapping lists of invented firms with the truth, from a seed: what associations, parks and fairs send.

Meant to be harder than it is likely to come: names that sound alike, one word borne by firms of other trades (with the
same owner, next door) and of other cities, mistyped codes, a bookkeeping agent's number for several firms.
"""

import csv
import random
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import xlsxwriter
from stdnum.cn import uscc

FIRST = list("金锦晶京精神深申圣盛声丰凤枫锋华桦花惠汇慧宝保葆贝倍蓓恒衡亨佳嘉家永勇咏泰太东冬博伯柏凯恺开")
SECOND = list("达大美梅龙隆丽利源园缘通同顺舜辉晖祥翔泽宇羽安全泉鑫欣新润伦诚成纶")
THIRD = ["", "", "", "", "尔", "思", "莱", "特", "来", "丰"]
TRADES = [
    "纺织",
    "印染",
    "针织",
    "化纤",
    "家纺",
    "服饰",
    "绣品",
    "整理",
    "丝绸",
    "制衣",
    "针纺",
    "纺织机械",
    "服装",
    "布业",
    "毛纺",
]
FORMS = ["有限公司", "有限公司", "有限公司", "有限公司", "厂", "有限责任公司", "股份有限公司"]
PLACES = {
    ("浙江", "绍兴", "柯桥", "330603"): [
        "钱清街道",
        "安昌街道",
        "马鞍街道",
        "华舍街道",
        "兰亭街道",
        "齐贤街道",
        "柯桥街道",
    ],
    ("江苏", "苏州", "吴江", "320509"): ["盛泽镇", "平望镇", "七都镇", "震泽镇", "桃源镇"],
    ("广东", "佛山", "南海", "440605"): ["西樵镇", "九江镇", "里水镇", "大沥镇", "丹灶镇"],
    ("江苏", "南通", "通州", "320612"): ["川姜镇", "先锋街道", "平潮镇", "兴东街道"],
}
ROADS = [
    "东方路",
    "兴业路",
    "新民路",
    "科技路",
    "纺城路",
    "西环路",
    "滨海大道",
    "创新大道",
    "工业一路",
    "鉴湖路",
]
SURNAMES, GIVEN = (
    list("王李张刘陈杨赵黄周吴徐孙"),
    ["伟", "军", "敏", "志强", "建国", "丽华", "海燕", "文斌", "晓东", "美玲"],
)
TRADITIONAL = str.maketrans(
    "纺织绣丝绸厂华丰东龙兴锦凤圣宝贝惠顺达泽", "紡織繡絲綢廠華豐東龍興錦鳳聖寶貝惠順達澤"
)
SOUNDS = {
    "丰": "锋",
    "锦": "瑾",
    "金": "津",
    "华": "桦",
    "宝": "保",
    "盛": "圣",
    "佳": "嘉",
    "龙": "隆",
    "达": "大",
    "美": "梅",
    "泽": "则",
}


@dataclass(frozen=True)
class Firm:
    """A firm as it is; what a list says of it varies."""

    core: str
    trade: str
    form: str
    place: tuple[str, str, str, str]
    town: str
    road: str
    number: int
    code: str
    person: str
    phone: str
    staff: int


def make_firms(rng: random.Random, count: int) -> list[Firm]:
    """``count`` firms, a tenth of them namesakes of the one before in another trade, a twentieth in another city."""
    firms: list[Firm] = []
    taken: set[tuple[str, str, str]] = set()
    agents = [_mobile(rng) for _ in range(max(1, count // 50))]
    while len(firms) < count:
        firm = _firm(rng, agents, THIRD if count <= 2000 else [*THIRD, *SECOND, *SECOND])
        if firms and rng.random() < 0.10:
            old = firms[-1]
            firm = replace(firm, core=old.core, form=old.form, place=old.place, town=old.town, road=old.road,
                           number=old.number + rng.choice([1, 9, 30]), person=old.person, staff=old.staff)  # fmt: skip
        elif firms and rng.random() < 0.05:
            firm = replace(firm, core=firms[-1].core, trade=firms[-1].trade)
        firm = replace(firm, code=_code(rng, firm.place[3]))
        if (firm.core, firm.trade, firm.place[1]) not in taken:
            taken.add((firm.core, firm.trade, firm.place[1]))
            firms.append(firm)
    return firms


def _firm(rng: random.Random, agents: list[str], third: list[str]) -> Firm:
    place = rng.choice(list(PLACES))
    phone = rng.choice(agents) if rng.random() < 0.06 else _mobile(rng)
    return Firm(
        core=rng.choice(FIRST) + rng.choice(SECOND) + rng.choice(third),
        trade=rng.choice(TRADES),
        form=rng.choice(FORMS),
        place=place,
        town=rng.choice(PLACES[place]),
        road=rng.choice(ROADS),
        number=rng.randint(1, 999),
        code="",
        person=rng.choice(SURNAMES) + rng.choice(GIVEN),
        phone=phone,
        staff=int(rng.lognormvariate(3.3, 0.9)) + 3,
    )


def _mobile(rng: random.Random) -> str:
    return f"1{rng.choice('3578')}{rng.randrange(10**9):09d}"


def _code(rng: random.Random, district: str) -> str:
    stem = f"91{district}{rng.randrange(10**9):09d}"
    return stem + str(uscc.calc_check_digit(stem))


def name_of(rng: random.Random, firm: Firm) -> str:
    province, city, county, _ = firm.place
    body = firm.core + firm.trade
    shape = rng.random()
    if shape < 0.12:
        name = f"{rng.choice([city, county])}{body}{firm.form}"
        inside = rng.choice([province, city, county])
        name = (
            f"{firm.core}（{inside}）{firm.trade}{firm.form}"
            if rng.random() < 0.5
            else f"{firm.core}({inside}){firm.trade}{firm.form}"
        )
    elif shape < 0.20:
        name = body
    elif shape < 0.28:
        name = body + "有限公司"
    else:
        prefix = rng.choice(
            [
                city,
                f"{city}市",
                county,
                f"{city}{county}",
                f"{province}{city}",
                f"{province}省{city}",
                f"{province}{county}",
                f"{city}市{county}区",
            ]
        )
        name = prefix + body + firm.form
    if rng.random() < 0.06:
        name = name.translate(TRADITIONAL)
    if rng.random() < 0.02:
        name = "".join(SOUNDS.get(char, char) for char in name)
    if rng.random() < 0.05:
        name = name.replace("有限责任公司", "有限公司").replace("股份有限公司", "股份公司")
    return f" {name}　" if rng.random() < 0.04 else name


def code_of(rng: random.Random, firm: Firm) -> str:
    chance = rng.random()
    if chance < 0.27:
        return ""
    code = firm.code
    if chance < 0.33:
        at = rng.randrange(8, 17)
        code = code[:at] + rng.choice([d for d in "0123456789" if d != code[at]]) + code[at + 1 :]
    return code.lower() if chance > 0.94 else f"'{code}" if chance > 0.88 else code


def phone_of(rng: random.Random, firm: Firm) -> str:
    chance = rng.random()
    if chance < 0.28:
        return ""
    if chance < 0.40:
        return f"0{rng.choice([575, 512, 757, 513])}-8{rng.randrange(10**7):07d}"
    if chance < 0.52:
        return (
            f"+86 {firm.phone}"
            if rng.random() < 0.5
            else f"{firm.phone[:3]}-{firm.phone[3:7]}-{firm.phone[7:]}"
        )
    return firm.phone


def address_of(rng: random.Random, firm: Firm) -> str:
    province, city, county, _ = firm.place
    chance = rng.random()
    if chance < 0.2:
        return ""
    lead = rng.choice([f"{province}省{city}市{county}区", f"{city}市{county}区", f"{county}区", ""])
    if chance < 0.35:
        return lead + firm.town
    number = rng.choice([f"{firm.number}号", f"{firm.number}號", f" {firm.number} 号"])
    return f"{lead}{firm.town}{firm.road}{number}"


def make_lists(folder: Path, seed: int, count: int = 300) -> None:
    """Write member.xlsx, park.csv (GB18030), fair.csv (semicolons) and truth.csv into ``folder``."""
    rng = random.Random(seed)
    firms = make_firms(rng, count)
    truth: list[tuple[int, str, int]] = []
    for name, share, write in (
        ("member.xlsx", 0.75, _member),
        ("park.csv", 0.42, _park),
        ("fair.csv", 0.35, _fair),
    ):
        chosen = [at for at in range(count) if rng.random() < share]
        chosen = sorted([*chosen, *(at for at in chosen if rng.random() < 0.06)])
        first = write(folder / name, rng, [firms[at] for at in chosen])
        truth += [(at, name, first + place) for place, at in enumerate(chosen)]
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("firm", "list", "row"), *truth])


def _member(path: Path, rng: random.Random, firms: list[Firm]) -> int:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("会员名单")
    sheet.merge_range(0, 0, 0, 7, "附件1：会员单位名单")
    sheet.write_row(
        2, 0, ["序号", "单位名称", "统一社会信用代码", "地址", "联系人", "手机", "员工人数（人）", "备注"]
    )
    for at, firm in enumerate(firms):
        phone = phone_of(rng, firm)
        staff = rng.choice([firm.staff, firm.staff, firm.staff, f"约{firm.staff}", f"{firm.staff}人", "/"])
        number = int(phone) if phone.isdigit() and rng.random() < 0.4 else phone
        cells = [
            at + 1,
            name_of(rng, firm),
            code_of(rng, firm),
            address_of(rng, firm),
            firm.person,
            number,
            staff,
        ]
        sheet.write_row(3 + at, 0, [*cells, rng.choice(["", "", "已缴费", "停产"])])
    sheet.write_row(3 + len(firms), 0, ["合计", f"{len(firms)}家"])
    book.close()
    return 4


def _park(path: Path, rng: random.Random, firms: list[Firm]) -> int:
    rows = [
        [
            name_of(rng, f),
            f.person,
            code_of(rng, f),
            address_of(rng, f),
            f.staff,
            phone_of(rng, f),
            f.trade + "加工",
        ]
        for f in firms
    ]
    with path.open("w", encoding="gb18030", newline="") as out:
        csv.writer(out).writerows(
            [["企业全称", "法定代表人", "信用代码", "入驻地址", "从业人员", "联系电话", "主营产品"], *rows]
        )
    return 2


def _fair(path: Path, rng: random.Random, firms: list[Firm]) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["Company / 公司", "City / 城市", "Phone / 电话", "Products / 产品"])
        for f in firms:
            city = rng.choice([f.place[1], f"{f.place[1]}市", f"{f.place[1]}市{f.place[2]}区", f.town])
            writer.writerow([name_of(rng, f), city, phone_of(rng, f), f.trade])
        writer.writerow(["", "", "", ""])
    return 2


def make_one_list(path: Path, seed: int, rows: int) -> None:
    """One list, XLSX or CSV by its name, in which about every fourth firm stands twice: for measuring."""
    rng = random.Random(seed)
    firms = make_firms(rng, max(10, rows * 4 // 5))
    chosen = firms + [rng.choice(firms) for _ in range(rows - len(firms))]
    rng.shuffle(chosen)
    (_member if path.suffix == ".xlsx" else _park)(path, rng, chosen)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    make_lists(target, int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 300)
