"""Test orders at the demo's laboratory, one at each stage: samples awaited, in test, report to come, reported, reported twice."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from staveworks.demo.dealing import fill, place
from staveworks.demo.passing import pass_time
from staveworks.demo.people import owner_of
from staveworks.demo.reports import print_report
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor
from staveworks.mechanisms.tasks.queries import access_task
from staveworks.mechanisms.tasks.types.reports import Mark
from staveworks.mechanisms.tasks.types.results import NewResult, Test, Verdict
from staveworks.mechanisms.tasks.types.samples import TaskStep
from staveworks.mechanisms.tasks.usecases.issue_report import issue_report, replace_report
from staveworks.mechanisms.tasks.usecases.keep_scope import record_scope
from staveworks.mechanisms.tasks.usecases.open_task import open_task
from staveworks.mechanisms.tasks.usecases.record_custody import record_custody
from staveworks.mechanisms.tasks.usecases.record_results import record_results
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line
from staveworks.trade.settlement.usecases.post_ordered_line import post_ordered_line

A_YEAR = timedelta(days=365)
CERTIFICATE = "DEMO-CMA-2211"
GRADES = ("4-5", "4", "4", "3-4")
"""Of colour fastness, for the tests of a sample in turn."""
MISREAD = "耐摩擦的湿摩读数抄错一级，按原始记录更正"


def test_samples(
    orders: Sequence[Mapping[str, Any]], offers: Mapping[str, OfferVersion], buyers: Mapping[str, Actor]
) -> None:
    """``orders``: as `orders.yaml` says under ``tests``."""
    for said in orders:
        version, buyer = offers.get(said["offer"]), buyers.get(said["by"])
        if version is not None and buyer is not None:
            _test(said, version, buyer, owner_of(version.provider_org))


def accredit(version: OfferVersion) -> None:
    """The laboratory may put its mark on all that the offer tests, but the last."""
    today, methods = timezone.localdate(), (version.content.terms or {})["tests"]
    for each in methods[:-1]:
        record_scope(
            owner_of(version.provider_org),
            mark=Mark.CMA,
            certificate=CERTIFICATE,
            item=each["item"]["zh"],
            method=each["method"],
            from_date=today - A_YEAR,
            until_date=today + A_YEAR,
        )


def _test(said: Mapping[str, Any], version: OfferVersion, buyer: Actor, lab: Actor) -> None:
    order, (line,) = fill(buyer, [(version, said["ask"])])
    place(buyer, order)
    confirm_line(lab, line_id=line)
    open_task(lab, subject=line)
    stages = ("awaiting", "in_test", "to_report", "reported", "replaced")
    reached = stages.index(said["stage"])
    if reached >= 1:
        _receive(lab, line)
    pass_time({line: said["days"][0]})
    if reached == 1:
        _record(lab, line, access_task(lab, line_id=line).tests[:2])
    if reached >= 2:
        _record(lab, line, access_task(lab, line_id=line).tests)
    if reached >= 3:
        _report(lab, line)
    if reached >= 4:
        accept_line(buyer, line_id=line)
        post_ordered_line(buyer, subject=line)
        pass_time({line: said["days"][1]})
        _correct(lab, line)
        pass_time({line: said["days"][2]})


def _receive(lab: Actor, line: UUID) -> None:
    samples = [each.id for each in access_task(lab, line_id=line).samples]
    for step, place_ in ((TaskStep.RECEIVED, "收样柜 A3"), (TaskStep.IN_TEST, "色牢度室 302")):
        record_custody(lab, line_id=line, sample_ids=samples, step=step, place=place_)


def _record(lab: Actor, line: UUID, tests: Sequence[Test]) -> None:
    found = [NewResult(each.id, GRADES[n % len(GRADES)], "级", Verdict.MEETS) for n, each in enumerate(tests)]
    record_results(lab, line_id=line, results=found)


def _report(lab: Actor, line: UUID) -> None:
    task = access_task(lab, line_id=line)
    tests = [each.id for each in task.tests]
    issue_report(lab, line_id=line, file_id=_printed(lab, line), test_ids=tests, last=True)


def _correct(lab: Actor, line: UUID) -> None:
    """One result was misread: it is recorded again, and the report replaced."""
    wrong = access_task(lab, line_id=line).tests[1]
    record_results(lab, line_id=line, results=[NewResult(wrong.id, "3", "级", Verdict.FAILS)])
    tests = [each.id for each in access_task(lab, line_id=line).tests]
    replace_report(lab, line_id=line, series=1, file_id=_printed(lab, line), test_ids=tests, reason=MISREAD)


def _printed(lab: Actor, line: UUID) -> UUID:
    content = print_report(access_task(lab, line_id=line), at=timezone.now())
    return store_file(lab, name="检测报告.pdf", content=content).id
