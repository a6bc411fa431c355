"""``staveworks demo``: make the demo cluster, or take it away."""

import json

import click

from staveworks.cli.database import with_database
from staveworks.cli.siblings import sibling, sibling_door


@click.group(help="Make or remove the demo cluster. 建立或移除演示集群。")
def demo() -> None:
    """The demo is marked as such everywhere, and goes without a trace but its events."""


@demo.command(
    help="Make the demo cluster: three textile cities, 300 firms. 建立演示集群：三座纺织城市，300 家企业。"
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON only. 只输出 JSON。")
def make(as_json: bool) -> None:
    with with_database():
        cluster = sibling_door("demo")
        cluster.make(lambda line: click.echo(line, err=True))
        found = [
            {"login": login, "name": name, "organisation": org}
            for login, name, org in cluster.logins(cluster.world())
        ]
    if as_json:
        click.echo(json.dumps({"password": cluster.PASSWORD, "people": found}, ensure_ascii=False))
        return
    for person in found:
        click.echo(f"{person['login']:<22} {person['name']}  {person['organisation']}")
    click.echo(f"password 密码: {cluster.PASSWORD}")


@demo.command(help="Remove everything of the demo cluster; real data stay. 移除演示集群，真实数据不动。")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only. 只输出 JSON。")
def remove(as_json: bool) -> None:
    with with_database():
        rows = sibling("demo", "remove")()
    click.echo(json.dumps({"rows": rows}) if as_json else f"{rows} rows removed. 已移除 {rows} 行。")
