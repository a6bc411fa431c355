"""Two devices at once: nothing is lost, and the diagnosis is of both answers."""

import threading
from pathlib import Path

import pytest
from django.db import connections

from staveworks.cluster.barrel import answering
from staveworks.cluster.barrel.models import Assessment
from staveworks.cluster.barrel.queries import access_assessment
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.foundation.parties.types import Actor
from tests.database import Clone
from tests.world import make_world

PLANKS = ("rnd", "procurement", "production", "logistics", "marketing", "finance", "talent", "ip")


def both_devices(actors: list[Actor]) -> tuple[int, int]:
    """Each device answers its half at the same time; how many answers stand, and how many the diagnosis knows."""
    assessment = start_assessment(actors[0])
    start = threading.Barrier(len(actors))

    def answer(actor: Actor, planks: tuple[str, ...]) -> None:
        start.wait()
        for plank in planks:
            save_answer(actor, assessment_id=assessment, leaf=f"{plank}.a", value=3)
        connections.close_all()

    halves = (PLANKS[:4], PLANKS[4:])
    threads = [threading.Thread(target=answer, args=each) for each in zip(actors, halves, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    view = access_assessment(actors[0], assessment_id=assessment)
    assert view.card.diagnosis is not None
    return len(view.values), view.card.diagnosis.answered


def test_two_devices_that_save_different_answers_lose_nothing(committed: Clone, small_rubric: Path) -> None:
    world = make_world()
    assert both_devices([world.lin, world.zhou]) == (len(PLANKS), len(PLANKS))


def test_two_devices_that_start_at_once_get_the_same_assessment(committed: Clone, small_rubric: Path) -> None:
    world = make_world()
    found: list[object] = []
    start = threading.Barrier(2)

    def begin(actor: Actor) -> None:
        start.wait()
        found.append(start_assessment(actor))
        connections.close_all()

    threads = [threading.Thread(target=begin, args=[actor]) for actor in (world.lin, world.zhou)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1


def test_control_without_the_lock_the_diagnosis_misses_answers(
    committed: Clone, small_rubric: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock of the assessment's row taken away, and both made to read at the same time."""
    world = make_world()
    assessment = start_assessment(world.lin)
    meet = threading.Barrier(2, timeout=10)
    real = answering.answers_of

    def unlocked(actor: Actor, assessment_id: object) -> Assessment:
        return Assessment.objects.select_related("edition").get(id=assessment_id)

    def read_together(found: Assessment) -> dict[str, object]:
        values = real(found)
        meet.wait()
        return dict(values)

    saving = "staveworks.cluster.barrel.usecases.save_answer"
    monkeypatch.setattr(f"{saving}.lock_open", unlocked)
    monkeypatch.setattr(f"{saving}.record_answers", without_row_lock)
    monkeypatch.setattr("staveworks.cluster.barrel.diagnosing.answers_of", read_together)

    def answer(actor: Actor, leaf: str) -> None:
        save_answer(actor, assessment_id=assessment, leaf=leaf, value=3)
        connections.close_all()

    threads = [
        threading.Thread(target=answer, args=each) for each in ((world.lin, "rnd.a"), (world.zhou, "ip.a"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    card = access_assessment(world.lin, assessment_id=assessment).card.diagnosis
    assert card is not None
    assert card.answered == 1


def without_row_lock(actor: Actor, assessment: Assessment, values: dict[str, object]) -> None:
    """Writes the answer, but leaves the assessment's row alone, whose update would be a lock as well."""
    from django.utils import timezone

    from staveworks.cluster.barrel.models import Answer

    Answer.objects.bulk_create(
        Answer(org_id=assessment.org_id, assessment=assessment, leaf=leaf, value=value)
        for leaf, value in values.items()
    )
    assessment.saved_at = timezone.now()
