"""``python -m staveworks.engine.dispatch.compile``: compile all kernels that aren't kept yet, when the product is set up."""

import importlib
import sys

from staveworks.engine.dispatch.kept_kernels import KERNELS, all_kept, forget_stale, mark_whole


def load() -> None:
    for name in KERNELS:
        importlib.import_module(f"staveworks.engine.dispatch.{name}")


def misses() -> int:
    """How many kernels were compiled in this process and not read from the cache."""
    from numba.core.registry import CPUDispatcher

    modules = [importlib.import_module(f"staveworks.engine.dispatch.{name}") for name in KERNELS]
    kernels = {
        kernel for module in modules for kernel in vars(module).values() if isinstance(kernel, CPUDispatcher)
    }
    return sum(sum(kernel.stats.cache_misses.values()) for kernel in kernels)


def set_up() -> None:
    """Compile unless all is kept; what older sources were compiled to goes."""
    if not all_kept():
        sys.stderr.write("dispatch: compiling the engine, about a minute / 正在编译排产引擎，约一分钟\n")
        load()
        mark_whole()
        forget_stale()


if __name__ == "__main__":
    set_up()
