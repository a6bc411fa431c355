"""Programs for data of an older major version: kept beside the data, since an update of ours takes the old ones away."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from staveworks.db.embedded.account import SHARED
from staveworks.db.embedded.cluster import major_version
from staveworks.db.embedded.errors import DatabaseTrouble
from staveworks.db.embedded.places import INSIDE, WHEEL, wheel_binaries
from staveworks.kit.text import Text

KEPT = "programs"
DEBIAN = Path("/usr/lib/postgresql")
MISSING = Text(
    zh="数据属于 PostgreSQL {major}，升级需要这一版的程序，这里没有。请安装 postgresql-{major}（Debian），再试一次。",
    en="The data belong to PostgreSQL {major}; to bring them over its programs are needed, and there are none. "
    "Install postgresql-{major} (Debian) and try again.",
)


def keep_programs(folder: Path, major: int, binaries: Path) -> None:
    """Keep the wheel's programs beside the data of this major version, by links where the disk is the same (else 42 MB)."""
    target = folder / KEPT / str(major)
    if target.exists() or not _is_of_the_wheel(binaries):
        return
    site = binaries.parents[2]
    new = target.with_name(f"{major}.new")
    shutil.rmtree(new, ignore_errors=True)
    for name in (WHEEL, f"{WHEEL}.libs"):
        shutil.copytree(
            site / name,
            new / name,
            symlinks=True,
            copy_function=_link,
            ignore=shutil.ignore_patterns("include", "*.a", "*.pyc"),
        )
    new.rename(target)


def _is_of_the_wheel(binaries: Path) -> bool:
    """Only those go away with an update; a distribution's own are kept by the distribution."""
    return binaries == wheel_binaries() or binaries.is_relative_to(SHARED)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def programs_of(major: int, folder: Path) -> Path:
    """A folder with the server's programs of this major version. Raises `DatabaseTrouble` where there is none."""
    for place in _places(major, folder):
        if (place / "postgres").exists() and major_version(place) == str(major):
            return place
    raise DatabaseTrouble(MISSING.format(major=major))


def _places(major: int, folder: Path) -> Iterator[Path]:
    yield folder / KEPT / str(major) / INSIDE
    for copy in sorted((SHARED / "binaries").glob("*")):
        yield copy / INSIDE
    yield DEBIAN / str(major) / "bin"
