"""``staveworks run``: everything on one machine, from an empty folder."""

import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from staveworks.cli.database import look_at_settings, trouble_ends_the_command, with_database
from staveworks.cli.first_start import collect_static, make_demo_once
from staveworks.cli.supervisor import Supervisor
from staveworks.cli.telling import tell
from staveworks.cli.welcome import answers, welcome
from staveworks.db.embedded.errors import DatabaseTrouble
from staveworks.db.embedded.server import EmbeddedServer
from staveworks.db.home import home_folder, make_home
from staveworks.kit.configuration.table import DATABASE_OWNER_URL, PUBLIC_URL

GLANCE_S = 0.3
PORTS_TRIED = 50
PATIENCE_S = 10.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on. 监听地址。")
@click.option(
    "--port", default=8000, show_default=True, help="Port, or the next free one. 端口，被占用时顺延。"
)
@click.option(
    "--demo/--no-demo", default=True, help="Demo cluster on the first start. 首次启动时建立演示集群。"
)
@click.option("--workers", default=2, show_default=True, help="Web processes. 网页进程数。")
def run(*, host: str, port: int, demo: bool, workers: int) -> None:
    """Start database, web server and worker; Ctrl-C stops all. 启动数据库、网页与后台，按 Ctrl-C 全部停止。"""
    with trouble_ends_the_command():
        look_at_settings()
    home = make_home(home_folder())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a shell's background job ignores SIGINT
        signal.signal(number, signal.default_int_handler)
    try:
        with only_run(home) as unclean, with_database(running=True) as server:
            tell("database", "ready")
            collect_static(home)
            if demo:
                make_demo_once(home, lambda line: tell("demo", line))
            keep_running(home, server, host, find_port(host, port, patient=unclean), workers)
    except KeyboardInterrupt:
        tell("run", "stopped")


def keep_running(home: Path, server: EmbeddedServer | None, host: str, port: int, workers: int) -> None:
    """Start the children, greet, and look after them until interrupted."""
    address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"
    os.environ.setdefault(PUBLIC_URL.name, address.rstrip("/"))  # links in messages lead to where it listens
    supervisor = Supervisor(commands(host, port, workers), environment_for_children(), tell)
    try:
        supervisor.start()
        noted = note_run(home, address, supervisor)
        greeted = False
        while True:
            time.sleep(GLANCE_S)
            if server is not None:
                tend_database(server, supervisor)
            supervisor.tend()
            if supervisor.pids() != noted:
                noted = note_run(home, address, supervisor)
            if not greeted and answers(address):
                greeted = True
                click.echo(welcome(address))
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        tell("run", "stopping")
        supervisor.stop()
        (home / "run.json").unlink(missing_ok=True)


def note_run(home: Path, address: str, supervisor: Supervisor) -> dict[str, int]:
    """Write ``run.json``: where it listens and which processes belong to it now. Returns the process ids by name."""
    pids = supervisor.pids()
    fresh = home / "run.json.new"
    fresh.write_text(json.dumps({"address": address, "pids": pids}), "utf-8")
    fresh.replace(home / "run.json")  # readers never find half of it
    return pids


def commands(host: str, port: int, workers: int) -> dict[str, list[str]]:
    ours = [sys.executable, "-m", "staveworks.cli.main"]
    return {
        "web": [*ours, "web", "--host", host, "--port", str(port), "--workers", str(workers)],
        "worker": [*ours, "worker"],
    }


def environment_for_children() -> dict[str, str]:
    """Ours without the owner's address: neither web nor worker may change the schema."""
    owners = {DATABASE_OWNER_URL.name, f"{DATABASE_OWNER_URL.name}_FILE"}
    return {name: value for name, value in os.environ.items() if name not in owners}


def tend_database(server: EmbeddedServer, supervisor: Supervisor) -> None:
    """Start the database again if it was killed; children learn the new address when the port had to change."""
    if server.running():
        return
    tell("database", "gone, starting it again")
    try:
        urls = server.start().environment()
    except DatabaseTrouble as trouble:
        tell("database", str(trouble))
        return
    if any(os.environ[name] != url for name, url in urls.items()):
        os.environ.update(urls)
        supervisor.stop()
        supervisor.environment = environment_for_children()
    tell("database", "ready")


@contextmanager
def only_run(home: Path) -> Iterator[bool]:
    """One `run` per home; yields whether the last one was killed. Exit code 1 when one runs already."""
    record = home / "run.json"
    with (home / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            address = json.loads(record.read_text("utf-8"))["address"] if record.exists() else home
            raise click.ClickException(f"Already running / 已在运行: {address}") from None
        yield record.exists()


def find_port(host: str, wanted: int, *, patient: bool) -> int:
    """The wanted port or the next free one. ``patient``: a killed run's web server is still letting go of its port."""
    deadline = time.monotonic() + (PATIENCE_S if patient else 0)
    while not can_listen(host, wanted) and time.monotonic() < deadline:
        time.sleep(0.1)
    for port in range(wanted, wanted + PORTS_TRIED):
        if can_listen(host, port):
            if port != wanted:
                tell("web", f"port {wanted} is taken, using {port}")
            return port
    raise click.ClickException(f"No free port / 没有空闲端口: {wanted}–{wanted + PORTS_TRIED - 1}")


def can_listen(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
