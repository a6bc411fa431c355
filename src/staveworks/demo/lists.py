"""The lists by which the demo's firms arrive: a clean one, and one as lists really are."""

import csv
import random
import tempfile
from pathlib import Path
from uuid import UUID

from staveworks.db.transaction import acting
from staveworks.demo.firms import DemoFirm
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.models import RosterRow
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster

MEMBERS = "三城纺织协会会员 2026.csv"
NEWCOMERS = "盛泽织造 2026-11.csv"
KNOWN, DOUBTFUL = 36, 9
"""Rows of firms that are known already; how many of them nobody can be sure of."""
HEADER = ["企业名称", "统一社会信用代码", "地址", "联系人", "电话", "员工人数"]


def import_members(service: Actor, firms: list[DemoFirm]) -> dict[UUID, DemoFirm]:
    """The association's list of all members, clean; the firms that it became, by id."""
    rows = [
        [f.name, f.uscc, f.address, f.contact, f.phone, str(f.staff), f.products, f.city_name] for f in firms
    ]
    found = _import(service, MEMBERS, [[*HEADER, "主营产品", "城市"], *rows])
    return {org: firm for org, firm in zip(found, firms, strict=True) if org}


def import_newcomers(service: Actor, firms: list[DemoFirm], chance: random.Random) -> None:
    """A list with another spelling of known firms, doubtful ones, and rows that nobody can read."""
    _import(service, NEWCOMERS, [["盛泽镇织造企业名单（2026 年 11 月）"], HEADER, *_rows(firms, chance)])


def _import(service: Actor, name: str, lines: list[list[str]]) -> list[UUID | None]:
    """Load the list as the operator would, mark what came of it as demo; the firm of each row, in order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(lines)
        roster = upload_roster(service, path=path, name=name)
    start_import(service, roster=roster.id)
    run_import(service, subject=roster.id)
    with acting(org=service.org_id):
        rows = RosterRow.objects.filter(roster_id=roster.id)
        Organisation.objects.filter(id__in=rows.values("organisation_id")).update(demo=True)
        return list(rows.order_by("position").values_list("organisation_id", flat=True))


def _rows(firms: list[DemoFirm], chance: random.Random) -> list[list[str]]:
    here = [firm for firm in firms if firm.city == "320509"]
    known = chance.sample(here, min(KNOWN, len(here)))
    rows = [_respelt(firm, chance, doubtful=number < DOUBTFUL) for number, firm in enumerate(known)]
    rows += [["", "", "盛泽镇南环路", "", "0512-63550101", ""], ["？？？", "", "", "", "", ""]]
    rows += [["吴江市盛虹纺织整理厂", "91320509MA0XXXX", "吴江市盛", "钱工", "63551", "约40"]]
    chance.shuffle(rows)
    return rows


def _respelt(firm: DemoFirm, chance: random.Random, *, doubtful: bool) -> list[str]:
    """The same firm as another office writes it; ``doubtful`` rows lack what would settle it."""
    if doubtful:
        other = _another_trade(firm.name)
        return [other, "", firm.address, firm.contact, "", str(firm.staff + chance.randint(-3, 4))]
    short = firm.name.replace("有限责任公司", "").replace("有限公司", "")
    staff = chance.choice([f"约{firm.staff}", f"{firm.staff}人", str(firm.staff)])
    code = chance.choice([firm.uscc, f"'{firm.uscc}", ""])
    return [f" {short}有限公司　", code, firm.address, firm.contact, firm.phone, staff]


OTHER_TRADES = {
    "织造": "纺织",
    "喷织": "织造",
    "纺织": "织造",
    "印染": "染整",
    "染整": "印花",
    "印花": "印染",
}


def _another_trade(name: str) -> str:
    """The same brand in a neighbouring trade, at the same address: a person has to say whether it is the same firm."""
    found = next((word for word in OTHER_TRADES if word in name), None)
    return name.replace(found, OTHER_TRADES[found]) if found else name + "二厂"
