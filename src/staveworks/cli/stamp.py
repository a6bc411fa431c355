"""Which version of the program a data folder was last used by: ``version.json``."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from staveworks.cli.kept import numbers, program_version
from staveworks.kit.errors import Refused
from staveworks.kit.text import Text


class ProgramOlder(Refused):
    text = Text(
        zh="数据文件夹由 {theirs} 版用过，当前程序是 {ours} 版，相差超过一版。请更新程序，或恢复升级前的备份。",
        en="The data folder was used by version {theirs}; this program is {ours}, more than one version behind. "
        "Update the program, or restore the backup from before the upgrade.",
    )


def read_stamp(home: Path) -> str | None:
    """The version, or None in a folder that no program from 0.2 on has used."""
    try:
        version: str = json.loads((home / "version.json").read_text("utf-8"))["version"]
    except FileNotFoundError:
        return None
    return version


def write_stamp(home: Path) -> None:
    if read_stamp(home) == program_version():
        return
    new = home / "version.json.new"
    with new.open("w", encoding="utf-8") as file:
        json.dump(
            {"version": program_version(), "since": datetime.now(UTC).isoformat(timespec="seconds")}, file
        )
        file.flush()
        os.fsync(file.fileno())
    new.replace(home / "version.json")


def refuse_older_program(home: Path) -> None:
    """One version back is promised to run on the schema of the next (docs/how-to/upgrade.md), two are not. Raises `ProgramOlder`."""
    theirs = read_stamp(home)
    if theirs is None:
        return
    (major, minor), (our_major, our_minor) = numbers(theirs)[:2], numbers(program_version())[:2]
    if (major, minor) > (our_major, our_minor + 1):
        raise ProgramOlder(ProgramOlder.text.format(theirs=theirs, ours=program_version()))
