"""The other doors, entered by name as granian enters its application: siblings don't import each other."""

import importlib
from collections.abc import Callable
from typing import Any


def sibling(module: str, name: str) -> Callable[..., Any]:
    """``staveworks.<module>.<name>``, for starting it."""
    found: Callable[..., Any] = getattr(importlib.import_module(f"staveworks.{module}"), name)
    return found
