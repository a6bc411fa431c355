"""``staveworks web``: the web server, granian speaking WSGI. Started by `run`, or by a service manager."""

import os
from typing import Any

import click

from staveworks.cli.child import PARENT, end_with_parent, environment_of_child
from staveworks.cli.database import SETTINGS, with_database


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on. 监听地址。")
@click.option("--port", default=8000, show_default=True, help="Port to listen on. 监听端口。")
@click.option("--workers", default=1, show_default=True, help="Processes. 进程数。")
@click.option(
    "--threads", default=4, show_default=True, help="Requests at a time per process. 每个进程的线程数。"
)
def web(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve pages and API until stopped. 提供网页与接口，直到被停止。"""
    end_with_parent(os.environ)
    with with_database(migrating=PARENT not in os.environ):  # `run` has just done it
        os.environ[PARENT] = environment_of_child(os.environ)[PARENT]  # for granian's own processes
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        serve(host, port, workers, threads)


def serve(host: str, port: int, workers: int, threads: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "staveworks.cli.web:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        backlog=1024,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        log_level=LogLevels.warning,
    ).serve()


def __getattr__(name: str) -> Any:
    """``application`` is made in granian's process only, when granian asks for it."""
    if name != "application":
        raise AttributeError(name)
    end_with_parent(os.environ)
    from django.conf import settings
    from django.utils.module_loading import import_string

    return import_string(settings.WSGI_APPLICATION)
