"""Industry packs: operations, families, grades, units, certificates and standard routes as data. Code names none of them.

One door: ``load_industries``. A pack is a file of ``data/industries``; a cluster replaces or adds them like other data files.
"""

from functools import cache
from pathlib import Path

from staveworks.kit.data import data_files
from staveworks.kit.industries.pack import Certificate, Family, Grade, Industries, Operation, Pack, Unit
from staveworks.kit.industries.reading import PackRefused, read_pack

__all__ = [
    "Certificate",
    "Family",
    "Grade",
    "Industries",
    "Operation",
    "Pack",
    "PackRefused",
    "Unit",
    "load_industries",
    "read_pack",
]


def load_industries() -> Industries:
    """All packs of this cluster. Raises ``PackRefused`` naming file and field."""
    files = data_files("industries", "*.yaml")
    return _read(tuple((path, path.stat().st_mtime_ns) for path in files))


@cache
def _read(files: tuple[tuple[Path, int], ...]) -> Industries:
    """Read once for each state of the files: pages ask for them many times over."""
    return Industries([read_pack(path) for path, _ in files])
