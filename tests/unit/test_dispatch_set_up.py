"""Compiled once, at set-up; nobody waits for a compiler later."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.dispatch.generate import generate
from benchmarks.dispatch.tables import write_tables
from staveworks.engine.dispatch import compile, kept_kernels
from staveworks.engine.dispatch.compiled import FLOAT, kernel

READ = """
import sys
from pathlib import Path
from staveworks.engine.dispatch import read_problem, solve
import staveworks.engine.dispatch.markets.spread
from staveworks.engine.dispatch.compiled import Kernel
import gc
kernels = [each for each in gc.get_objects() if isinstance(each, Kernel)]
read = lambda: sum(each._compiled is not None for each in kernels)
before = read()
solve(read_problem(Path(sys.argv[1])), threads=1)
print(before, read(), len(kernels))
"""


@pytest.mark.slow
def test_a_run_after_set_up_compiles_nothing() -> None:
    """All kernels are compiled with their types said, at set-up, and come from the cache ever after."""
    ask = "from staveworks.engine.dispatch import compile; compile.load(); print(compile.misses())"
    asked = [
        subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    assert asked[1].stdout.strip() == "0"


def test_kernels_are_read_when_they_are_first_called_those_that_only_kernels_call_never(
    tmp_path: Path,
) -> None:
    """Reading all takes a second, which a plan in haste would wait for."""
    write_tables(generate(100, 2, "mixed", 1), tmp_path / "P", "csv")
    asked = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path / "P")], capture_output=True, text=True, check=True
    )
    before, after, all_ = map(int, asked.stdout.split())
    assert before == 0
    assert 0 < after < all_ / 2


@kernel(FLOAT, FLOAT)
def double(value: float) -> float:
    return 2 * value


@kernel(FLOAT, FLOAT)
def quadruple(value: float) -> float:
    return double(double(value))


def test_a_kernel_that_another_calls_is_compiled_with_it() -> None:
    assert quadruple(1.5) == 6
    assert quadruple.__name__ == "quadruple"


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
