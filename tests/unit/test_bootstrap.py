"""``tools/bootstrap`` finds a Python by running what it finds, or says what to install."""

import ast
import importlib.util
import os
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

FILE = Path(__file__).parent.parent.parent / "tools" / "bootstrap"


@pytest.fixture
def bootstrap() -> ModuleType:
    loader = SourceFileLoader("bootstrap", str(FILE))
    spec = importlib.util.spec_from_loader("bootstrap", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def says(version: str) -> str:
    return f"""echo '[[{version.replace(".", ", ")}], "/somewhere/python{version}"]'"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on its path and an empty home."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("STAVEWORKS_PYTHON", raising=False)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / ".pyenv"))
    monkeypatch.setattr(
        Path, "glob", lambda self, pattern: [] if self.is_relative_to("/usr") else _glob(self, pattern)
    )
    return tmp_path


_glob = Path.glob


def test_a_shim_that_refuses_to_run_is_passed_over_for_the_one_pyenv_keeps(
    bootstrap: ModuleType, machine: Path
) -> None:
    program(machine, "python3", says("3.11"))
    program(machine, "python3.13", "echo 'pyenv: python3.13: command not found' >&2; exit 127")
    kept = machine / ".pyenv" / "versions" / "3.12.1" / "bin"
    kept.mkdir(parents=True)
    program(kept, "python3", says("3.12"))
    assert bootstrap.find_python() == "/somewhere/python3.12"


def test_the_version_the_tests_ran_on_comes_first(bootstrap: ModuleType, machine: Path) -> None:
    for version in ("3.12", "3.13", "3.14", "3.15"):
        program(machine, f"python{version}", says(version))
    assert bootstrap.find_python() == "/somewhere/python3.13"


def test_a_newer_python_will_do_where_there_is_no_other(bootstrap: ModuleType, machine: Path) -> None:
    program(machine, "python3", says("3.15"))
    assert bootstrap.find_python() == "/somewhere/python3.15"


def test_where_all_are_too_old_it_says_what_to_install(bootstrap: ModuleType, machine: Path) -> None:
    program(machine, "python3", says("3.11"))
    with pytest.raises(SystemExit, match=r"Python 3\.12 or newer") as stop:
        bootstrap.find_python()
    assert "apt install python3" in str(stop.value)


def test_the_python_one_names_is_the_only_one_tried(
    bootstrap: ModuleType, machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(machine, "python3.13", says("3.13"))
    monkeypatch.setenv("STAVEWORKS_PYTHON", str(program(machine, "mine", says("3.12"))))
    assert bootstrap.find_python() == "/somewhere/python3.12"


def test_a_real_python_answers(bootstrap: ModuleType) -> None:
    assert bootstrap.answer_of(sys.executable) == (sys.version_info[:2], sys.executable)
    assert bootstrap.answer_of(os.devnull) is None


def test_it_is_written_for_old_pythons_too() -> None:
    for name in ("bootstrap", "test-needs"):
        ast.parse((FILE.parent / name).read_text("utf-8"), feature_version=(3, 8))


def test_kernels_are_looked_at_though_nothing_has_to_be_installed(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sources change more often than dependencies. A start doesn't wait for the compiler, a set-up does."""
    (tmp_path / "stamp").write_text(bootstrap.wanted())
    (tmp_path / "bin").mkdir()
    program(
        tmp_path / "bin", "python", says("3.13") + f' ; [ "$1" = -m ] && sleep 1 && touch {tmp_path}/compiled'
    )
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "make_environment", lambda: pytest.fail("nothing is missing"))
    monkeypatch.setattr(sys, "argv", ["bootstrap", "--beside"])
    bootstrap.main()
    assert not (tmp_path / "compiled").exists()
    monkeypatch.setattr(sys, "argv", ["bootstrap"])
    bootstrap.main()
    assert (tmp_path / "compiled").exists()
