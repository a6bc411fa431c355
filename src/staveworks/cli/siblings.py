"""The other doors, entered by name as granian enters its application: siblings don't import each other."""

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any


def sibling_door(module: str) -> ModuleType:
    """``staveworks.<module>``."""
    return importlib.import_module(f"staveworks.{module}")


def sibling(module: str, name: str) -> Callable[..., Any]:
    """``staveworks.<module>.<name>``, for starting it."""
    found: Callable[..., Any] = getattr(sibling_door(module), name)
    return found
