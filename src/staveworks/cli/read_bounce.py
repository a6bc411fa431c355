"""``staveworks read-bounce``: a mail server pipes here what comes to the address for bounces."""

import sys

import click

from staveworks.cli.database import with_database
from staveworks.cli.siblings import sibling

LONGEST = 2 * 1024 * 1024


@click.command(name="read-bounce")
def read_bounce() -> None:
    """Read one mail from standard input and note whose address it says is gone. 从标准输入读一封退信并记下。

    A mail that is no notification of ours is ignored; the exit code is 0 as well, or the mail server would send it back.
    """
    raw = sys.stdin.buffer.read(LONGEST)
    with with_database(migrating=False):
        changed = sibling("foundation.notices.usecases.hear_back", "hear_mail")(raw)
    click.echo(f"{changed}")
