"""Small lists of invented firms, and the way from a file to firms in one call."""

from pathlib import Path

from staveworks.foundation.parties.types import Actor
from staveworks.foundation.rosters.types import RosterCard
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster

HEADER = "企业名称,统一社会信用代码,所在地,地址,联系人,电话,员工人数\n"
MEMBERS = HEADER + (
    "绍兴恒盛纺织有限公司,91330621MA2BX3K478,绍兴市柯桥区,华齐路118号,钱建平,13857512345,约30\n"
    "吴江桥宇印染有限公司,,苏州市吴江区,盛泽镇南环二路118号,沈国强,0512-63550188,86\n"
    "海宁天虹化纤有限公司,,海宁市,长安镇纺织路9号,许明,13905730001,120人\n"
    ",,绍兴市,,,13900000000,\n"
    "绍兴市恒盛纺织厂,91330621MA2BX3K478,柯桥,华齐路118号,,,\n"
)
"""Five rows: three firms, one row without a name, one that is the first firm again (same code)."""
PARK = HEADER + (
    "杭州萧山云锦丝绸厂,,杭州市萧山区,市心路1号,,13300000001,12\n"
    "绍兴柯桥华鹰织造有限公司,,绍兴市柯桥区,,,,55\n"
    "绍兴柯桥华英织造厂,,绍兴市柯桥区,,,,\n"
)
"""Three rows; the last two are near-namesakes of one place (华鹰, 华英): only a person can tell."""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def import_list(actor: Actor, path: Path, *, name: str | None = None, chunk: int = 500) -> RosterCard:
    """Upload, start and import in this process."""
    card = upload_roster(actor, path=path, name=name or path.name)
    start_import(actor, roster=card.id, nameless=True, here=True)
    return run_import(actor, subject=card.id, chunk=chunk)
