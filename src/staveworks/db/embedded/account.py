"""The operating-system account under which the server runs.

PostgreSQL refuses to run as root. When we are root we hand it to ``postgres`` or ``nobody``, which may enter
neither root's folders nor a private virtual environment; so each path is *tried* as that account, and what it can't
enter gets a place under `SHARED`.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from staveworks.db.embedded.errors import DatabaseTrouble
from staveworks.kit.text import Text

SHARED = Path("/var/lib/staveworks")
# Nothing of ours is passed on: the environment holds the owner's passwords.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server; ``uid`` None means: whoever we are."""

    uid: int | None = None
    gid: int | None = None

    def process_options(self) -> dict[str, Any]:
        """Arguments for `subprocess` which start a program under this account with a clean environment."""
        options: dict[str, Any] = {"env": ENVIRONMENT, "cwd": "/", "stdin": subprocess.DEVNULL}
        if self.uid is not None:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}
        return options

    def own(self, path: Path) -> None:
        """Give ``path`` to this account, closed to everybody else."""
        path.chmod(0o700)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether the account reaches ``folder``: tried, because mode bits don't tell the whole story."""
        if self.uid is None:
            return True
        return self.succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)])

    def succeeds(self, command: Sequence[str]) -> bool:
        try:
            done = subprocess.run(command, capture_output=True, check=False, **self.process_options())
        except OSError:
            return False
        return done.returncode == 0


def server_account() -> Account:
    """Ourselves, or an unprivileged account when we are root.

    Raises `DatabaseTrouble` when root finds none.
    """
    if os.geteuid() != 0:
        return Account()
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise DatabaseTrouble(
        Text(
            zh="PostgreSQL 不能以 root 身份运行，而这台机器上没有 postgres 或 nobody 用户。",
            en="PostgreSQL can't run as root, and this machine has neither a user 'postgres' nor 'nobody'.",
        )
    )
