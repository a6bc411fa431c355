"""What goes on in an installation, as a process of its own: ``python -m tests.rooms.keeping.life make`` or ``… write FILE``.

``make`` fills an empty home: people, firms, a stored file, a roster. ``write`` goes on writing until it is killed, and notes in
FILE what the database acknowledged, synced: one line of JSON each, with the time.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from staveworks.cli.database import with_database


def make() -> None:
    from staveworks.foundation.files.usecases.store_file import store_file
    from tests.world import make_world

    world = make_world()
    store_file(world.lin, name="licence.pdf", content=pdf(0))
    _load_roster()
    _seal()


def _seal() -> None:
    """For the first time, as `verify` and the worker do."""
    from staveworks.jobs.verifying import seal, verify_node

    seal()
    assert verify_node().ok


def _load_roster() -> None:
    from staveworks.foundation.parties.queries import operator_service
    from staveworks.foundation.rosters.usecases.upload_roster import upload_roster

    path = Path(os.environ["STAVEWORKS_HOME"]).parent / "list.csv"
    path.write_text("企业名称,所在城市\n柯桥新风纺织有限公司,绍兴\n", "utf-8")
    upload_roster(operator_service(), path=path, name="list.csv")


def write(acknowledged: Path) -> None:
    """Events and files in turn, as 林春晖 of 春晖织造."""
    from staveworks.foundation.files.usecases.store_file import store_file
    from staveworks.foundation.parties.models import Person
    from staveworks.foundation.parties.queries import actor_for, list_organisations_of

    person = Person.objects.get(email="lin@chunhui.example")
    actor = actor_for(person.id, list_organisations_of(person.id)[0].id)
    with acknowledged.open("a", encoding="ascii") as file:
        number = 0
        while True:
            number += 1
            if number % 5:
                note(file, event=str(append(actor)))
            else:
                stored = store_file(actor, name=f"{number}.pdf", content=pdf(number))
                note(file, file=str(stored.id), sha256=stored.sha256)


def append(actor: Any) -> object:
    from staveworks.db.transaction import acting
    from staveworks.foundation.eventlog.usecases.append_event import append_event
    from staveworks.kit.ids import new_id

    with acting(org=actor.org_id, person=actor.person_id):
        return append_event(actor, "thing.done", subject=new_id())


def note(file: Any, /, **what: str) -> None:
    file.write(json.dumps({**what, "at": time.time()}) + "\n")
    file.flush()
    os.fsync(file.fileno())


def pdf(number: int) -> bytes:
    return b"%PDF-1.7\n" + f"paper {number}\n".encode() * 500


if __name__ == "__main__":
    with with_database(migrating=False):
        make() if sys.argv[1] == "make" else write(Path(sys.argv[2]))
