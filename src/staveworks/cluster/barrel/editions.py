"""Rubrics by edition: the one in force, and old ones from the texts that were kept."""

import hashlib
import logging
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from staveworks.cluster.barrel.models import Edition
from staveworks.engine.barrel import Library, Rubric, RubricRefused, list_rubrics, load_rubric
from staveworks.kit.configuration.table import DATA
from staveworks.kit.data import data_file, data_files
from staveworks.kit.planks import load_register

DEFAULT_RUBRIC = "staveworks-planks-2026"
REGISTER = "planks.yaml"
log = logging.getLogger("staveworks.barrel")


def offered_rubrics() -> list[str]:
    """The ids of the rubrics that a firm may choose, the one with planks first. A file that is refused is left out, with a
    line in the log: one slip of the pen must not close the others."""
    found = sorted(list_rubrics(), key=lambda each: (each != DEFAULT_RUBRIC, each))
    return [each for each in found if _loads(each)]


def _loads(rubric_id: str) -> bool:
    try:
        load_rubric(rubric_id)
    except RubricRefused as refused:
        log.warning("rubric left out: %s", refused.text.en)
        return False
    return True


def edition_in_force(rubric_id: str) -> Edition:
    """The row of the rubric as its file stands now, recorded when first used. Raises ``UnknownRubric``, ``RubricRefused``."""
    digest = digest_in_force(rubric_id)
    found = Edition.objects.filter(digest=digest).defer("sources").first()
    if found is None:
        rubric = load_rubric(rubric_id)
        row = Edition(
            rubric=rubric.id,
            edition=rubric.edition,
            sha256=rubric.sha256,
            digest=digest,
            sources=_sources(rubric),
        )
        Edition.objects.bulk_create([row], ignore_conflicts=True)
        found = Edition.objects.defer("sources").get(digest=digest)
    return found


def rubric_of(edition: Edition) -> Rubric:
    """The rubric of an assessment, exactly as it stood."""
    if edition.digest == digest_in_force(edition.rubric):
        return load_rubric(edition.rubric)
    return _kept(edition.digest, edition.rubric)


def digest_in_force(rubric_id: str) -> str:
    """SHA-256 over the rubric's file, those it refers to, and the register of planks."""
    return _digest(rubric_id, DATA.read())


@lru_cache(maxsize=32)
def _digest(rubric_id: str, _own_data: Path | None) -> str:
    total = hashlib.sha256()
    for name, text in sorted(_sources(load_rubric(rubric_id)).items()):
        total.update(f"{name}\0{len(text)}\0{text}".encode())
    return total.hexdigest()


def _sources(rubric: Rubric) -> dict[str, str]:
    files = {path.stem: path for path in data_files("rubrics", "*.yaml")}
    texts = {f"{each}.yaml": files[each].read_text(encoding="utf-8") for each in _needed(rubric)}
    return texts | {REGISTER: data_file(REGISTER).read_text(encoding="utf-8")}


def _needed(rubric: Rubric) -> set[str]:
    """The rubric itself and all that it takes leaves or results from."""
    linked = [leaf.link.rubric for leaf in rubric.leaves if leaf.link]
    origins = {leaf.origin for leaf in rubric.leaves}
    return {rubric.id, *origins}.union(*(_needed(each) for each in linked))


@lru_cache(maxsize=16)
def _kept(digest: str, rubric_id: str) -> Rubric:
    return read_sources(Edition.objects.get(digest=digest).sources, rubric_id)


def read_sources(sources: Mapping[str, str], rubric_id: str) -> Rubric:
    """A rubric from kept texts."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / name for name in sources}
        for name, path in paths.items():
            path.write_text(sources[name], encoding="utf-8")
        rubrics = {Path(name).stem: path for name, path in paths.items() if name != REGISTER}
        return Library(rubrics, load_register(paths[REGISTER])).rubric(rubric_id)
