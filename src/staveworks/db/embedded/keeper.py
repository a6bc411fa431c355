"""Keeps the server as its child and ends it when no command uses it any more: ``python -m …keeper JOB``.

The commands that use the server share a lock; each may be killed at any moment, and the kernel lets go of its lock. The
keeper tries to get that lock alone; when it does, nobody is left. It has a session of its own: Ctrl-C in a terminal
must reach the commands, not the database under them.
"""

import ctypes
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from staveworks.db.embedded.account import Account
from staveworks.db.embedded.locks import open_lock, try_alone
from staveworks.db.embedded.postmaster import end_postmaster

PR_SET_PDEATHSIG = 1
GLANCE_SECONDS = 0.3


def keep(binaries: Path, data: Path, users: Path, account: Account) -> int:
    """Run the server until it ends or nobody uses it; its exit code."""
    command = [str(binaries / "postgres"), "-D", str(data)]
    server = subprocess.Popen(command, preexec_fn=end_with_parent, **account.process_options())
    handle = open_lock(users)
    while True:
        try:
            return server.wait(GLANCE_SECONDS)
        except subprocess.TimeoutExpired:
            if try_alone(handle):
                server.send_signal(signal.SIGINT)
                return server.wait()


def end_with_parent() -> None:
    """Called in the child: should this keeper be killed, the kernel asks the server for a fast shutdown (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGINT)


def main(job: dict[str, Any]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: end_postmaster(Path(job["data"])))
    account = Account(job["uid"], job["gid"])
    return keep(Path(job["binaries"]), Path(job["data"]), Path(job["users"]), account)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
