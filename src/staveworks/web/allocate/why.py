"""Why a line is late or rejected and the smallest change that would help, in words."""

from collections.abc import Mapping
from typing import Any

from staveworks.engine.dispatch import SENTENCES
from staveworks.kit.text import Text
from staveworks.web.allocate.names import Names
from staveworks.web.figures import money, number
from staveworks.web.language import current, say

FULL = Text(zh="{city}的{operation} {week} 排满", en="{operation} {city} {week} full")
HOURS = Text(zh="那里每小时值 {m}；多 {h} 小时就够", en="{m} an hour there; {h} h more would clear it")
CHANGES: Mapping[str, Text] = {
    "capability": Text(zh="引进一家能做这道工序的", en="Win a firm that makes this operation"),
    "grade": Text(
        zh="把等级降一级，另有 {n} 个工作中心能做",
        en="A grade lower and {n} more work centre could|A grade lower and {n} more work centres could",
    ),
    "certificates": Text(
        zh="{n} 个工作中心只差证书：补齐一张",
        en="{n} work centre lacks only the certificate: renew one|{n} work centres lack only the certificate: renew one",
    ),
    "firms": Text(
        zh="放开指定，另有 {n} 个工作中心能做",
        en="Allow one more of {n} work centre|Allow one more of {n} work centres",
    ),
    "hours": Text(zh="请合格的企业申报空闲工时", en="Ask those that could to declare hours"),
    "way": Text(zh="提前开工，或接通两地运输", en="Release it earlier, or connect the cities"),
    "release": Text(zh="提前 {n} 周开工", en="Release it {n} week earlier|Release it {n} weeks earlier"),
    "cheaper": Text(
        zh="若按时更重要，把迟交费用定高些",
        en="If being on time matters more, say so in the cost of lateness",
    ),
    "lots": Text(zh="最小批量 {q} 再小些，或多分一批", en="A least lot below {q}, or one lot more"),
}


def why_said(row: Mapping[str, Any], names: Names) -> dict[str, str]:
    why, cell = str(row.get("why", "")), row.get("binding")
    if cell:
        place = FULL.say(
            current(),
            city=names.of("cities", cell["city"]),
            operation=names.of("operations", cell["operation"]),
            week=names.week(cell["bucket"]),
        )
        price = money(round(100 * cell["price"]))
        return {"binding": place, "change": HOURS.say(current(), m=price, h=number(cell["hours"], 0))}
    change = CHANGES.get(why)
    return {
        "binding": say(SENTENCES[why]) if why in SENTENCES else "",
        "change": _change(change, row) if change else "",
    }


def _change(change: Text, row: Mapping[str, Any]) -> str:
    n = row.get("would", max(1, int(row.get("late", 0))))
    return change.say(current(), n=n, q=number(row.get("min_lot", 0)))
