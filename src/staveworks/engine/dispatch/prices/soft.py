"""e^x and log x as compiled loops can take them several at a time: polynomials without branches, exact to about 10⁻¹²."""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from staveworks.engine.dispatch.compiled import FLOAT, kernel

LOWEST = -708.0
"""e to anything below is said to be 0."""
_ROUND = 6755399441055744.0
"""1.5 · 2^52: what is added to it is rounded to a whole number, found in the last bits."""
_WHOLE = 4503599627370496.0
_MANTISSA, _ONE, _WHOLE_BITS = 0xFFFFFFFFFFFFF, 0x3FF0000000000000, 0x4330000000000000
_LOG2_E, _LOG_2, _ROOT_2 = 1.4426950408889634, 0.6931471805599453, 1.4142135623730951


def _as_bits(_: Any, value: Any) -> Any:
    return types.int64(types.float64), lambda context, builder, signature, given: builder.bitcast(
        given[0], ir.IntType(64)
    )


def _as_float(_: Any, bits: Any) -> Any:
    return types.float64(types.int64), lambda context, builder, signature, given: builder.bitcast(
        given[0], ir.DoubleType()
    )


_bits = cast("Callable[[float], int]", intrinsic(_as_bits))
"""The bits of a float as a whole number."""
_float = cast("Callable[[int], float]", intrinsic(_as_float))
"""The float that has these bits."""


@kernel(FLOAT, FLOAT)
def exp(x: float) -> float:
    """e^x for x up to 709: 2^n · e^rest, |rest| ≤ log 2 / 2."""
    high = x if x > LOWEST else LOWEST
    shifted = high * _LOG2_E + _ROUND
    rest = high - (shifted - _ROUND) * _LOG_2
    value = 1.0 + rest * (1 / 10)
    value = 1.0 + rest * (1 / 9) * value
    value = 1.0 + rest * (1 / 8) * value
    value = 1.0 + rest * (1 / 7) * value
    value = 1.0 + rest * (1 / 6) * value
    value = 1.0 + rest * (1 / 5) * value
    value = 1.0 + rest * (1 / 4) * value
    value = 1.0 + rest * (1 / 3) * value
    value = 1.0 + rest * (1 / 2) * value
    value = 1.0 + rest * value
    value *= _float((_bits(shifted) + 1023) << 52)
    return value if x > LOWEST else 0.0


@kernel(FLOAT, FLOAT)
def log(x: float) -> float:
    """The logarithm of an x ≥ 10⁻³⁰⁷: of its exponent and, by 2 artanh((m − √2) / (m + √2)), of its mantissa."""
    bits = _bits(x)
    exponent = _float((bits >> 52) | _WHOLE_BITS) - (_WHOLE + 1023.0)
    mantissa = _float((bits & _MANTISSA) | _ONE)
    part = (mantissa - _ROOT_2) / (mantissa + _ROOT_2)
    square = part * part
    series = 1 / 11 + square * (1 / 13)
    series = 1 / 9 + square * series
    series = 1 / 7 + square * series
    series = 1 / 5 + square * series
    series = 1 / 3 + square * series
    series = 1.0 + square * series
    return (exponent + 0.5) * _LOG_2 + 2.0 * part * series
