"""How long one long list takes to import, what memory it needs, and how both grow.

    .venv/bin/python benchmarks/import_50000.py [rows …]        # default: 10000 25000 50000

Each size runs ``staveworks import-roster`` on an empty home of its own. The list is invented with a fixed seed: firms of
thirty textile places, three in five with a code, one row in twelve a variant of an earlier firm. The result goes to
``benchmarks/results/import_50000.json``: seconds of the import alone (the command's time less that of an empty start),
processor seconds of the command's process (the database's come on top, about a quarter), its peak resident memory, and the
load average while it ran: on a busy machine only the processor seconds compare.
"""

import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stdnum.cn import uscc

COMMAND = str(Path(sys.executable).with_name("staveworks"))
RESULT = Path(__file__).parent / "results" / "import_50000.json"
PLACES = [
    ("绍兴市柯桥区", "330603"), ("绍兴市越城区", "330602"), ("诸暨市", "330681"), ("嵊州市", "330683"), ("海宁市", "330481"),
    ("桐乡市", "330483"), ("湖州市吴兴区", "330502"), ("长兴县", "330522"), ("兰溪市", "330781"), ("杭州市萧山区", "330109"),
    ("苏州市吴江区", "320509"), ("常熟市", "320581"), ("江阴市", "320281"), ("张家港市", "320582"), ("南通市通州区", "320612"),
    ("海安市", "320685"), ("启东市", "320681"), ("太仓市", "320585"), ("佛山市南海区", "440605"), ("佛山市禅城区", "440604"),
    ("中山市", "442000"), ("汕头市潮阳区", "440513"), ("普宁市", "445281"), ("石狮市", "350581"), ("晋江市", "350582"),
    ("长乐区", "350112"), ("即墨区", "370215"), ("高密市", "370785"), ("清河县", "130534"), ("高阳县", "130628"),
]  # fmt: skip
BRAND = (
    "恒盛隆昌泰富华瑞祥和兴旺达通顺利丰裕源鑫金银宝玉珠云霞锦绣丝绫罗缎纱棉麻绒春夏秋冬东西南北天地山川江河湖海日月星辰光明辉耀"
    "德仁义礼智信诚正大中小新永久长远高广宏伟雄力健康宁安平吉庆福禄寿喜凤龙鹏鹰虎马鹿羊松竹梅兰菊荷桂柏杨柳枫林森木石泉溪景佳美"
    "嘉欣怡悦雅淑文武双三四五六八九百千万亿元亨贞乾坤震巽坎离艮兑朝晖晨曦晓晗思远志成立业建功卓越凯旋捷先锋创联合众协同共荣"
)
TRADES = ["纺织", "印染", "针织", "化纤", "织造", "服饰", "家纺", "绣品", "丝绸", "布业", "毛纺", "无纺布"]
FORMS = ["有限公司", "有限责任公司", "厂", "股份有限公司", "经营部"]
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def make_list(path: Path, rows: int) -> None:
    """Write a CSV list of ``rows`` firms; the same for the same number."""
    chance = random.Random(rows)
    firms: list[list[str]] = []
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(
            ["序号", "企业名称", "统一社会信用代码", "所在地", "地址", "联系人", "电话", "员工人数"]
        )
        for number in range(1, rows + 1):
            again = firms and chance.random() < 1 / 12
            firm = _variant(chance, chance.choice(firms)) if again else _firm(chance)
            firms.append(firm)
            lines.writerow([number, *firm])


def _firm(chance: random.Random) -> list[str]:
    place, code = chance.choice(PLACES)
    brand = "".join(chance.sample(BRAND, chance.choice([2, 2, 3])))
    name = f"{place[:2]}{brand}{chance.choice(TRADES)}{chance.choice(FORMS)}"
    address = f"{place}{chance.choice(BRAND)}{chance.choice(BRAND)}路{chance.randrange(1, 3000)}号"
    phone = f"1{chance.choice('3578')}{chance.randrange(10**9):09d}"
    contact = chance.choice("王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗") + "".join(chance.sample(BRAND, 2))
    staff = chance.choice(
        [f"{chance.randrange(3, 900)}", f"约{chance.randrange(2, 90)}0", f"{chance.randrange(3, 400)}人", "/"]
    )
    return [name, _code(chance, code) if chance.random() < 0.6 else "", place, address, contact, phone, staff]


def _variant(chance: random.Random, firm: list[str]) -> list[str]:
    name, code, place, address, contact, phone, staff = firm
    changed = [name.replace("有限责任公司", "有限公司"), name[2:], f"{name[:2]}市{name[2:]}", name][
        chance.randrange(4)
    ]
    return [
        changed,
        code if chance.random() < 0.7 else "",
        place,
        address,
        contact,
        phone if chance.random() < 0.8 else "",
        staff,
    ]


def _code(chance: random.Random, place: str) -> str:
    body = "91" + place + "MA" + "".join(chance.choice(CODE) for _ in range(7))
    return body + uscc.calc_check_digit(body)


def measure(rows: int) -> dict[str, float | int]:
    folder = Path(tempfile.mkdtemp(prefix="staveworks-bench-"))
    folder.chmod(0o711)
    environment = os.environ | {"STAVEWORKS_HOME": str(folder / "home")}
    try:
        make_list(folder / "one.csv", 1)
        make_list(folder / "list.csv", rows)
        _run(folder / "one.csv", environment)
        start, idle, _, _ = _run(folder / "one.csv", environment)
        seconds, busy, peak, counts = _run(folder / "list.csv", environment)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert counts["rows"] == rows, counts
    net, processor, load = seconds - start, busy - idle, os.getloadavg()[0]
    print(
        f"{rows:>7,} rows  {net:6.1f} s  {processor:6.1f} s processor  {peak:5.0f} MB  {counts}",
        file=sys.stderr,
    )
    return {
        "seconds": round(net, 1),
        "processor_seconds": round(processor, 1),
        "load_average": round(load, 1),
        "peak_mb": round(peak),
        "start_seconds": round(start, 1),
        **counts,
    }


def _run(path: Path, environment: dict[str, str]) -> tuple[float, float, float, dict[str, int]]:
    """Seconds, processor seconds, peak resident megabytes of the command's process, and what it printed."""
    began = time.perf_counter()
    out = path.with_suffix(".json")
    with out.open("w") as file:
        process = subprocess.Popen(
            [COMMAND, "import-roster", str(path), "--json"], env=environment, stdout=file
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, process.returncode
    processor = usage.ru_utime + usage.ru_stime
    return time.perf_counter() - began, processor, usage.ru_maxrss / 1024, json.loads(out.read_text())


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or [10_000, 25_000, 50_000]
    results = {str(rows): measure(rows) for rows in sizes}
    if not sys.argv[1:]:
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(
            json.dumps({"command": "python benchmarks/import_50000.py", "sizes": results}, indent=2) + "\n"
        )


if __name__ == "__main__":
    main()
