"""The contracts of ``.importlinter`` hold, and each bites: an import planted in a copy of the source breaks it."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The source and its contracts, where they may be damaged."""
    for path in (ROOT / "src").rglob("*.py"):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def plant(copy: Path, module: str, line: str) -> None:
    """Add a line to a module of the copy; module and packages are made if missing."""
    package = copy / "src" / "staveworks"
    path = package / module
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in Path(module).parents:
        (package / folder / "__init__.py").touch()
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")


def broken(folder: Path) -> set[str]:
    """Names of the contracts that don't hold."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-cache",
        ],
        cwd=folder,
        env={"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = [line for line in done.stdout.splitlines() if line.endswith((" KEPT", " BROKEN"))]
    assert verdicts, done.stdout + done.stderr
    return {line.removesuffix(" BROKEN") for line in verdicts if line.endswith(" BROKEN")}


def test_every_contract_is_kept() -> None:
    assert broken(ROOT) == set()


STOREYS = "The storeys of the house"
PURE = "Words, mathematics and decisions know no framework"


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("foundation/parties/planted.py", "import staveworks.cluster.barrel", STOREYS),
        ("web/planted.py", "import staveworks.jobs", STOREYS),
        ("attic/__init__.py", "", STOREYS),
        (
            "foundation/eventlog/planted.py",
            "import staveworks.foundation.parties",
            "The rooms of the foundation",
        ),
        ("foundation/cellar/__init__.py", "", "The rooms of the foundation"),
        ("trade/catalogue/planted.py", "import staveworks.trade.orders.planted", "The rooms of trade"),
        (
            "mechanisms/booking/planted.py",
            "import staveworks.mechanisms.tasks.planted",
            "The mechanisms don't know each other",
        ),
        (
            "cluster/barrel/planted.py",
            "import staveworks.cluster.governance.planted",
            "The rooms of the cluster",
        ),
        (
            "engine/barrel/planted.py",
            "import staveworks.engine.routing.planted",
            "The engines don't know each other",
        ),
        ("kit/planted.py", "import django.utils.timezone", PURE),
        ("engine/barrel/planted.py", "import psycopg", PURE),
        ("foundation/parties/domain.py", "import ninja", PURE),
        ("foundation/parties/types.py", "import staveworks.foundation.parties.models", PURE),
        (
            "engine/routing/check.py",
            "import staveworks.engine.routing.solve",
            "An engine's check doesn't lean on its solver",
        ),
        (
            "web/join/planted.py",
            "import staveworks.web.measure.planted",
            "No circles among siblings, at any depth",
        ),
    ],
)
def test_a_planted_import_breaks_its_contract(copy: Path, module: str, line: str, contract: str) -> None:
    assert contract not in broken(copy)
    target = line.removeprefix("import staveworks.")
    if target.endswith((".planted", ".solve")):
        circle = "import staveworks.web.join.planted" if target.startswith("web") else ""
        plant(copy, target.replace(".", "/") + ".py", circle)
    plant(copy, module, line)
    assert contract in broken(copy)


def test_every_room_stands_in_the_table_of_the_architecture() -> None:
    """“Where does a rule live?” has an answer for each of them."""
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    table = page[page.index("## Where does a rule live?") : page.index("## A room")]
    rooms = [
        f"{storey}/{each.parent.name}"
        for storey in ("foundation", "trade", "mechanisms", "cluster")
        for each in sorted((ROOT / "src" / "staveworks" / storey).glob("*/README.md"))
    ]
    assert len(rooms) > 15
    assert [room for room in rooms if room not in table] == []
