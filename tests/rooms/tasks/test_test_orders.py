"""From test order to report: what is asked and costs, where samples are, what they gave, who reads what when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.files.types import FileNotFound
from staveworks.mechanisms.tasks import queries, waiting
from staveworks.mechanisms.tasks.models import Custody, Report, Result, Sample, Scope, Task
from staveworks.mechanisms.tasks.types.reports import (
    AllReportedFirst,
    Mark,
    OutOfScope,
    ReasonForReplacing,
    ReportNotFound,
)
from staveworks.mechanisms.tasks.types.results import (
    CsvInvalid,
    InFuture,
    NewResult,
    NotReceivedYet,
    ResultInvalid,
    Source,
    Verdict,
)
from staveworks.mechanisms.tasks.types.samples import Rest, SampleNotFound, StepRefused, TaskStep
from staveworks.mechanisms.tasks.types.tasks import NotInHand, Stage, TaskNotFound
from staveworks.mechanisms.tasks.usecases.issue_report import replace_report
from staveworks.mechanisms.tasks.usecases.keep_scope import end_scope
from staveworks.mechanisms.tasks.usecases.open_task import open_task
from staveworks.mechanisms.tasks.usecases.record_custody import record_custody
from staveworks.mechanisms.tasks.usecases.record_results import record_file, record_results
from staveworks.trade.catalogue.mechanisms import mechanism_of
from staveworks.trade.catalogue.queries import quote_version
from staveworks.trade.catalogue.requests import RequestInvalid
from staveworks.trade.catalogue.types import OfferInvalid
from staveworks.trade.orders.queries import access_line
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.dispute_line import open_dispute
from staveworks.trade.orders.usecases.end_line import displace_line
from tests.testing import FORCE, PDF, PER_TEST, PILLING, TERMS, Lab
from tests.trading import publish
from tests.world import World

YESTERDAY = timedelta(days=1)


class TestOffer:
    def test_asks_for_samples_and_tests_and_counts_them(self, world: World, lab: Lab) -> None:
        form = mechanism_of("task").form(lab.offer)
        assert list(form["properties"]) == ["samples", "tests", "rest", "rush", "note"]
        asked: dict[str, Any] = {"samples": ["a", "b", "c"], "tests": ["force", "pilling"]}
        plain = quote_version(world.lin, version_id=lab.offer.id, request=asked)
        rush = quote_version(world.lin, version_id=lab.offer.id, request=asked | {"rush": True})
        assert (plain.price_fen, plain.lead_time_days) == (72_006, 5)
        assert (rush.price_fen, rush.lead_time_days) == (108_009, 1)
        assert [part.amount_fen for part in rush.parts] == [72_006, 36_003]

    @pytest.mark.parametrize(
        ("request_", "field"),
        [
            ({"tests": ["force"]}, "samples"),
            ({"samples": [], "tests": ["force"]}, "samples"),
            ({"samples": ["a"], "tests": ["melting"]}, "tests.0"),
            ({"samples": ["a"], "tests": ["force"], "rest": "sell"}, "rest"),
        ],
    )
    def test_refuses_at_the_field(self, world: World, lab: Lab, request_: dict[str, Any], field: str) -> None:
        with pytest.raises(RequestInvalid) as refused:
            quote_version(world.lin, version_id=lab.offer.id, request=request_)
        assert refused.value.field == field

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            ({"kind": "barter"}, "terms.kind"),
            ({"kind": "test"}, "terms.tests"),
            ({"kind": "test", "tests": [FORCE, FORCE]}, "terms.tests.1.code"),
            ({"kind": "test", "tests": [FORCE | {"method": ""}]}, "terms.tests.0.method"),
            ({"kind": "test", "tests": [FORCE | {"item": {"zh": "强力"}}]}, "terms.tests.0.item"),
            (TERMS | {"rush": {"ratio": "9", "days": 1}}, "terms.rush.ratio"),
            (TERMS | {"retention_days": -1}, "terms.retention_days"),
        ],
    )
    def test_is_not_published_with_wrong_terms(self, lab: Lab, terms: dict[str, Any], field: str) -> None:
        with pytest.raises(OfferInvalid) as refused:
            publish(lab.fang, mechanism="task", price=PER_TEST, terms=terms)
        assert refused.value.field == field


class TestOpening:
    def test_follows_the_confirmation_once(self, world: World, lab: Lab) -> None:
        line = lab.place(world.lin, rest="return", rush=True)
        assert open_task(lab.fang, subject=line) is None
        line = lab.order(world.lin, rest="return", rush=True)
        assert open_task(lab.fang, subject=line) == line
        order = lab.see(line)
        assert [each.name for each in order.samples] == ["漂白布 1 号", "漂白布 2 号"]
        assert [(each.sample_number, each.item.zh) for each in order.tests] == [
            (1, "断裂强力"),
            (1, "起球"),
            (2, "断裂强力"),
            (2, "起球"),
        ]
        assert (order.card.stage, order.rest, order.card.rush) == (Stage.AWAITING, Rest.RETURN, True)
        assert len({each.code for each in order.samples}) == 2

    def test_the_work_list_holds_what_is_to_do_however_much_was_done(self, world: World, lab: Lab) -> None:
        done, todo = lab.order(world.lin), lab.order(world.lin)
        displace_line(lab.fang, line_id=done, reason="机器坏了")
        assert [card.line_id for card in queries.list_work(lab.fang, open_only=True, limit=1)] == [todo]
        assert [card.line_id for card in queries.list_work(lab.fang, limit=1)] == [todo], "the newest first"

    def test_leaves_other_lines_alone(self, world: World, lab: Lab) -> None:
        other = publish(lab.fang, mechanism="task", price={"kind": "fixed", "amount_fen": 100})
        plain = Lab(lab.fang, other)
        with pytest.raises(RequestInvalid):
            plain.place(world.lin)
        assert queries.list_work(lab.fang) == []


class TestCustody:
    def test_shows_the_buyer_where_a_sample_is_and_since_when(self, world: World, lab: Lab) -> None:
        line = lab.order(world.lin)
        first, second = lab.see(line).samples
        record_custody(
            lab.fang,
            line_id=line,
            sample_ids=[first.id],
            step=TaskStep.RECEIVED,
            place="收样柜 A3",
            text="外包装破损",
        )
        record_custody(lab.fang, line_id=line, sample_ids=[first.id], step=TaskStep.IN_TEST, place="强力机 2")
        seen, waits = queries.access_task(world.lin, line_id=line).samples
        assert [(each.number, each.step, each.place) for each in seen.custody] == [
            (1, TaskStep.RECEIVED, "收样柜 A3"),
            (2, TaskStep.IN_TEST, "强力机 2"),
        ]
        assert seen.custody[0].by == lab.fang.person_id
        assert seen.custody[0].at <= seen.custody[1].at
        assert waits.custody == ()
        assert queries.access_task(world.lin, line_id=line).card.received == 1
        assert queries.find_sample(lab.fang, code=first.code.lower()) == (line, first.id)
        assert queries.find_sample(world.lin, code=second.code) == (line, second.id)

    @pytest.mark.parametrize(
        ("steps", "then"),
        [
            ([], TaskStep.IN_TEST),
            ([TaskStep.RECEIVED], TaskStep.RECEIVED),
            ([TaskStep.RECEIVED, TaskStep.DESTROYED], TaskStep.RETURNED),
            ([TaskStep.RECEIVED, TaskStep.RETURNED], TaskStep.MOVED),
        ],
    )
    def test_refuses_what_cannot_follow(
        self, world: World, lab: Lab, steps: list[TaskStep], then: TaskStep
    ) -> None:
        line = lab.order(world.lin)
        for step in steps:
            lab.receive(line, step=step)
        with pytest.raises(StepRefused):
            lab.receive(line, step=then)
        sample = lab.see(line).samples[0]
        with pytest.raises(IntegrityError, match="can't follow"), acting(org=lab.fang.org):
            Custody.objects.create(
                sample_id=sample.id,
                step=then,
                number=9,
                buyer_org_id=world.chunhui.id,
                provider_org_id=lab.fang.org,
            )
        assert [each.step for each in lab.see(line).samples[0].custody] == steps

    def test_is_all_or_nothing(self, world: World, lab: Lab) -> None:
        line = lab.order(world.lin)
        first, second = lab.see(line).samples
        record_custody(lab.fang, line_id=line, sample_ids=[first.id], step=TaskStep.RECEIVED)
        with pytest.raises(StepRefused):
            record_custody(lab.fang, line_id=line, sample_ids=[second.id, first.id], step=TaskStep.RECEIVED)
        assert lab.see(line).card.received == 1
        elsewhere = lab.order(world.wu)
        with pytest.raises(SampleNotFound):
            record_custody(lab.fang, line_id=elsewhere, sample_ids=[first.id], step=TaskStep.MOVED)


class TestResults:
    def test_are_corrected_by_further_ones(self, world: World, lab: Lab) -> None:
        line, (test, *_) = lab.tested(world.lin)
        record_results(
            lab.fang, line_id=line, results=[NewResult(test, " 530 ", "N", Verdict.MEETS)], source=Source.API
        )
        found = next(each for each in lab.see(line).tests if each.id == test)
        assert [(each.number, each.value, each.source) for each in found.results] == [
            (1, "512", Source.TYPED),
            (2, "530", Source.API),
        ]
        assert lab.see(line).card.stage is Stage.REPORTING

    def test_need_a_sample_that_has_arrived(self, world: World, lab: Lab) -> None:
        line = lab.order(world.lin)
        with pytest.raises(NotReceivedYet):
            lab.test(line)
        test = lab.see(line).tests[0]
        with pytest.raises(IntegrityError, match="has not arrived"), acting(org=lab.fang.org):
            Result.objects.create(
                test_id=test.id,
                number=1,
                value="1",
                tested_on=timezone.localdate(),
                source=Source.API,
                buyer_org_id=world.chunhui.id,
                provider_org_id=lab.fang.org,
            )
        lab.receive(line)
        assert len(lab.test(line)) == 4

    def test_refuse_at_the_field(self, world: World, lab: Lab) -> None:
        line = lab.order(world.lin)
        lab.receive(line)
        first, second, *_ = (each.id for each in lab.see(line).tests)
        with pytest.raises(ResultInvalid) as empty:
            record_results(lab.fang, line_id=line, results=[NewResult(first, "1"), NewResult(second, " ")])
        assert empty.value.field == "results.1.value"
        tomorrow = timezone.localdate() + YESTERDAY
        with pytest.raises(InFuture) as early:
            record_results(lab.fang, line_id=line, results=[NewResult(first, "1", tested_on=tomorrow)])
        assert early.value.field == "results.0.tested_on"
        other = lab.tested(world.wu)[1][0]
        with pytest.raises(TaskNotFound):
            record_results(lab.fang, line_id=line, results=[NewResult(other, "1")])
        assert lab.see(line).card.tested == 0

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
    def test_come_by_file(self, world: World, lab: Lab, encoding: str) -> None:
        line = lab.order(world.lin)
        lab.receive(line)
        code = lab.see(line).samples[1].code
        text = f"样品,项目,结果,单位,判定,检测日期\n1,断裂强力,512,N,合格,2026-01-05\n\n{code},GB/T 4802.1-2008,3-4,级,,\n"
        assert record_file(lab.fang, line_id=line, content=text.encode(encoding)) == 2
        by = {(each.sample_number, each.item.zh): each.result for each in lab.see(line).tests}
        first, second = by[1, "断裂强力"], by[2, "起球"]
        assert first
        assert second
        assert (first.value, first.verdict, f"{first.tested_on}") == ("512", "pass", "2026-01-05")
        assert (second.value, second.unit, second.source) == ("3-4", "级", Source.FILE)
        assert by[1, "起球"] is None

    @pytest.mark.parametrize(
        ("text", "row"),
        [
            ("a,b\n1,2\n", "1"),
            ("sample,item,value\n", "1"),
            ("sample,item,value\n1,断裂强力,5\n7,断裂强力,5\n", "3"),
            ("sample,item,value\n1,断裂强力,5\n1,Breaking force,6\n", "3"),
            ("sample,item,value,verdict\n1,断裂强力,5,maybe\n", "2"),
            ("sample,item,value,tested_on\n1,断裂强力,5,5.1.2026\n", "2"),
        ],
    )
    def test_of_a_file_that_is_wrong_nothing_is_taken(
        self, world: World, lab: Lab, text: str, row: str
    ) -> None:
        line = lab.order(world.lin)
        lab.receive(line)
        with pytest.raises(CsvInvalid, match=rf"Row {row}:"):
            record_file(lab.fang, line_id=line, content=text.encode())
        assert lab.see(line).card.tested == 0


class TestReports:
    def test_are_parts_of_the_line_and_then_it_is_delivered(self, world: World, lab: Lab) -> None:
        line, tests = lab.tested(world.lin)
        lab.report(line, tests[:1])
        assert access_line(world.lin, line_id=line).state is LineState.IN_DELIVERY
        with pytest.raises(AllReportedFirst), transaction.atomic():
            lab.report(line, tests[1:2], last=True)
        report = lab.report(line, tests[1:], last=True)
        placed = access_line(world.lin, line_id=line)
        assert (placed.state, len(placed.parts)) == (LineState.DELIVERED, 2)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is otherwise held at the end
        seen = queries.access_task(world.lin, line_id=line)
        assert seen.card.stage is Stage.DELIVERED
        assert [each.number for each in seen.reports] == [f"{seen.card.code}-1", f"{seen.card.code}-2"]
        assert queries.open_report(world.lin, report_id=report).content == PDF
        assert seen.reports[1].sha256[:16] in placed.parts[1].note
        with pytest.raises(NotInHand):
            lab.report(line, tests)
        accept_line(world.lin, line_id=line)

    def test_show_the_buyer_results_that_they_state_and_no_others(self, world: World, lab: Lab) -> None:
        line, tests = lab.tested(world.lin)
        assert all(each.result is None for each in queries.access_task(world.lin, line_id=line).tests)
        lab.report(line, tests[:1])
        read = [each.id for each in queries.access_task(world.lin, line_id=line).tests if each.result]
        assert read == tests[:1]

    def test_are_superseded_never_overwritten(self, world: World, lab: Lab) -> None:
        line, tests = lab.tested(world.lin)
        old = lab.report(line, tests, last=True)
        accept_line(world.lin, line_id=line)
        better = lab.file(b"%PDF-1.7 corrected\n")
        lab.test(line, items=["Pilling"], value="4")
        again = {"line_id": line, "series": 1, "file_id": better, "test_ids": tests}
        with pytest.raises(ReasonForReplacing):
            replace_report(lab.fang, reason=" ", **again)
        with pytest.raises(ReportNotFound):
            replace_report(lab.fang, reason="更正起球级数", **again | {"series": 2})
        new = replace_report(lab.fang, reason="更正起球级数", **again)
        first, second = queries.access_task(world.lin, line_id=line).reports
        assert (first.id, first.version, first.current) == (old, 1, False)
        assert (second.id, second.version, second.current, second.reason) == (new, 2, True, "更正起球级数")
        assert queries.open_report(world.lin, report_id=old).content == b"%PDF-1.7\n"
        assert queries.open_report(world.lin, report_id=new).content == b"%PDF-1.7 corrected\n"
        assert access_line(world.lin, line_id=line).state is LineState.ACCEPTED

    def test_name_the_second_laboratory(self, world: World, lab: Lab) -> None:
        line = lab.order(world.lin)
        lab.receive(line)
        lab.receive(line, step=TaskStep.MOVED)
        tests = lab.test(line, items=["Pilling"], laboratory="杭州纺检中心")
        lab.report(line, tests)
        seen = queries.access_task(world.lin, line_id=line)
        assert seen.reports[0].laboratories == ("杭州纺检中心",)

    def test_of_a_line_that_fell_away_are_refused(self, world: World, lab: Lab) -> None:
        line, tests = lab.tested(world.lin)
        displace_line(lab.fang, line_id=line, reason="机器坏了")
        with pytest.raises(NotInHand):
            lab.report(line, tests)
        assert lab.see(line).card.stage is Stage.OVER
        lab.receive(line, step=TaskStep.RETURNED)

    def test_state_a_digest_that_is_the_files(self, world: World, lab: Lab) -> None:
        line, tests = lab.tested(world.lin)
        lab.report(line, tests)
        one = Report.objects.filter(task_id=line)
        with acting(org=lab.fang.org):
            values = one.values().get()
        values |= {"id": tests[0], "series": 2, "sha256": "0" * 64}
        with pytest.raises(IntegrityError, match="digest"), acting(org=lab.fang.org):
            Report.objects.create(**values)


class TestMarks:
    """Each sign with its can and its cannot."""

    @pytest.mark.parametrize("mark", list(Mark))
    def test_are_carried_within_the_scope(self, world: World, lab: Lab, mark: Mark) -> None:
        lab.accredit(mark)
        line, tests = lab.tested(world.lin)
        scopes = queries.list_scopes(world.lin, org_id=lab.fang.org)
        assert queries.marks_for(scopes, lab.see(line).tests, today=timezone.localdate()) == (mark,)
        lab.report(line, tests, marks=[mark])
        assert queries.access_task(world.lin, line_id=line).reports[0].marks == (mark,)

    @pytest.mark.parametrize("mark", list(Mark))
    @pytest.mark.parametrize(
        "why", ["none", "other mark", "other method", "lapsed", "to come", "ended", "subcontracted"]
    )
    def test_are_refused_out_of_it(self, world: World, lab: Lab, mark: Mark, why: str) -> None:
        today = timezone.localdate()
        other = next(each for each in Mark if each is not mark)
        made: dict[str, Callable[[], list[UUID]]] = {
            "none": list,
            "other mark": lambda: lab.accredit(other),
            "other method": lambda: lab.accredit(mark, FORCE, PILLING | {"method": "ISO 12945-1"}),
            "lapsed": lambda: lab.accredit(mark, until_date=today - YESTERDAY),
            "to come": lambda: lab.accredit(mark, from_date=today + YESTERDAY),
            "ended": lambda: lab.accredit(mark),
            "subcontracted": lambda: lab.accredit(mark),
        }
        scopes = made[why]()
        line, tests = lab.tested(world.lin)
        if why == "ended":
            end_scope(lab.fang, scope_id=scopes[1], last_date=today - YESTERDAY)
        if why == "subcontracted":
            lab.test(line, items=["Pilling"], laboratory="杭州纺检中心")
        with pytest.raises(OutOfScope) as refused:
            lab.report(line, tests, marks=[mark])
        assert refused.value.field == "marks"
        seen = queries.list_scopes(lab.fang)
        assert mark not in queries.marks_for(seen, lab.see(line).tests, today=today)
        lab.report(line, tests)
        assert lab.see(line).reports[0].marks == ()

    def test_hold_on_the_day_of_the_test_too(self, world: World, lab: Lab) -> None:
        today = timezone.localdate()
        lab.accredit(from_date=today)
        line = lab.order(world.lin)
        lab.receive(line)
        early = lab.test(line, tested_on=today - YESTERDAY)
        with pytest.raises(OutOfScope):
            lab.report(line, early, marks=[Mark.CMA])
        lab.report(line, lab.test(line), marks=[Mark.CMA])

    def test_scope_ends_sooner_never_later(self, lab: Lab) -> None:
        today = timezone.localdate()
        scope, _ = lab.accredit()
        end_scope(lab.fang, scope_id=scope, last_date=today)
        with pytest.raises(IntegrityError, match="brought forward"), acting(org=lab.fang.org):
            Scope.objects.filter(id=scope).update(ended_date=today + YESTERDAY)
        with pytest.raises(IntegrityError, match="brought forward"), acting(org=lab.fang.org):
            Scope.objects.filter(id=scope).update(method="ISO 13934-1")


class TestOthers:
    def test_see_nothing(self, world: World, lab: Lab) -> None:
        line, tests = lab.tested(world.lin)
        report = lab.report(line, tests)
        assert queries.open_report(world.zhou, report_id=report).content
        with pytest.raises(TaskNotFound):
            queries.access_task(world.wu, line_id=line)
        with pytest.raises(SampleNotFound):
            queries.find_sample(world.wu, code=lab.see(line).samples[0].code)
        with pytest.raises((ReportNotFound, FileNotFound)):
            queries.open_report(world.wu, report_id=report)
        for stranger in (world.wu, world.lin):
            with pytest.raises(TaskNotFound):
                record_custody(stranger, line_id=line, sample_ids=[line], step=TaskStep.MOVED)
        with acting(org=world.wu.org):
            assert not any(model.objects.exists() for model in (Task, Sample, Custody, Result, Report))

    def test_who_decides_its_dispute_reads_as_the_buyer_does_and_writes_nothing(
        self, world: World, lab: Lab
    ) -> None:
        line, tests = lab.tested(world.lin)
        report = lab.report(line, tests, last=True)
        lab.test(line, value="498")
        with pytest.raises(TaskNotFound):
            queries.access_task(world.gao, line_id=line)
        open_dispute(world.lin, line_id=line, reason="2 号样没有复测", stands_fen=0)
        seen = queries.access_task(world.gao, line_id=line)
        assert {each.value for test in seen.tests for each in test.results} == {"512"}, "as stated"
        assert seen == queries.access_task(world.lin, line_id=line)
        opened = queries.open_report(world.gao, report_id=report)
        assert opened.card.sha256 == seen.reports[0].sha256
        with pytest.raises(TaskNotFound):
            record_custody(world.gao, line_id=line, sample_ids=[line], step=TaskStep.MOVED)
        with pytest.raises(ProgrammingError, match="row-level security"), acting(org=world.gao.org):
            Sample.objects.create(
                task_id=line,
                buyer_org_id=world.lin.org,
                provider_org_id=lab.fang.org,
                number=9,
                name="x",
                code="X",
            )

    def test_the_buyer_cannot_write_the_laboratorys_rows(self, world: World, lab: Lab) -> None:
        line, _ = lab.tested(world.lin)
        sample = lab.see(line).samples[0]
        with pytest.raises(ProgrammingError, match="row-level security"), acting(org=world.lin.org):
            Custody.objects.create(
                sample_id=sample.id,
                step=TaskStep.RETURNED,
                number=9,
                buyer_org_id=world.lin.org,
                provider_org_id=lab.fang.org,
            )

    @pytest.mark.parametrize("model", [Custody, Result, Report])
    def test_nobody_changes_what_was_recorded(self, world: World, lab: Lab, model: Any) -> None:
        line, tests = lab.tested(world.lin)
        lab.report(line, tests)
        with pytest.raises((IntegrityError, ProgrammingError)), acting(org=lab.fang.org):
            model.objects.all().delete()
        with pytest.raises((IntegrityError, ProgrammingError)), acting(org=lab.fang.org):
            model.objects.update(provider_org_id=lab.fang.org)


class TestWaiting:
    """What waits for whom, in one organisation and everywhere."""

    def waits(self, find: Any, org: UUID) -> list[UUID]:
        with acting(org=org):
            return [each.subject for each in find(org=org)]

    def test_follows_the_samples(self, world: World, lab: Lab) -> None:
        line = lab.order(world.lin, rest="return")
        buyer, here = world.lin.org, lab.fang.org
        assert self.waits(waiting.samples_to_send, buyer) == [line]
        assert self.waits(waiting.samples_to_test, here) == []
        lab.receive(line)
        assert self.waits(waiting.samples_to_send, buyer) == []
        assert self.waits(waiting.samples_to_test, here) == [line]
        tests = lab.test(line)
        assert self.waits(waiting.samples_to_test, here) == []
        lab.report(line, tests, last=True)
        assert self.waits(waiting.samples_to_clear, here) == []

    def test_samples_of_what_fell_away_are_cleared_at_once(self, world: World, lab: Lab) -> None:
        line = lab.order(world.lin)
        lab.receive(line)
        displace_line(lab.fang, line_id=line, reason="机器坏了")
        assert self.waits(waiting.samples_to_clear, lab.fang.org) == [line]
        lab.receive(line, step=TaskStep.RETURNED)
        assert self.waits(waiting.samples_to_clear, lab.fang.org) == []
