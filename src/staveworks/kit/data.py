"""Where the data files stand: those that ship, and a folder of the cluster's own that comes first."""

from pathlib import Path

from staveworks.kit.configuration.table import DATA

SHIPPED = Path(__file__).parent.parent / "data"


def data_file(name: str) -> Path:
    """The path of data file ``name`` (such as ``planks.yaml``): from ``STAVEWORKS_DATA`` where it stands there, else shipped."""
    own = DATA.read()
    if own and (own / name).exists():
        return own / name
    return SHIPPED / name


def data_files(folder: str, pattern: str) -> list[Path]:
    """All files of a data folder such as ``rubrics``; the cluster's own replaces a shipped file of the same name."""
    own = DATA.read()
    found: dict[str, Path] = {}
    for root in (SHIPPED, own):
        if root:
            found |= {path.name: path for path in (root / folder).glob(pattern)}
    return [found[name] for name in sorted(found)]
