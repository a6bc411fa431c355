"""A Ray cluster of one node in a network of its own, in which there is nothing but the loopback interface: Ray's ports are open to every
interface there is. ``python -m tests.dispatching.on_ray FOLDER`` runs inside, with a folder for Ray's own files;
``in_a_closed_network`` gives the command that leads there.

It prints one JSON object: whether Ray's answer is the one of one process, whether a stop was heard, what was said when a worker was killed.
"""

import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from staveworks.engine.dispatch import NotSolved, Problem, Progress, check_plan, solve
from staveworks.engine.dispatch.markets import split
from tests.dispatching.joining import beside
from tests.dispatching.towns import same, town_of

PORTS = (
    "node-manager",
    "object-manager",
    "dashboard-agent-grpc",
    "dashboard-agent-listen",
    "metrics-export",
    "runtime-env-agent",
)
TRIES = 4
SET_FLAGS, UP = 0x8914, 1
CLOSED = ("--net", "--pid", "--fork", "--kill-child", "--mount-proc")


def in_a_closed_network(command: Sequence[str]) -> list[str] | None:
    """The command, with network and processes of its own that end with it; None where the system doesn't allow that."""
    for user in ((), ("--user", "--map-root-user")):
        way = ["unshare", *user, *CLOSED]
        with contextlib.suppress(OSError):
            if not subprocess.run([*way, "true"], capture_output=True, check=False).returncode:
                return [*way, *command]
    return None


def only_loopback() -> None:
    """Raise the loopback interface; refuse to go on if there is another one."""
    names = [name for _, name in socket.if_nameindex()]
    assert names == ["lo"], f"this network is not closed: {names}"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14s", b"lo", UP, b""))


def start_cluster() -> None:
    """It ends with the processes of this network. Ports that are said needn't be waited for; a busy machine may need another try."""
    os.environ |= {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_raylet_start_wait_time_s": "60",
    }
    start = [
        str(Path(sys.executable).with_name("ray")), "start", "--head", "--num-cpus=2", "--node-ip-address=127.0.0.1",
        "--port=6379", "--include-dashboard=false", "--object-store-memory=200000000",
        *(f"--{name}-port={port}" for port, name in enumerate(PORTS, 6380)),
    ]  # fmt: skip
    for number in range(TRIES):
        if not subprocess.run(
            [*start, f"--temp-dir={sys.argv[1]}/{number}"], stdout=sys.stderr, check=False
        ).returncode:
            os.environ["RAY_ADDRESS"] = "127.0.0.1:6379"
            return
        assert os.getpid() == 1, "not in a closed network"
        os.kill(-1, signal.SIGKILL)  # whoever else is in here: what is left of that try
    raise AssertionError("Ray doesn't start")


def workers() -> list[int]:
    """Processes of Ray that carry out a market now."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"ray::carry_out_there" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def lost(problem: Problem) -> str | None:
    def kill(progress: Progress) -> None:
        for pid in workers():
            os.kill(pid, signal.SIGKILL)

    try:
        solve(problem, progress=kill)
    except NotSolved as error:
        return str(error)
    return None


def main() -> None:
    only_loopback()
    split.APART = 1
    problem = beside(beside(town_of(60), town_of(50, 2)), town_of(40, 3))
    alone = solve(problem, threads=1)
    start_cluster()
    signal.signal(signal.SIGTERM, lambda *_: None)
    mine = signal.getsignal(signal.SIGTERM)
    heard: list[Progress] = []
    there = solve(problem, progress=heard.append)
    stopped = solve(problem, stop=lambda: True)
    said: dict[str, object] = {
        "same": same(alone, there),
        "sound": check_plan(problem, there).broken == () and check_plan(problem, stopped).broken == (),
        "stopped": bool(stopped.allocations.quantity.sum() > 0),
        "heard": len(heard) > 3 and heard[-1].gap == there.gap,
        "signal": signal.getsignal(signal.SIGTERM) is mine,
        "lost": lost(beside(town_of(400), town_of(400, 2))),
    }
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
