"""How long from an empty folder to a page, and again from a full one: ``.venv/bin/python benchmarks/first_start.py``.

Measures `staveworks run` with the demo (first start), the same home again (second start), and the first command in an empty
home (``staveworks migrate``). With ``--clone`` also `make setup` in a fresh clone, which downloads what is not cached.
Results: ``benchmarks/results/first_start.json``.
"""

import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from staveworks.db.embedded.server import free_port

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results" / "first_start.json"


def start(home: Path) -> float:
    """Seconds from the command to the first page; stops it again."""
    port = free_port()
    began = time.perf_counter()
    run = subprocess.Popen(
        [sys.executable, "-m", "staveworks.cli.main", "run", "--port", str(port)],
        env=environment(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not answers(port):
        assert run.poll() is None, "it ended"
        time.sleep(0.05)
    seconds = time.perf_counter() - began
    run.send_signal(signal.SIGINT)
    run.wait()
    return seconds


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
    return True


def command(home: Path) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "staveworks.cli.main", "migrate"],
        env=environment(home),
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began


def environment(home: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "STAVEWORKS_"))
    }
    return {**kept, "STAVEWORKS_HOME": str(home)}


def setup_in_clone(folder: Path) -> float:
    began = time.perf_counter()
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    subprocess.run(["make", "setup"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    load = os.getloadavg()[0]  # what else the machine was doing
    with tempfile.TemporaryDirectory(prefix="staveworks-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        found = {
            "first_command_in_an_empty_home_s": command(folder / "command"),
            "second_command_s": command(folder / "command"),
            "first_start_with_demo_s": start(folder / "run"),
            "second_start_s": start(folder / "run"),
        }
        if "--clone" in sys.argv:
            found["setup_in_a_fresh_clone_s"] = setup_in_clone(folder / "clone")
        shutil.rmtree(folder / "run", ignore_errors=True)
    result = {
        "command": " ".join(["python benchmarks/first_start.py", *sys.argv[1:]]),
        "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "load": round(load, 1)},
        "seconds": {what: round(seconds, 1) for what, seconds in found.items()},
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(RESULTS.read_text("utf-8"))


if __name__ == "__main__":
    main()
