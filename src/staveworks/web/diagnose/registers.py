"""The register of planks in force, read once for each data folder."""

import os
from functools import lru_cache

from staveworks.kit.data import data_file
from staveworks.kit.planks import Register, load_register


def register_in_force() -> Register:
    return _register(os.environ.get("STAVEWORKS_DATA"))


@lru_cache(maxsize=4)
def _register(_own_data: str | None) -> Register:
    return load_register(data_file("planks.yaml"))
