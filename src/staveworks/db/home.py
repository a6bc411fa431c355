"""Where an installation keeps its data: database, stored files, seals, logs."""

import os
from collections.abc import Mapping
from pathlib import Path

from staveworks.kit.configuration.table import HOME


def home_folder(environment: Mapping[str, str] | None = None) -> Path:
    """``STAVEWORKS_HOME``, else ``staveworks`` in the user's XDG data folder. Not created here."""
    variables = os.environ if environment is None else environment
    if chosen := variables.get(HOME.name):
        return HOME.kind.parse(chosen) or Path()
    xdg = variables.get("XDG_DATA_HOME")
    # The XDG specification: a relative path in its variables is to be ignored.
    base = Path(xdg) if xdg and Path(xdg).is_absolute() else Path.home() / ".local" / "share"
    return base / "staveworks"


def make_home(home: Path) -> Path:
    """Create the data folder. Others may pass through it (the database's own user must), not list it."""
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(exist_ok=True)
        home.chmod(0o711)
    return home
