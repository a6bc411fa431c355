"""Which words mean the same, from ``data/synonyms.yaml``."""

from functools import cache
from pathlib import Path

import yaml

from staveworks.kit.data import data_file
from staveworks.trade.catalogue.search.words import Synonyms


def synonyms() -> Synonyms:
    path = data_file("synonyms.yaml")
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, _changed_at: int) -> Synonyms:
    return Synonyms(yaml.safe_load(path.read_text(encoding="utf-8")))
