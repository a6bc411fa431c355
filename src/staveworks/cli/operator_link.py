"""``staveworks operator-link``: the one-time link of the first person, where no `run` prints it."""

import sys

import click

from staveworks.cli.database import with_database
from staveworks.cli.welcome import operator_lines
from staveworks.kit.configuration.table import HOSTS, HTTPS


@click.command()
@click.option("--address", help="Where the site is reached. 访问网址。", metavar="URL")
def operator_link(*, address: str | None) -> None:
    """Print the link by which the first person becomes the operator. 打印首位运营人员的一次性链接。

    Each call makes a new one, and the one before stops working. Exit code 1 once the operator has an owner.
    """
    with with_database():
        lines = operator_lines(address or usual_address())
    if not lines:
        click.echo(
            "The operator has an owner; others are invited by her. 运营方已有负责人，由其邀请他人。", err=True
        )
        sys.exit(1)
    click.echo("\n".join(line.strip() for line in lines if line))


def usual_address() -> str:
    """By the settings: the first name, and the port behind which no proxy stands."""
    host = next(iter(HOSTS.read()), "localhost")
    return f"https://{host}" if HTTPS.read() else f"http://{host}:8000"
