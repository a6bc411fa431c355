"""Samples change hands: one more link of their chain of custody."""

from collections.abc import Sequence
from uuid import UUID

from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.tasks.acting import note, own_task, parties_of
from staveworks.mechanisms.tasks.domain import check_step
from staveworks.mechanisms.tasks.models import Custody, Sample
from staveworks.mechanisms.tasks.rows import sample_of
from staveworks.mechanisms.tasks.types.samples import NoSamples, SampleNotFound, TaskStep


@use_case
def record_custody(
    actor: Actor,
    *,
    line_id: UUID,
    sample_ids: Sequence[UUID],
    step: TaskStep,
    place: str = "",
    text: str = "",
) -> None:
    """All of them, or none. ``place``: where they are now (a shelf, a machine, the second laboratory), or how they were sent back.

    Raises ``RightMissing``, ``TaskNotFound``, ``NoSamples``, ``SampleNotFound``, ``StepRefused``.
    """
    task = own_task(actor, line_id)
    if not sample_ids:
        raise NoSamples(field="samples")
    samples = locked_samples(task.line_id, sample_ids)
    for each in samples:
        check_step(sample_of(each), step)
    Custody.objects.bulk_create(
        Custody(
            id=new_id(),
            sample=each,
            number=0,
            step=step,
            place=" ".join(place.split())[:120],
            note=" ".join(text.split())[:400],
            by_id=actor.person_id,
            **parties_of(task),
        )
        for each in samples
    )
    note(actor, "sample.moved", task, step=step, samples=len(samples))


def locked_samples(line_id: UUID, sample_ids: Sequence[UUID]) -> list[Sample]:
    """Of that order, locked in the order of their ids: of two who act on one at once, the second sees the first."""
    found = Sample.objects.select_for_update(no_key=True).filter(task_id=line_id, id__in=set(sample_ids))
    samples = list(found.order_by("id"))
    if len(samples) != len(set(sample_ids)):
        raise SampleNotFound(field="samples")
    return samples
