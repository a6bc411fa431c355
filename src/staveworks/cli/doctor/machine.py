"""The machine: Python, disk, the data folder, fonts."""

import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from staveworks.cli.doctor.finding import Finding, advice, broken, ok
from staveworks.db.keeping.restore import MARK
from staveworks.kit.data import data_files
from staveworks.kit.text import Text

TESTED = [(3, 12), (3, 13), (3, 14)]
SCARCE, TOO_LITTLE = 5 * 10**9, 10**9
"""Bytes free on the data's disk."""
SECRET_FILES = ("secret_key", "database.json", "backups.json", "messages.jsonl")


def look_at_machine(home: Path) -> Iterator[Finding]:
    yield _python()
    if find_spec("typst"):
        yield _fonts()
    if home.exists():
        yield _disk(home)
        yield from _folder(home)


def _python() -> Finding:
    version = Text(zh=f"Python {platform.python_version()}", en=f"Python {platform.python_version()}")
    if sys.version_info[:2] in TESTED:
        return ok("python", version)
    return advice(
        "python",
        Text(zh="{name}，测试只用过 3.12 到 3.14。", en="{name}; the tests ran on 3.12 to 3.14.").format_each(
            version
        ),
        Text(zh="换用 Python 3.13 后运行 make setup", en="take Python 3.13 and run `make setup`"),
    )


def _fonts() -> Finding:
    fonts = [path for path in data_files("fonts", "*.ttf") if path.name.startswith("NotoSansSC")]
    if fonts:
        return ok("fonts", Text(zh="打印用的中文字体齐全。", en="The Chinese fonts for printing are there."))
    return broken(
        "fonts",
        Text(
            zh="缺少打印用的中文字体，报告里的汉字会是空白。",
            en="The Chinese fonts for printing are missing: reports would show blanks.",
        ),
        Text(zh="重新安装程序（make setup）", en="install the program again (`make setup`)"),
    )


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    told = Text(zh=f"剩余空间 {free / 1e9:.1f} GB。", en=f"{free / 1e9:.1f} GB free.")
    repair = Text(
        zh=f"清理 {home} 所在的磁盘，或把数据移到更大的磁盘",
        en=f"clear the disk of {home}, or move the data to a larger one",
    )
    if free < TOO_LITTLE:
        return broken("disk", told, repair)
    return advice("disk", told, repair) if free < SCARCE else ok("disk", told)


def _folder(home: Path) -> Iterator[Finding]:
    """Is it ours, whole, and closed to others?"""
    wrong = list(_wrong_permissions(home))
    if (home / MARK).exists():
        yield broken(
            "data folder",
            Text(zh="上一次恢复没有完成。", en="A restore did not finish."),
            Text(zh="再次运行 staveworks restore", en="run `staveworks restore` again"),
        )
    elif wrong:
        yield from wrong
    else:
        yield ok("data folder", Text(zh=f"{home}，权限正确。", en=f"{home}, its permissions are right."))


def _wrong_permissions(home: Path) -> Iterator[Finding]:
    if not os.access(home, os.W_OK | os.X_OK):
        yield broken(
            "data folder",
            Text(zh=f"当前用户不能写入 {home}。", en=f"This user can't write in {home}."),
            Text(
                zh=f"以数据所有者的身份运行，或 chown {home}", en=f"run as the data's owner, or chown {home}"
            ),
        )
    if stat.S_IMODE(home.stat().st_mode) & 0o022:
        yield broken(
            "data folder",
            Text(zh=f"其他用户可以写入 {home}。", en=f"Others can write in {home}."),
            Text(zh=f"chmod 711 {home}", en=f"chmod 711 {home}"),
        )
    for path in (home / name for name in SECRET_FILES):
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            yield broken(
                "data folder",
                Text(zh=f"其他用户可以读 {path.name}。", en=f"Others can read {path.name}."),
                Text(zh=f"chmod 600 {path}", en=f"chmod 600 {path}"),
            )
