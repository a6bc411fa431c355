"""Starts the keeper of the server."""

import json
import subprocess
import sys
from pathlib import Path

from staveworks.db.embedded.account import Account


def start_keeper(
    binaries: Path, data: Path, users: Path, account: Account, log: Path
) -> "subprocess.Popen[bytes]":
    """Start the keeper, detached from terminal and session; messages of the server go to ``log``."""
    job = {
        "binaries": str(binaries),
        "data": str(data),
        "users": str(users),
        "uid": account.uid,
        "gid": account.gid,
    }
    with log.open("ab") as messages:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "staveworks.db.embedded.keeper", json.dumps(job)],
            stdin=subprocess.DEVNULL,
            stdout=messages,
            stderr=messages,
            start_new_session=True,
        )
