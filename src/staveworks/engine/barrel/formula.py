"""Formulas over named numbers, read by our own small evaluator: arithmetic and five functions, nothing else.

Never Python's ``eval``. A formula is compiled once into closures that take whole columns, so that one firm and a hundred
thousand are computed by the same code.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]
Compiled = Callable[[Mapping[str, Column]], Column]

FUNCTIONS: dict[str, Callable[..., Column]] = {
    "min": lambda *parts: np.minimum.reduce(np.broadcast_arrays(*parts)),
    "max": lambda *parts: np.maximum.reduce(np.broadcast_arrays(*parts)),
    "floor": np.floor,
    "ceil": np.ceil,
    "abs": np.abs,
}
ARITY_ONE = {"floor", "ceil", "abs"}

OPERATORS: dict[type[ast.operator], Callable[..., Column]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
}


class FormulaError(ValueError):
    """The formula uses something that is not arithmetic, a named number or one of the five functions."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A compiled formula. ``names`` are the numbers that it needs. Division by zero gives NaN or infinity."""

    source: str
    names: frozenset[str]
    compiled: Compiled

    def __call__(self, numbers: Mapping[str, Column]) -> Column:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.asarray(self.compiled(numbers), dtype=np.float64)


def parse_formula(source: str) -> Formula:
    """Raises ``FormulaError`` for a syntax error and for anything outside the small language."""
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"not a formula: {source!r}") from error
    names: set[str] = set()
    compiled = _compile(tree.body, names)
    return Formula(source, frozenset(names), compiled)


def _compile(node: ast.expr, names: set[str]) -> Compiled:
    match node:
        case ast.Constant(value=bool()):
            raise FormulaError("true and false are not numbers")
        case ast.Constant(value=int() | float() as number):
            constant = np.float64(number)
            return lambda _: constant  # type: ignore[return-value]
        case ast.Name(id=name):
            names.add(name)
            return lambda numbers: numbers[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _compile(operand, names)
            return lambda numbers: -inner(numbers)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return _binary(OPERATORS[type(op)], _compile(left, names), _compile(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            return _call(name, [_compile(each, names) for each in args])
    raise FormulaError(f"not allowed in a formula: {ast.unparse(node)}")


def _binary(operate: Callable[..., Column], left: Compiled, right: Compiled) -> Compiled:
    return lambda numbers: operate(left(numbers), right(numbers))


def _call(name: str, parts: list[Compiled]) -> Compiled:
    if name not in FUNCTIONS:
        raise FormulaError(f"no such function: {name}")
    if not parts or (name in ARITY_ONE and len(parts) != 1):
        raise FormulaError(f"{name} with {len(parts)} arguments")
    function = FUNCTIONS[name]
    return lambda numbers: function(*(part(numbers) for part in parts))
