"""The version before this one: a home as it left it, and its source."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from staveworks.db.keeping.archive import unpack
from staveworks.db.keeping.load import load
from staveworks.foundation.eventlog.restoring import RENUMBER
from tests.places import made_once
from tests.rooms.keeping.homes import ROOT, Home, a_home, copy_home

VERSION, COMMIT = "0.1.0", "cd51588a7e91e6f6e15ccc737362f6bbbddd04da"
BACKUP = ROOT / "tests" / "golden" / "upgrade" / f"v{VERSION}.tar"


@contextmanager
def a_former_home() -> Iterator[Home]:
    """A home with data, its schema as the former version left it; the database is running."""
    with a_home() as home:
        copy_home(_former(), home.folder)
        home.urls()
        yield home


def _former() -> Path:
    return made_once("former", _restore)


def _restore(folder: Path) -> None:
    home = Home(folder)
    stage = folder.parent / "stage"
    urls = home.urls()
    unpack(BACKUP, [], stage)
    load(urls.owner, stage / "database.dump", between=[RENUMBER])
    shutil.copytree(stage / "home", home.folder, dirs_exist_ok=True)
    home.server.stop()


def former_source(folder: Path) -> Path:
    """The former version's source and tests, out of the history. Skips the test where there is no history."""
    archive = subprocess.run(
        ["git", "archive", COMMIT, "src", "tests", "pyproject.toml"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if archive.returncode:
        pytest.skip(f"no git history with commit {COMMIT} here: {archive.stderr.decode().strip()}")
    subprocess.run(["tar", "x", "-C", folder], input=archive.stdout, check=True)
    return folder
