"""``staveworks person``: answer somebody's request to see or to erase what is held about her."""

import json
from pathlib import Path
from uuid import UUID

import click

from staveworks.cli.database import with_database
from staveworks.cli.siblings import sibling
from staveworks.db.home import home_folder

ROOM = "foundation.personal"
WHO = click.argument("who", metavar="PHONE|EMAIL|ID")


@click.group(help="Show or erase what is held about a person. 查看或注销一个人的数据。")
def person() -> None:
    """For requests that come by letter; whoever can sign in does both herself under her account."""


@person.command()
@WHO
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file. 写到这个文件。"
)
def export(who: str, out: Path | None) -> None:
    """Everything held about a person, as JSON. 导出一个人的全部数据（JSON）。

    She is named by phone number, e-mail address or id. Exit code 0: done; 1: no such person is known.

    用手机号、邮箱或编号指明是谁。退出码 0：已导出；1：查无此人。
    """
    with with_database():
        held = sibling(f"{ROOM}.usecases.export_person", "export_person")(_service(), person_id=_find(who))
        written = sibling(f"{ROOM}.written", "as_json")(held)
    if out is None:
        click.echo(written)
        return
    out.touch(mode=0o600)
    out.write_text(written, encoding="utf-8")
    click.echo(f"{held.rows} rows in {out}. {held.rows} 条，已写到 {out}。")


@person.command()
@WHO
@click.option("--yes", is_flag=True, help="Don't ask. 不再询问。")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only. 只输出 JSON。")
def erase(who: str, yes: bool, as_json: bool) -> None:
    """Erase a person for good. 注销一个人，不能撤回。

    She is named by phone number, e-mail address or id. Exit code 0: erased; 1: nothing was, for instance because an
    organisation has no owner but her, or you said no.

    用手机号、邮箱或编号指明是谁。退出码 0：已注销；1：没有注销，例如她是某个组织唯一的负责人，或您没有确认。
    """
    with with_database():
        person_id = _find(who)
        if not yes:
            click.confirm(f"Erase {who} for good? 永久注销 {who}？", abort=True)
        done = sibling(f"{ROOM}.usecases.erase_person", "erase_person")(
            _service(), person_id=person_id, home=home_folder()
        )
    rows = sum(done.rows.values())
    if as_json:
        click.echo(json.dumps({"person": str(person_id), "rows": dict(done.rows)}))
        return
    click.echo(f"Erased; {rows} rows went or were emptied. 已注销，删除或清空 {rows} 条。")
    click.echo(
        "Backups made before still hold her; restoring one erases her again. 此前的备份里仍有，恢复时会再次注销。"
    )


def _find(who: str) -> UUID:
    found: UUID = sibling(f"{ROOM}.held", "find_person")(who)
    return found


def _service() -> object:
    return sibling("foundation.parties.queries", "operator_service")()
