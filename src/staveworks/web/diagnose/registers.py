"""The register of planks in force, read once for each data folder."""

from functools import lru_cache
from pathlib import Path

from staveworks.kit.configuration.table import DATA
from staveworks.kit.data import data_file
from staveworks.kit.planks import Register, load_register


def register_in_force() -> Register:
    return _register(DATA.read())


@lru_cache(maxsize=4)
def _register(_own_data: Path | None) -> Register:
    return load_register(data_file("planks.yaml"))
