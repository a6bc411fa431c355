"""Where compiled kernels are kept, and whether all are there. Reads no compiler: a start asks it."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
KERNELS = (
    "prices.soft",
    "prices.hops",
    "prices.making",
    "prices.wants",
    "prices.pricing",
    "planning.makers",
    "planning.paths",
    "planning.narrow",
    "planning.lots",
    "planning.moves",
    "planning.search",
    "planning.construct",
    "planning.hasty",
    "assignment.relaxation",
)
"""Modules with compiled functions, those that are called first."""


WHOLE = "whole"
"""A file in the cache: its kernels are all there."""


def digest() -> str:
    """Of the sources: a kernel holds what it calls, so a change anywhere makes all of them stale."""
    sources = hashlib.sha256()
    for name in ("network", "plan", "compiled", *KERNELS):
        sources.update(HERE.joinpath(*name.split(".")).with_suffix(".py").read_bytes())
    return sources.hexdigest()[:16]


def cache() -> Path:
    """Beside the sources, where they were compiled at set-up or may be written; else with the user's caches, else for a while."""
    name = f"kernels-{digest()}"
    if chosen := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(chosen) / name
    beside = HERE / "__pycache__" / name
    if beside.is_dir() or os.access(beside.parent if beside.parent.is_dir() else HERE, os.W_OK):
        return beside
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    writable = os.access(home if home.is_dir() else home.parent, os.W_OK)
    return (home if writable else Path(tempfile.gettempdir())) / "staveworks" / name


def forget_stale() -> None:
    """Remove what older sources were compiled to."""
    for folder in cache().parent.glob("kernels-*"):
        if folder != cache():
            shutil.rmtree(folder, ignore_errors=True)


def all_kept() -> bool:
    """Whether every kernel of these sources was compiled to its end."""
    return (cache() / WHOLE).exists()


def mark_whole() -> None:
    cache().mkdir(parents=True, exist_ok=True)
    (cache() / WHOLE).touch()
