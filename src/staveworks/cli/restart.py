"""``staveworks restart``: the program loaded anew, process by process, without a failed request."""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from staveworks.cli.rolling import FAREWELL_S, START_S
from staveworks.cli.web import WEB_RECORD
from staveworks.db.home import home_folder

PER_PROCESS_S = START_S + FAREWELL_S + 20


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON. 输出 JSON。")
def restart(*, as_json: bool) -> None:
    """Load the program anew while it serves: web processes one by one, then the worker. 不停服务，逐个重新装载网页进程，再换后台。

    Settings are read when a process starts: those of the file are taken over, those of the environment only by a full
    start. Exit code 1 if nothing runs here or a new process did not start; the old ones then go on.
    """
    home = home_folder()
    before = read_record(home / WEB_RECORD)
    if before is None:
        raise click.ClickException(f"Nothing is running in {home} / 没有在运行")
    os.kill(before["pid"], signal.SIGHUP)
    after = wait_for_roll(home / WEB_RECORD, before)
    worker = None if after["failed"] else end_worker(home)
    if as_json:
        click.echo(json.dumps({"web": after["processes"], "worker_ended": worker, "failed": after["failed"]}))
    elif after["failed"]:
        click.echo(
            "A new web process did not start; the old ones go on. Its log says why. 新进程没有起来，旧的继续服务，原因见日志。"
        )
    else:
        click.echo("Everything has been loaded anew. 已全部重新装载。")
    sys.exit(1 if after["failed"] else 0)


def read_record(path: Path) -> dict[str, Any] | None:
    """What a living web server has written of itself, or None."""
    try:
        state: dict[str, Any] = json.loads(path.read_text("utf-8"))
        os.kill(state["pid"], 0)
    except (OSError, ValueError, KeyError):
        return None
    return state


def wait_for_roll(path: Path, before: dict[str, Any]) -> dict[str, Any]:
    """The record after the roll. Raises `click.ClickException` when the server is gone, or takes far too long."""
    deadline = time.monotonic() + PER_PROCESS_S * max(len(before["processes"]), 1)
    while time.monotonic() < deadline:
        state = read_record(path)
        if state is None:
            raise click.ClickException("The web server ended meanwhile / 网页服务已经停止")
        if state["rolled"] > before["rolled"]:
            return state
        time.sleep(0.1)
    raise click.ClickException("The web server did not finish in time / 没有按时完成")


def end_worker(home: Path) -> int | None:
    """Ask `run`'s worker to finish its jobs and end: `run` starts it again. Its process id, or None where `run` has none."""
    with suppress(OSError, ValueError, KeyError):
        pid: int = json.loads((home / "run.json").read_text("utf-8"))["pids"]["worker"]
        os.kill(pid, signal.SIGTERM)
        return pid
    return None
