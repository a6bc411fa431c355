"""What a backup costs beside a plain ``pg_dump --format=custom`` of the same database.

    .venv/bin/python benchmarks/backup.py [--firms 3000] [--home FOLDER]

The home is that of ``benchmarks/pages.py`` (3,000 diagnosed firms; made if it isn't there). Measured: seconds and bytes of
``pg_dump``, of ``staveworks backup --no-verify`` and of ``staveworks backup`` with its trial restore, as separate processes, with the
ratios to ``pg_dump``. The result goes to ``benchmarks/results/backup.json``.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

RESULT = Path(__file__).parent / "results" / "backup.json"
STAVEWORKS = [sys.executable, "-m", "staveworks.cli.main"]


def timed(command: list[str], written: Path) -> dict[str, float]:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - begun
    return {"seconds": round(seconds, 1), "megabytes": round(written.stat().st_size / 1_000_000, 2)}


def measure(home: Path, folder: Path) -> dict[str, dict[str, float]]:
    from staveworks.db.embedded.server import EmbeddedServer
    from staveworks.db.keeping.programs import client_programs

    with EmbeddedServer(home) as urls:
        dump = str(client_programs(urls.superuser, 18) / "pg_dump")
        files = {name: folder / name for name in ("pg_dump", "backup_untried", "backup")}
        plain = [dump, "--format=custom", f"--file={files['pg_dump']}", urls.superuser]
        return {
            "pg_dump": timed(plain, files["pg_dump"]),
            "backup_untried": timed(
                [*STAVEWORKS, "backup", "--no-verify", str(files["backup_untried"])], files["backup_untried"]
            ),
            "backup": timed([*STAVEWORKS, "backup", str(files["backup"])], files["backup"]),
        }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--firms", type=int, default=3000)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="staveworks-backup-"))
    home = given.home or folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    home.chmod(0o711)
    os.environ["STAVEWORKS_HOME"] = str(home)
    try:
        there = furnish(given.firms)
        found = measure(home, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    told = {"firms": there, "load_average": round(os.getloadavg()[0], 1), **found, **ratios(found)}
    print(json.dumps(told, indent=1))
    RESULT.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def furnish(firms: int) -> int:
    from pages import grow

    from staveworks.cli.database import with_database
    from staveworks.cli.siblings import sibling_door

    with with_database():
        sibling_door("demo").make(lambda line: print(f"  demo: {line}", file=sys.stderr))
        return grow(firms)


def ratios(found: dict[str, dict[str, float]]) -> dict[str, float]:
    plain = found["pg_dump"]
    return {
        f"{name}_{what}_ratio": round(found[name][what] / plain[what], 2)
        for name in ("backup_untried", "backup")
        for what in ("seconds", "megabytes")
    }


if __name__ == "__main__":
    main()
