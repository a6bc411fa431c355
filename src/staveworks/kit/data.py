"""Where the data files stand: those that ship, and a folder of the cluster's own that comes first."""

import os
from pathlib import Path

SHIPPED = Path(__file__).parent.parent / "data"


def data_file(name: str) -> Path:
    """The path of data file ``name`` (such as ``planks.yaml``): from ``STAVEWORKS_DATA`` where it stands there, else shipped."""
    own = os.environ.get("STAVEWORKS_DATA")
    if own and (Path(own) / name).exists():
        return Path(own) / name
    return SHIPPED / name


def data_files(folder: str, pattern: str) -> list[Path]:
    """All files of a data folder such as ``rubrics``; the cluster's own replaces a shipped file of the same name."""
    own = os.environ.get("STAVEWORKS_DATA")
    found: dict[str, Path] = {}
    for root in (SHIPPED, Path(own) if own else None):
        if root:
            found |= {path.name: path for path in (root / folder).glob(pattern)}
    return [found[name] for name in sorted(found)]
