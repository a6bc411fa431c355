"""``python -m staveworks.engine.dispatch.compile``: compile all kernels that aren't kept yet, when the product is set up."""

import importlib
import sys
from typing import TYPE_CHECKING

from staveworks.engine.dispatch.kept_kernels import KERNELS, all_kept, forget_stale, mark_whole

if TYPE_CHECKING:
    from staveworks.engine.dispatch.compiled import Kernel


def load() -> None:
    for kernel in _kernels():
        _ = kernel.compiled


def misses() -> int:
    """How many kernels were compiled in this process and not read from the cache."""
    return sum(sum(kernel.compiled.stats.cache_misses.values()) for kernel in _kernels())


def _kernels() -> "list[Kernel]":
    from staveworks.engine.dispatch.compiled import Kernel

    modules = [importlib.import_module(f"staveworks.engine.dispatch.{name}") for name in KERNELS]
    found = [each for module in modules for each in vars(module).values() if isinstance(each, Kernel)]
    return list(dict.fromkeys(found))


def set_up() -> None:
    """Compile unless all is kept; what older sources were compiled to goes."""
    if not all_kept():
        sys.stderr.write("dispatch: compiling the engine, about a minute / 正在编译排产引擎，约一分钟\n")
        load()
        mark_whole()
        forget_stale()


if __name__ == "__main__":
    set_up()
