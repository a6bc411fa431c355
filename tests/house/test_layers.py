"""The contracts of ``.importlinter`` hold, and each bites: an import planted in the graph of the source breaks it."""

import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

ROOT = Path(__file__).parent.parent.parent
KINDS: dict[str, type[Any]] = {
    "layers": LayersContract,
    "forbidden": ForbiddenContract,
    "acyclic_siblings": AcyclicSiblingsContract,
}


@pytest.fixture(scope="module")
def source() -> grimp.ImportGraph:
    """Who imports whom; read once, planted in copies."""
    return grimp.build_graph("staveworks", include_external_packages=True, cache_dir=None)


def plant(graph: grimp.ImportGraph, importer: str, imported: str) -> None:
    """Modules of ours are made with their packages if missing; a framework is there."""
    for name in filter(None, (importer, imported)):
        assert name.startswith("staveworks.") or name in graph.modules, f"nobody imports {name}"
        parts = name.split(".")
        for depth in range(2, len(parts) + 1):
            graph.add_module(".".join(parts[:depth]))
    if imported:
        graph.add_import(importer=importer, imported=imported)


def is_kept(graph: grimp.ImportGraph, contract: str) -> bool:
    configuration = read_configuration(str(ROOT / ".importlinter"))
    [options] = [each for each in configuration["contracts_options"] if each["name"] == contract]
    checked = KINDS[options["type"]](contract, configuration["session_options"], options)
    return bool(checked.check(deepcopy(graph), verbose=False).kept)  # a check may alter its graph


def broken(folder: Path) -> set[str]:
    """Names of the contracts that don't hold, as the command says it."""
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


def test_what_is_planted_in_a_file_is_found(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    with (tmp_path / "src/staveworks/foundation/parties/domain.py").open("a", encoding="utf-8") as file:
        file.write("\nimport staveworks.cluster.barrel\nimport ninja\n")
    assert broken(tmp_path) >= {STOREYS, PURE}


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("foundation.parties.planted", "staveworks.cluster.barrel", STOREYS),
        ("web.planted", "staveworks.jobs", STOREYS),
        ("attic", "", STOREYS),
        ("foundation.eventlog.planted", "staveworks.foundation.parties", "The rooms of the foundation"),
        ("foundation.cellar", "", "The rooms of the foundation"),
        ("trade.catalogue.planted", "staveworks.trade.orders.planted", "The rooms of trade"),
        (
            "mechanisms.booking.planted",
            "staveworks.mechanisms.tasks.planted",
            "The mechanisms don't know each other",
        ),
        (
            "cluster.barrel.planted",
            "staveworks.cluster.governance.planted",
            "The rooms of the cluster",
        ),
        (
            "engine.barrel.planted",
            "staveworks.engine.routing.planted",
            "The engines don't know each other",
        ),
        ("kit.planted", "django", PURE),
        ("engine.barrel.planted", "psycopg", PURE),
        ("foundation.parties.domain", "ninja", PURE),
        ("foundation.parties.types", "staveworks.foundation.parties.models", PURE),
        (
            "engine.routing.check",
            "staveworks.engine.routing.solve",
            "An engine's check doesn't lean on its solver",
        ),
    ],
)
def test_a_planted_import_breaks_its_contract(
    source: grimp.ImportGraph, importer: str, imported: str, contract: str
) -> None:
    graph = deepcopy(source)
    assert is_kept(graph, contract)
    plant(graph, f"staveworks.{importer}", imported)
    assert not is_kept(graph, contract)


def test_a_planted_circle_is_found(source: grimp.ImportGraph) -> None:
    graph, contract = deepcopy(source), "No circles among siblings, at any depth"
    plant(graph, "staveworks.web.join.planted", "staveworks.web.measure.planted")
    assert is_kept(graph, contract)
    plant(graph, "staveworks.web.measure.planted", "staveworks.web.join.planted")
    assert not is_kept(graph, contract)


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
