"""A laboratory for tests: 方敏's, whose offer makes two tests by standard methods, and an order that it has confirmed.

>>> lab = make_lab()
>>> line = lab.order(world.lin, samples=["漂白布 1 号", "漂白布 2 号"])   # confirmed, its test order opened
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.mechanisms.tasks.queries import access_task
from staveworks.mechanisms.tasks.types.reports import Mark
from staveworks.mechanisms.tasks.types.results import NewResult
from staveworks.mechanisms.tasks.types.samples import TaskStep
from staveworks.mechanisms.tasks.types.tasks import Task as Order
from staveworks.mechanisms.tasks.usecases.issue_report import issue_report
from staveworks.mechanisms.tasks.usecases.keep_scope import record_scope
from staveworks.mechanisms.tasks.usecases.open_task import open_task
from staveworks.mechanisms.tasks.usecases.record_custody import record_custody
from staveworks.mechanisms.tasks.usecases.record_results import record_results
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from tests.trading import publish
from tests.world import join, make_firm, make_person

PDF = b"%PDF-1.7\n"
FORCE = {
    "code": "force",
    "item": {"zh": "断裂强力", "en": "Breaking force"},
    "method": "GB/T 3923.1-2013",
}
PILLING = {"code": "pilling", "item": {"zh": "起球", "en": "Pilling"}, "method": "GB/T 4802.1-2008"}
TERMS: dict[str, Any] = {
    "kind": "test",
    "tests": [FORCE, PILLING],
    "retention_days": 30,
    "rush": {"ratio": "0.5", "days": 1},
}
PER_TEST = {"kind": "per_unit", "unit": {"zh": "项", "en": "test"}, "unit_price_fen": 12_001}
A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Lab:
    """方敏 owns it; one test costs ¥120.01, a rushed one half as much again."""

    fang: Actor
    offer: OfferVersion

    def place(self, buyer: Actor, **request: Any) -> UUID:
        """The line, placed. Without more said: two samples, both tests."""
        asked = {"samples": ["漂白布 1 号", "漂白布 2 号"], "tests": ["force", "pilling"], **request}
        added = add_line(buyer, version_id=self.offer.id, request=asked)
        hold_order(buyer, order_id=added.order_id)
        place_order(buyer, order_id=added.order_id)
        return added.line_id

    def order(self, buyer: Actor, **request: Any) -> UUID:
        line = self.place(buyer, **request)
        confirm_line(self.fang, line_id=line)
        open_task(self.fang, subject=line)
        return line

    def see(self, line: UUID) -> Order:
        return access_task(self.fang, line_id=line)

    def receive(self, line: UUID, *, step: TaskStep = TaskStep.RECEIVED) -> None:
        samples = [each.id for each in self.see(line).samples]
        record_custody(self.fang, line_id=line, sample_ids=samples, step=step, place="收样柜 A3")

    def test(self, line: UUID, *, items: Sequence[str] = (), **said: Any) -> list[UUID]:
        """A result for each of its tests, or those of these items; the ids of the tests."""
        tests = [each.id for each in self.see(line).tests if not items or each.item.en in items]
        results = [NewResult(each, **{"value": "512", "unit": "N", **said}) for each in tests]
        record_results(self.fang, line_id=line, results=results)
        return tests

    def tested(self, buyer: Actor, **request: Any) -> tuple[UUID, list[UUID]]:
        """An order whose samples have arrived and were tested."""
        line = self.order(buyer, **request)
        self.receive(line)
        return line, self.test(line)

    def file(self, content: bytes = PDF) -> UUID:
        return store_file(self.fang, name="报告.pdf", content=content).id

    def report(self, line: UUID, tests: Sequence[UUID], **said: Any) -> UUID:
        return issue_report(self.fang, line_id=line, file_id=self.file(), test_ids=tests, **said)

    def accredit(self, mark: Mark = Mark.CMA, *entries: dict[str, Any], **days: date) -> list[UUID]:
        """For both tests, or those of ``entries``; from a year ago to in a year, unless said otherwise."""
        today = timezone.localdate()
        dates = {"from_date": today - A_YEAR, "until_date": today + A_YEAR, **days}
        return [
            record_scope(
                self.fang,
                mark=mark,
                certificate="230011",
                item=each["item"]["zh"],
                method=each["method"],
                **dates,
            )
            for each in entries or (FORCE, PILLING)
        ]


def testing_things(owner: Actor, partner: Actor) -> dict[str, str]:
    """A test order with a report that the owner gave to a partner, and one that she took of it, by the parameters of addresses."""
    given, taken = Lab(partner, _offer(partner)), Lab(owner, _offer(owner))
    task, tests = given.tested(owner, samples=["布样"], tests=["force"])
    served, its = taken.tested(partner, samples=["布样"], tests=["force"])
    taken.report(served, its)
    return {
        "task": str(task),
        "report": str(given.report(task, tests, last=True)),
        "label": given.see(task).samples[0].code,
        "served_task": str(served),
        "test": str(its[0]),
        "sample": str(taken.see(served).samples[0].id),
        "scope": str(taken.accredit(Mark.CMA, FORCE)[0]),
    }


def make_lab() -> Lab:
    fang = join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER), Role.OWNER)
    return Lab(fang, _offer(fang))


def _offer(seller: Actor) -> OfferVersion:
    return publish(seller, mechanism="task", terms=TERMS, price=PER_TEST, lead_time_days=5)
