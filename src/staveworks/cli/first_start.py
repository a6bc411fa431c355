"""What happens once in a home (the demo cluster), and once per version (the static files)."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from staveworks.cli.siblings import sibling
from staveworks.kit.configuration.table import DATABASE_CROSS_URL


def make_demo_once(home: Path, say: Callable[[str], None]) -> None:
    """Make the demo cluster at the first `run` in a home, unless it holds organisations besides the operator's already.

    The mark is set after the demo is complete: a start that was cut short makes it again.
    """
    mark = home / "first-start-done"
    if mark.exists():
        return
    if not has_organisations():
        say("making the demo cluster 正在建立演示集群")
        sibling("demo", "make")(say)
    mark.touch()


def has_organisations() -> bool:
    """Whether anybody but the operator (and the demo, half made) is here."""
    from staveworks.foundation.parties.models import Organisation
    from staveworks.foundation.parties.types import Kind

    if not DATABASE_CROSS_URL.read():
        return False
    others = Organisation.objects.using("cross").filter(demo=False)
    return others.exclude(kinds__contains=[Kind.PLATFORM]).exists()


def collect_static(home: Path) -> None:
    """Gather and compress the static files when they have changed since they were last gathered."""
    from django.core.management import call_command

    stamp = home / "static.stamp"
    digest = _static_digest()
    if stamp.exists() and stamp.read_text("ascii") == digest:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest, "ascii")


def _static_digest() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            digest.update(f"{path} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
