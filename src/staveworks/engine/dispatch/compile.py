"""``python -m staveworks.engine.dispatch.compile``: compile all kernels, once, when the product is set up."""

import importlib


def load() -> None:
    from staveworks.engine.dispatch.compiled import KERNELS

    for name in KERNELS:
        importlib.import_module(f"staveworks.engine.dispatch.{name}")


def misses() -> int:
    """How many kernels were compiled in this process and not read from the cache."""
    from numba.core.registry import CPUDispatcher

    from staveworks.engine.dispatch.compiled import KERNELS

    modules = [importlib.import_module(f"staveworks.engine.dispatch.{name}") for name in KERNELS]
    kernels = {
        kernel for module in modules for kernel in vars(module).values() if isinstance(kernel, CPUDispatcher)
    }
    return sum(sum(kernel.stats.cache_misses.values()) for kernel in kernels)


if __name__ == "__main__":
    from staveworks.engine.dispatch.compiled import forget_stale

    load()
    forget_stale()
