"""A home with a server of its own for tests that back up and restore: commands run in it as processes."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from staveworks.db.embedded.cluster import major_version
from staveworks.db.embedded.secrets import Urls, load_access, save_access
from staveworks.db.embedded.server import EmbeddedServer, free_port
from staveworks.db.keeping.restore import discard_database
from tests.environment import plain_environment
from tests.places import made_once, quick_folder

ROOT = Path(__file__).parents[3]
PATIENCE_S = 300


class Home:
    """A data folder; ``run`` starts a command in it, ``server`` is its database while the test holds it."""

    def __init__(self, folder: Path, *, binaries: Path | None = None) -> None:
        self.folder = folder
        self.server = EmbeddedServer(folder, binaries=binaries, durable=False)

    def environment(self, **settings: str) -> dict[str, str]:
        return plain_environment(
            STAVEWORKS_HOME=str(self.folder), PYTHONPATH=f"{ROOT / 'src'}{os.pathsep}{ROOT}", **settings
        )

    def run(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "staveworks.cli.main", *arguments],
            env=self.environment(**settings),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )

    def must(self, *arguments: str, **settings: str) -> Any:
        """Run a command with ``--json``; its answer."""
        done = self.run(*arguments, "--json", **settings)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def live(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """`tests.rooms.keeping.life` in this home."""
        command = [sys.executable, "-m", "tests.rooms.keeping.life", *arguments]
        return subprocess.Popen(command, env=self.environment(), cwd=ROOT)

    def start(self, *arguments: str, **settings: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "staveworks.cli.main", *arguments]
        return subprocess.Popen(
            command, env=self.environment(**settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def urls(self) -> Urls:
        return self.server.start()

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.urls().superuser) as connection:
            return connection.execute(statement.encode(), values or None).fetchall()

    def entries(self) -> set[str]:
        return {entry.name for entry in self.folder.iterdir()} if self.folder.exists() else set()

    def remove(self) -> None:
        """The machine is lost."""
        self.server.stop()
        if (self.folder / "postgres").exists():
            discard_database(self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def a_home(name: str = "home", *, binaries: Path | None = None) -> Iterator[Home]:
    """An empty home; folder and server are gone afterwards."""
    parent = Path(tempfile.mkdtemp(prefix="staveworks-keeping-", dir=quick_folder()))
    parent.chmod(0o711)
    home = Home(parent / name, binaries=binaries)
    try:
        yield home
    finally:
        home.remove()
        shutil.rmtree(parent, ignore_errors=True)


@contextmanager
def a_furnished_home() -> Iterator[Home]:
    """A home in which somebody lives, its database running."""
    with a_home() as home:
        copy_home(furnished(), home.folder)
        home.urls()
        yield home


def move_into(folder: Path) -> None:
    """Make ``folder`` a home with database, schema and operator; nothing runs in it."""
    copy_home(_migrated(), folder)


def copy_home(source: Path, folder: Path) -> None:
    """With owners and rights, which the database's own user depends on; with a port of its own, since copies start side by side."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", f"{source}/.", str(folder)], check=True)
    access = load_access(folder)
    assert access
    save_access(folder, access.at(free_port()))


def _migrated() -> Path:
    return made_once("migrated", _migrate)


def furnished() -> Path:
    """A home in which somebody lives, to be copied; its server is stopped."""
    return made_once("furnished", _furnish_migrated)


def furnished_with(binaries: Path) -> Path:
    """The same, made with another PostgreSQL; its server is stopped."""

    def make(folder: Path) -> None:
        _migrate(folder, binaries)
        _furnish(Home(folder, binaries=binaries))

    return made_once(f"furnished-{major_version(binaries)}", make)


def _migrate(folder: Path, binaries: Path | None = None) -> None:
    home = Home(folder, binaries=binaries)
    home.urls()  # a server that needn't survive a power cut migrates several times as fast
    home.must("migrate")
    home.server.stop()


def _furnish_migrated(folder: Path) -> None:
    copy_home(_migrated(), folder)
    _furnish(Home(folder))


def _furnish(home: Home) -> None:
    home.urls()
    assert home.live("make").wait(PATIENCE_S) == 0
    home.server.stop()
