"""What the oldest Python that we promise cannot do though the newest can, and no tool tells."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "src" / "staveworks"


def test_no_frozen_class_with_slots_is_made_with_its_types_named() -> None:
    """Python 3.12 fails at ``Setting[int](…)`` where ``Setting`` is a frozen dataclass with slots: it can't note the types."""
    trees = [ast.parse(path.read_text("utf-8")) for path in SOURCES.rglob("*.py")]
    closed = {name for tree in trees for name in closed_generics(tree)}
    assert closed, "nothing to look for"
    assert {name for tree in trees for name in made_with_types(tree)} & closed == set()


def test_control_such_a_class_is_found() -> None:
    tree = ast.parse(
        "@dataclass(frozen=True, slots=True)\nclass Kept[T]:\n    value: T\n\nONE = Kept[int](1)\nTWO = Kept(2)\n"
    )
    assert list(closed_generics(tree)) == list(made_with_types(tree)) == ["Kept"]


def closed_generics(tree: ast.Module) -> Iterator[str]:
    """Names of generic dataclasses that are frozen and have slots."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.type_params:
            given = {
                word.arg
                for decorator in node.decorator_list
                if isinstance(decorator, ast.Call)
                for word in decorator.keywords
            }
            if given >= {"frozen", "slots"}:
                yield node.name


def made_with_types(tree: ast.Module) -> Iterator[str]:
    """Names called as ``Name[…](…)``."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Subscript(value=ast.Name(id=name))):
                yield name
