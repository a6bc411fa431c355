"""``staveworks worker``: does the queued and the timed jobs. Started by `run`, or by a service manager."""

import os

import click

from staveworks.cli.child import PARENT, end_with_parent
from staveworks.cli.counting import share_metrics
from staveworks.cli.database import with_database
from staveworks.cli.siblings import sibling
from staveworks.db.home import home_folder, make_home


@click.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs at a time. 同时处理的任务数。")
def worker(*, concurrency: int) -> None:
    """Do queued and timed jobs until stopped. 处理后台任务，直到被停止。"""
    end_with_parent(os.environ)
    share_metrics(make_home(home_folder()), "worker")
    with with_database(migrating=PARENT not in os.environ):  # `run` has just done it
        sibling("jobs.worker", "work")(concurrency=concurrency)
