"""Results come in: typed, from a file of the instrument, or by API. A correction is a further one; nothing is overwritten."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from staveworks.db.clock import database_today
from staveworks.db.transaction import use_case
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from staveworks.mechanisms.tasks.acting import note, own_task, parties_of
from staveworks.mechanisms.tasks.domain import LONGEST_VALUE, REPORTABLE, TOO_LONG, read_results
from staveworks.mechanisms.tasks.models import Custody, Result, Sample, Test
from staveworks.mechanisms.tasks.rows import test_of
from staveworks.mechanisms.tasks.types.results import (
    CsvInvalid,
    InFuture,
    NewResult,
    NotReceivedYet,
    ResultInvalid,
    Source,
)
from staveworks.mechanisms.tasks.types.tasks import NotInHand, TaskNotFound
from staveworks.trade.orders.types import LineState

MOST_BYTES = 1_000_000
LONGEST = {"value": LONGEST_VALUE, "unit": 40, "laboratory": 120}


@use_case
def record_results(
    actor: Actor, *, line_id: UUID, results: Sequence[NewResult], source: Source = Source.TYPED
) -> int:
    """How many were recorded: all of them or none.

    Raises ``RightMissing``, ``TaskNotFound``, ``NotInHand``, ``NotReceivedYet``, ``ResultInvalid``, ``InFuture`` (at
    ``results.<n>.<field>``).
    """
    task = own_task(actor, line_id)
    if LineState(task.line.state) not in REPORTABLE:
        raise NotInHand
    today = database_today()
    cleaned = [_cleaned(each, place, today) for place, each in enumerate(results)]
    tests = Test.objects.select_for_update(no_key=True, of=("self",)).filter(sample__task=task)
    found = {each.id: each for each in tests.filter(id__in=[r.test_id for r in cleaned]).order_by("id")}
    if any(each.test_id not in found for each in cleaned):
        raise TaskNotFound(field="results")
    here = {each.sample_id for each in Custody.objects.filter(sample__task=task)}
    if any(each.sample_id not in here for each in found.values()):
        raise NotReceivedYet(field="results")
    Result.objects.bulk_create(
        Result(
            id=new_id(),
            test_id=each.test_id,
            number=0,
            value=each.value,
            unit=each.unit,
            verdict=each.verdict,
            tested_on=each.tested_on or today,
            laboratory=each.laboratory,
            source=source,
            recorded_by_id=actor.person_id,
            **parties_of(task),
        )
        for each in cleaned
    )
    note(actor, "result.recorded", task, results=len(cleaned), source=source)
    return len(cleaned)


@use_case
def record_file(actor: Actor, *, line_id: UUID, content: bytes) -> int:
    """Results out of a CSV file. Raises ``CsvInvalid`` (nothing of it was taken), and what ``record_results`` raises."""
    task = own_task(actor, line_id)
    if len(content) > MOST_BYTES:
        raise CsvInvalid(1, TOO_LONG)
    samples = list(Sample.objects.filter(task=task).prefetch_related("tests"))
    tests = [test_of(test, sample.number) for sample in samples for test in sample.tests.all()]
    labels = {str(sample.number): sample.id for sample in samples}
    labels |= {sample.code: sample.id for sample in samples}
    found = read_results(content, tests, labels)
    try:
        return record_results(actor, line_id=line_id, results=found, source=Source.FILE)
    except (ResultInvalid, InFuture, NotReceivedYet) as refused:
        raise type(refused)(field="file") from None


def _cleaned(result: NewResult, place: int, today: date) -> NewResult:
    said = {name: " ".join(getattr(result, name).split()) for name in LONGEST}
    for name, text in said.items():
        if len(text) > LONGEST[name] or (name == "value" and not text):
            raise ResultInvalid(field=f"results.{place}.{name}")
    tested_on = result.tested_on or today
    if tested_on > today:
        raise InFuture(field=f"results.{place}.tested_on")
    return replace(
        result,
        value=said["value"],
        unit=said["unit"],
        laboratory=said["laboratory"],
        tested_on=tested_on,
    )
