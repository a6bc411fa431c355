"""The embedded server as the rest of Staveworks sees it: start, stop, where to connect."""

import os
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

import psycopg

from staveworks.db.embedded.account import server_account
from staveworks.db.embedded.cluster import configure, ensure_cluster, majors
from staveworks.db.embedded.errors import DatabaseTrouble
from staveworks.db.embedded.launch import start_keeper
from staveworks.db.embedded.locks import alone, share, try_alone
from staveworks.db.embedded.older import keep_programs
from staveworks.db.embedded.places import cluster_folder, usable_binaries
from staveworks.db.embedded.postmaster import clear_leftovers, end_postmaster, is_ready, postmaster_pid
from staveworks.db.embedded.secrets import HOST, SUPERUSER, Access, Urls, load_access, new_access, save_access
from staveworks.db.home import make_home
from staveworks.db.roles import prepare_database, set_passwords
from staveworks.kit.text import Text

DATABASE = "staveworks"
START_SECONDS = 60.0
LOG_BYTES = 10 * 1024 * 1024


class EmbeddedServer:
    """PostgreSQL with its data in ``home``; several processes may use one server, the last to leave stops it.

    ``binaries`` names the programs of another PostgreSQL ≥15. ``durable=False`` is for tests: no fsync.
    """

    def __init__(self, home: Path, *, binaries: Path | None = None, durable: bool = True) -> None:
        self.home = home
        self.log = home / "database.log"
        self._binaries = binaries
        self._durable = durable
        self._users: int | None = None

    def start(self) -> Urls:
        """Use the running server or start one, making database and roles if missing; the URLs by role.

        Safe to call again, also after the server was killed. Raises `DatabaseTrouble`.
        """
        make_home(self.home)
        if self._users is None:
            self._users = share(self.home / "database.users")
        try:
            with alone(self.home / "database.starting"):
                return self._access_to_running().urls(DATABASE)
        except BaseException:
            self._let_go()
            raise

    def stop(self) -> None:
        """Leave the server; ends it if no other command uses it."""
        if self._users is None:
            return
        with alone(self.home / "database.starting"):
            if try_alone(self._users):
                end_postmaster(self._data())
            self._let_go()

    def running(self) -> bool:
        return (self.home / "postgres").exists() and is_ready(self._data())

    def pid(self) -> int | None:
        """The server's main process, None if it doesn't run."""
        return postmaster_pid(self._data()) if (self.home / "postgres").exists() else None

    def __enter__(self) -> Urls:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.stop()

    def _let_go(self) -> None:
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def _data(self) -> Path:
        folder = (self.home / "postgres").resolve()
        found = majors(folder)
        return folder / str(max(found)) if found else folder

    def _access_to_running(self) -> Access:
        access = load_access(self.home)
        if access is not None and self._answers(access):
            return access
        if access is None:
            access = new_access(free_port())
            save_access(self.home, access)
        access = self._launch(access)
        prepare_database(access.url(SUPERUSER, "postgres"), access.url(SUPERUSER, DATABASE), DATABASE)
        set_passwords(access.url(SUPERUSER, "postgres"), access.passwords)
        return access

    def _answers(self, access: Access) -> bool:
        """Whether the server takes connections; waits while it is coming up or going down."""
        deadline = time.monotonic() + START_SECONDS
        while self.pid() is not None and time.monotonic() < deadline:
            if self.running() and connects(access.url(SUPERUSER, "postgres")):
                return True
            time.sleep(0.02)
        return False

    def _launch(self, access: Access) -> Access:
        account = server_account()
        binaries = self._binaries or usable_binaries(account)
        folder = cluster_folder(self.home, account)
        data = ensure_cluster(folder, binaries, account, access, durable=self._durable)
        if self._durable:
            keep_programs(folder, int(data.name), binaries)
        clear_leftovers(data)
        if not is_free(access.port):
            access = access.at(free_port())
            save_access(self.home, access)
        configure(data, account, access, durable=self._durable)
        self._shorten_log()
        users = self.home / "database.users"
        self._wait(data, start_keeper(binaries, data, users, account, self.log))
        return access

    def _wait(self, data: Path, keeper: "subprocess.Popen[bytes]") -> None:
        """Until the server takes connections.

        The keeper is not waited for at the end: it outlives us when others use the server.
        """
        deadline = time.monotonic() + START_SECONDS
        while not is_ready(data):
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise DatabaseTrouble(
                    Text(
                        zh="数据库没有启动，详情见 {log}：{last}",
                        en="The database did not start, see {log}: {last}",
                    ).format(log=self.log, last=self._last_message())
                )
            time.sleep(0.02)

    def _last_message(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return lines[-1] if lines else ""

    def _shorten_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def connects(url: str) -> bool:
    """Whether a connection with this URL succeeds now."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True
