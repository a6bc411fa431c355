"""Who was erased, in a file outside of the database: an older backup that is restored must not bring anybody back.

It holds numbers, nothing else: it says nothing of anybody to whoever finds it. A copy lies in every folder with a backup that
this installation made.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from staveworks.db.keeping.catalogue import read_catalogue
from staveworks.foundation.parties.models import Person

NAME = "erased.json"


def erased_file(home: Path) -> Path:
    return home / NAME


def remember_erased(home: Path) -> int:
    """Write down all that the database and the files know; how many. Files are replaced at once, never half written.

    A folder of backups that is out of reach is passed over: it gets the list with its next backup.
    """
    known = set(Person.objects.filter(erased_at__isnull=False).values_list("id", flat=True))
    known |= read_erased(erased_file(home))
    if not known:
        return 0
    _write(erased_file(home), known)
    for folder in sorted({Path(kept.path).parent for kept in read_catalogue(home) if kept.is_there}):
        with suppress(OSError):
            _write(erased_file(folder), known | read_erased(erased_file(folder)))
    return len(known)


def read_erased(path: Path) -> set[UUID]:
    """The numbers in a file; none if there is no file. Raises ``ValueError`` if it can't be read."""
    if not path.exists():
        return set()
    return {UUID(each) for each in json.loads(path.read_text(encoding="ascii"))["erased"]}


def _write(path: Path, ids: Iterable[UUID]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    with fresh.open("w", encoding="ascii") as file:
        json.dump({"erased": sorted(map(str, ids))}, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
