"""``staveworks web``: the web server, granian speaking WSGI. Started by `run`, or by a service manager."""

import copy
import os
from typing import Any

import click

from staveworks.cli.child import PARENT, end_with_parent, environment_of_child
from staveworks.cli.counting import share_metrics
from staveworks.cli.database import SETTINGS, with_database
from staveworks.cli.first_start import collect_static
from staveworks.db.home import home_folder, make_home

WEB_RECORD = "web.json"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on. 监听地址。")
@click.option("--port", default=8000, show_default=True, help="Port to listen on. 监听端口。")
@click.option("--workers", default=2, show_default=True, help="Processes. 进程数。")
@click.option(
    "--threads", default=4, show_default=True, help="Requests at a time per process. 每个进程的线程数。"
)
def web(*, host: str, port: int, workers: int, threads: int) -> None:
    """Serve pages and API until stopped. 提供网页与接口，直到被停止。"""
    end_with_parent(os.environ)
    share_metrics(make_home(home_folder()), "web")
    with with_database(migrating=PARENT not in os.environ):  # `run` has just done it
        if PARENT not in os.environ:
            collect_static(home_folder())
        os.environ[PARENT] = environment_of_child(os.environ)[PARENT]  # for granian's own processes
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
        serve(host, port, workers, threads)


def serve(host: str, port: int, workers: int, threads: int) -> None:
    from django.conf import settings
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    from staveworks.cli.rolling import Rolling

    Rolling(
        "staveworks.cli.web:application",
        record=home_folder() / WEB_RECORD,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        workers_kill_timeout=15,
        log_level=LogLevels.warning,
        log_dictconfig=copy.deepcopy(settings.LOGGING),
    ).serve()


def __getattr__(name: str) -> Any:
    """``application`` is made in granian's process only, when granian asks for it."""
    if name != "application":
        raise AttributeError(name)
    end_with_parent(os.environ)
    from django.conf import settings
    from django.utils.module_loading import import_string

    return import_string(settings.WSGI_APPLICATION)
