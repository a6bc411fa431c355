"""How the engine's kernels are compiled: once, ahead, with their types said; kept in a cache; without the interpreter's lock.

``python -m staveworks.engine.dispatch.compile`` compiles them when the product is set up. A kernel is read from the cache when it is first
called: most of them are called by kernels alone, which hold them, and reading all takes a second. Kernels that run beside each other are
given fixed chunks of the work, so that sums don't depend on the number of threads.
"""

from collections.abc import Callable
from threading import RLock
from typing import Any, NamedTuple, cast

import llvmlite.binding as llvm  # type: ignore[import-untyped]
from numba import config, njit, types
from numba.extending import typeof_impl

from staveworks.engine.dispatch.kept_kernels import cache
from staveworks.engine.dispatch.network import Demand, Network
from staveworks.engine.dispatch.plan import Plan, Wanted

config.CACHE_DIR = str(cache())  # type: ignore[attr-defined]
llvm.set_option("staveworks", "-force-vector-interleave=1")
"""A loop over a dozen buckets is three vectors long: taken sixteen at a time, as the compiler would have it, it would be done one by one."""

FLOAT, INT, LONG, NONE = types.float64, types.int32, types.int64, types.void
FLOATS, TABLE = types.float64[::1], types.float64[:, ::1]
INTS, INT_TABLE = types.int32[::1], types.int32[:, ::1]
LONGS, SHORT_TABLE, BYTES = types.int64[::1], types.int16[:, ::1], types.int8[::1]
_BY_NAME = {
    "Floats": FLOATS,
    "Table": TABLE,
    "Ints": INTS,
    "IntTable": INT_TABLE,
    "Longs": LONGS,
    "ShortTable": SHORT_TABLE,
    "Bytes": BYTES,
}


def tuple_type(kind: type[NamedTuple]) -> types.Type:
    """The compiler's type of a tuple of arrays, by the names of its fields' types."""
    fields = [_BY_NAME[hint.__name__] for hint in kind.__annotations__.values()]
    return types.NamedTuple(fields, kind)  # type: ignore[no-untyped-call]


NETWORK, DEMAND, PLAN, WANTED = (tuple_type(kind) for kind in (Network, Demand, Plan, Wanted))


READING = RLock()
"""Whoever compiles takes this before the compiler's own lock, so that two threads don't wait for each other."""


class Kernel:
    """A function that is compiled, or read from the cache, when it is first called or another that calls it is compiled."""

    __slots__ = ("__name__", "_compiled", "_signature", "py_func")

    def __init__(self, function: Callable[..., Any], signature: Any) -> None:
        self.py_func, self._signature, self._compiled = function, signature, None
        self.__name__ = function.__name__

    @property
    def compiled(self) -> Any:
        """The compiler's own object."""
        if self._compiled is None:
            with READING:
                if self._compiled is None:
                    ready = njit(self._signature, cache=True, nogil=True, error_model="numpy")
                    self._compiled = ready(self.py_func)
        return self._compiled

    def __call__(self, *arguments: Any) -> Any:
        return (self._compiled or self.compiled)(*arguments)


@typeof_impl.register(Kernel)
def _in_a_kernel(kernel: Kernel, _: object) -> types.Type:
    """What a kernel is to the compiler of another that calls it."""
    return types.Dispatcher(kernel.compiled)


def kernel[F: Callable[..., Any]](result: types.Type, *arguments: types.Type) -> Callable[[F], F]:
    """``@kernel(result, argument, …)``: compiled for exactly these types."""

    def later(function: F) -> F:
        return cast("F", Kernel(function, result(*arguments)))

    return later
