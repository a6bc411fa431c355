"""A backup tried: restored into a server of its own in a folder that is thrown away, migrated and verified there."""

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

from staveworks.db.home import home_folder
from staveworks.db.keeping.errors import NotVerified
from staveworks.db.keeping.restore import discard_database
from staveworks.kit.configuration.table import HOME

FOREIGN = ("DATABASE_",)
"""The trial must not see the real database."""


def try_restore(backup: Path, key_file: Path | None) -> dict[str, Any]:
    """What `restore` found in ``backup``. Raises `NotVerified` with its words."""
    with _scratch() as home:
        command = [sys.executable, "-m", "staveworks.cli.main", "restore", str(backup), "--scratch", "--json"]
        if key_file:
            command += ["--key-file", str(key_file)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        done = subprocess.run(
            command,
            env={**kept, HOME.name: str(home)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or [
            f"exit code {done.returncode}"
        ]
        raise NotVerified(NotVerified.text.format(why=lines[-1].removeprefix("Error: ")))
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder beside the data, or in the temporary folder where there is no data folder yet; gone afterwards."""
    home = home_folder()
    folder = home / "trial" if home.is_dir() else Path(tempfile.mkdtemp(prefix="staveworks-trial-"))
    _discard(folder)
    try:
        folder.mkdir(mode=0o711)
        yield folder
    finally:
        _discard(folder)


def _discard(folder: Path) -> None:
    """Also what a killed trial left."""
    if (folder / "postgres").exists():
        discard_database(folder)
    shutil.rmtree(folder, ignore_errors=True)
