"""Compiled once, at set-up; nobody waits for a compiler later."""

import subprocess
import sys
from pathlib import Path

import pytest

from staveworks.engine.dispatch import compile, kept_kernels


@pytest.mark.slow
def test_a_run_after_set_up_compiles_nothing() -> None:
    """All kernels are compiled with their types said, when the module is first read, and come from the cache ever after."""
    ask = "from staveworks.engine.dispatch import compile; compile.load(); print(compile.misses())"
    asked = [
        subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert asked[1].stdout.strip() == "0"


def test_set_up_compiles_what_is_not_kept_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each change of the sources, however often it is run: a mark says that nothing is missing."""
    asked: list[str] = []
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compile, "load", lambda: asked.append("compiled"))
    compile.set_up()
    compile.set_up()
    assert asked == ["compiled"]
    monkeypatch.setattr(kept_kernels, "digest", lambda: "of other sources")
    compile.set_up()
    assert asked == ["compiled", "compiled"]
    assert [folder.name for folder in tmp_path.iterdir()] == ["kernels-of other sources"], "stale ones go"


def test_set_up_that_was_cut_short_compiles_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(compile, "load", stopped)
    with pytest.raises(KeyboardInterrupt):
        compile.set_up()
    assert not kept_kernels.all_kept()


def test_who_only_reads_problems_never_loads_the_compiler() -> None:
    ask = "import sys, staveworks.engine.dispatch; print('numba' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"
