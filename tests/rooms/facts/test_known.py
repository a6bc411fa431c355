"""What is known about a firm: sources, grades, dates; that jobs add nothing twice; corrections."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from staveworks.cluster.barrel.types import Grade as AnswerGrade
from staveworks.cluster.barrel.usecases.attest_answer import attest_answer
from staveworks.db.transaction import acting
from staveworks.foundation.facts.domain import known_of, value_from
from staveworks.foundation.facts.models import Correction, Fact
from staveworks.foundation.facts.queries import (
    list_corrections,
    list_corrections_to_decide,
    list_known,
)
from staveworks.foundation.facts.types import (
    CorrectionAsked,
    CorrectionNotFound,
    Field,
    Grade,
    Known,
    OwnStatement,
    Purpose,
    ReasonMissing,
    Source,
    StaffInvalid,
    Statement,
    Value,
)
from staveworks.foundation.facts.usecases.ask_correction import ask_correction, decide_correction
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor, Kind, RightMissing
from staveworks.foundation.parties.usecases.edit_organisation import ProfileFields, edit_organisation
from staveworks.foundation.rosters.duplicates import list_pairs
from staveworks.foundation.rosters.models import RosterRow
from staveworks.foundation.rosters.usecases.decide_duplicate import decide_duplicate
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.undo_decision import undo_decision
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.jobs.facts import from_assessment, from_pair, from_profile, from_roster
from staveworks.jobs.reactions import REACTIONS
from staveworks.jobs.tasks import reaction_at
from staveworks.kit.text import Text
from tests.addresses import LEAF
from tests.consent import browser_of, grant, logged, make_tattler
from tests.database import Clone
from tests.world import World, make_world

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ROWS = "企业名称,电话,人数\n越风纺织有限公司,0575-85551234,40\n越风纺织厂,0575-85551299,60\n"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def said(
    value: Value | None,
    *,
    days: int = 0,
    source: Source = Source.ROSTER,
    grade: Grade = Grade.SELF,
    row: int = 1,
    until: int | None = None,
) -> Statement:
    at = NOW + timedelta(days=days)
    return Statement(
        id=UUID(int=days + 1000 * row),
        field="staff",
        value=value,
        grade=grade,
        source=source,
        source_id=UUID(int=row),
        stated_by=None,
        stated_at=at,
        valid_until=None if until is None else at + timedelta(days=until),
        recorded_at=at,
        rule="",
        source_name="",
    )


def held(*statements: Statement, days: int = 30) -> Value | None:
    known = known_of(statements, NOW + timedelta(days=days))
    return known[0].held.value if known else None


class TestWhatHolds:
    """The derivation, by hand."""

    def test_of_one_source_the_newest_counts(self) -> None:
        assert held(said(40, row=1), said(60, days=1, row=2)) == 60

    def test_between_sources_the_higher_grade_wins_however_old(self) -> None:
        inspected = said(44, source=Source.ASSESSMENT, grade=Grade.INSPECTOR)
        assert held(said(60, days=9), inspected) == 44

    def test_of_equal_grades_the_newer_wins(self) -> None:
        assert held(said(60, days=1), said(50, days=2, source=Source.PROFILE)) == 50

    def test_what_is_past_its_validity_does_not_count(self) -> None:
        statement = said(60, until=10)
        assert held(statement, days=9) == 60
        assert held(statement, days=10) is None

    def test_a_row_that_left_takes_back_its_own_word_only(self) -> None:
        assert held(said(40, row=1), said(60, days=1, row=2), said(None, days=2, row=2)) == 40

    def test_an_empty_correction_takes_back_all_before_it(self) -> None:
        assert held(said(40, row=1), said(60, days=1, row=2), said(None, days=2, row=3)) is None
        assert held(said(40, row=1), said(None, days=2, row=3), said(70, days=3, row=4)) == 70

    def test_sources_that_differ_are_named_and_those_that_agree(self) -> None:
        [known] = known_of(
            [said(60, days=3), said(50, source=Source.PROFILE), said(60, days=1, source=Source.ASSESSMENT)],
            NOW + timedelta(days=9),
        )
        assert [each.value for each in known.differing] == [50]
        assert [each.source for each in known.agreeing] == [Source.ASSESSMENT]

    def test_the_order_in_which_they_come_does_not_matter(self) -> None:
        statements = [
            said(40),
            said(60, days=1, row=2),
            said(None, days=2, row=2),
            said(9, days=1, source=Source.PROFILE),
        ]
        assert {held(*order) for order in permutations(statements)} == {9}


def imported(world: World, tmp_path: Path, rows: str = ROWS) -> UUID:
    path = tmp_path / "盛泽名册.csv"
    path.write_text(rows, encoding="utf-8")
    roster = upload_roster(world.gao, path=path, name=path.name).id
    start_import(world.gao, roster=roster)
    run_import(world.gao, subject=roster)
    return roster


def firms_of(world: World, roster: UUID) -> list[UUID]:
    with acting(org=world.operator.id):
        found = RosterRow.objects.filter(roster_id=roster).order_by("position")
        return [firm for firm in found.values_list("organisation_id", flat=True) if firm]


def values(known: list[Known]) -> dict[str, Value | None]:
    return {each.field: each.held.value for each in known}


def count(world: World, firm: UUID) -> int:
    with acting(org=firm):
        return Fact.objects.filter(org_id=firm).count()


def test_a_roster_states_what_its_rows_say_and_again_nothing(world: World, tmp_path: Path) -> None:
    roster = imported(world, tmp_path)
    service = operator_service_for(world.operator.id)
    assert from_roster(service, subject=roster) > 4
    assert from_roster(service, subject=roster) == 0
    firm = firms_of(world, roster)[0]
    known = list_known(world.gao, firm=firm)
    assert values(known) | {"staff": 40, "phones": ["+8657585551234"]} == values(known)
    assert all(
        each.held.source == Source.ROSTER and each.held.stated_by == world.operator.id for each in known
    )
    assert all("盛泽名册.csv" in each.held.source_name for each in known)
    assert all(each.held.rule == "facts.validity/1" and each.held.valid_until for each in known)
    assert list_known(world.lin) == []
    assert list_known(world.gao, firm=world.chunhui.id) == [], "a claimed firm that grants nothing"


def test_the_validity_is_by_the_rule_at_the_time_of_the_statement(world: World, tmp_path: Path) -> None:
    first = imported(world, tmp_path)
    value = {"roster": 100, "assessment": 730}
    adopt_rule(
        world.gao,
        code="facts.validity",
        value=value,
        text=Text(zh="一", en="a"),
        from_date=timezone.localdate(),
    )
    second = imported(world, tmp_path, "企业名称,人数\n新风印染有限公司,30\n")
    service = operator_service_for(world.operator.id)
    for roster, rule, days in ((second, "facts.validity/2", 100), (first, "facts.validity/1", 1095)):
        from_roster(service, subject=roster)
        held = list_known(world.gao, firm=firms_of(world, roster)[0])[0].held
        assert (held.rule, held.valid_until) == (rule, held.stated_at + timedelta(days=days))


def test_merged_rows_speak_of_the_firm_that_stays_and_leave_it_when_it_is_undone(
    world: World, tmp_path: Path
) -> None:
    roster = imported(world, tmp_path)
    service = operator_service_for(world.operator.id)
    from_roster(service, subject=roster)
    [pair] = list_pairs(world.gao)
    decision = decide_duplicate(world.gao, pair=pair.id, verdict="merge")
    assert decision.kept_id
    assert from_pair(service, subject=pair.id) > 0
    assert from_pair(service, subject=pair.id) == 0
    merged = [each for each in list_known(world.gao, firm=decision.kept_id) if each.field == "staff"]
    before = count(world, decision.kept_id)
    undo_decision(world.gao, decision=decision.id)
    assert from_pair(service, subject=pair.id) > 0
    assert from_pair(service, subject=pair.id) == 0
    assert count(world, decision.kept_id) > before, "taken back by a statement, not by deleting"
    apart = {firm: values(list_known(world.gao, firm=firm))["staff"] for firm in firms_of(world, roster)}
    assert sorted(map(str, apart.values())) == ["40", "60"]
    assert merged[0].held.value in (40, 60)


def edited(actor: Actor, **fields: object) -> None:
    edit_organisation(
        actor,
        name="春晖织造",
        kinds=[Kind.ENTERPRISE],
        profile=ProfileFields(**fields),  # type: ignore[arg-type]
    )


def test_the_profile_states_what_changed_and_what_was_cleared(world: World) -> None:
    service = operator_service_for(world.chunhui.id)
    edited(world.lin, staff=40, products="提花布")
    assert from_profile(service, subject=world.chunhui.id) > 1
    assert from_profile(service, subject=world.chunhui.id) == 0
    edited(world.lin, staff=45)
    assert from_profile(service, subject=world.chunhui.id) == 2, "one changed, one gone"
    known = values(list_known(world.lin))
    assert known["staff"] == 45
    assert "products" not in known
    with acting(org=world.chunhui.id):
        assert Fact.objects.filter(field="staff").count() == 2, "the earlier one stays on record"


def test_a_finished_assessment_states_its_answers_and_a_later_attestation_raises_their_grade(
    committed: Clone,
) -> None:
    world, tattler = make_world(), make_tattler()
    service = operator_service_for(tattler.firm.id)
    assert from_assessment(service, subject=tattler.assessment) > 5
    assert from_assessment(service, subject=tattler.assessment) == 0
    known = {each.field: each.held for each in list_known(tattler.owner)}
    assert known[f"answer.{LEAF}"].grade == Grade.SELF
    assert isinstance(known["water"].value, list)
    assert "plank.rnd" in known
    grant(tattler, world.gao, Purpose.ATTESTATION, Field.ASSESSMENT, Field.DOCUMENTS)
    attest_answer(world.gao, assessment_id=tattler.assessment, leaf=LEAF, grade=AnswerGrade.DOCUMENT)
    assert from_assessment(service, subject=tattler.assessment) >= 1
    known = {each.field: each.held for each in list_known(tattler.owner)}
    assert known[f"answer.{LEAF}"].grade == Grade.DOCUMENT


def test_others_see_the_statements_whose_topic_they_were_granted(committed: Clone) -> None:
    world, tattler = make_world(), make_tattler()
    edit_organisation(
        tattler.owner,
        name="春晖织造",
        kinds=[Kind.ENTERPRISE],
        profile=ProfileFields(staff=40, address="泄密路七号"),
    )
    service = operator_service_for(tattler.firm.id)
    from_profile(service, subject=tattler.firm.id)
    from_assessment(service, subject=tattler.assessment)
    assert list_known(world.gao, firm=tattler.firm.id) == []
    grant(tattler, world.gao, Purpose.OPERATION, Field.OUTLINE, Field.LEVEL)
    seen = {each.field for each in list_known(world.gao, firm=tattler.firm.id)}
    assert {"staff", "water"} <= seen
    assert "address" not in seen
    assert not any(field.startswith(("plank.", "answer.")) for field in seen)
    assert logged(tattler) == {Field.OUTLINE, Field.LEVEL}


def test_statements_are_only_added(committed: Clone, tmp_path: Path) -> None:
    world = make_world()
    roster = imported(world, tmp_path)
    from_roster(operator_service_for(world.operator.id), subject=roster)
    with acting(org=world.operator.id):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            Fact.objects.update(value=1)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Fact.objects.all().delete()
        with pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
            Fact.objects.create(
                org_id=world.chunhui.id, field="staff", topic="outline", value=1, grade="self", source="roster",
                source_id=roster, stated_at=NOW,
            )  # fmt: skip
    with psycopg.connect(committed.urls.superuser) as superuser:
        for statement in (
            "UPDATE facts_fact SET value = '1'",
            "DELETE FROM facts_fact",
            "TRUNCATE facts_fact CASCADE",
        ):
            with pytest.raises(psycopg.errors.CheckViolation), superuser.transaction():
                superuser.execute(statement)


def test_the_reactions_name_what_there_is() -> None:
    for event in (
        "roster.imported",
        "organisation.changed",
        "assessment.finished",
        "answer.attested",
        "duplicate.decided",
    ):
        assert any("jobs.facts" in path for path in REACTIONS[event])
        assert all(callable(reaction_at(path)) for path in REACTIONS[event])


class TestCorrections:
    @pytest.fixture(autouse=True)
    def _stated(self, world: World, tmp_path: Path) -> None:
        """A roster speaks of 春晖, which is claimed."""
        self.world = world
        code = "91330621MA2BX3K478"
        roster = imported(
            world, tmp_path, f"企业名称,统一社会信用代码,电话,人数\n春晖织造,{code},0575-85551234,400\n"
        )
        from_roster(operator_service_for(world.operator.id), subject=roster)
        self.staff = next(each.held for each in list_known(world.lin) if each.field == "staff")

    def staff_now(self) -> Value | None:
        return values(list_known(self.world.lin)).get("staff")

    def test_accepted_it_counts_from_then_on_and_the_roster_stays(self) -> None:
        asked = ask_correction(self.world.lin, fact_id=self.staff.id, asked="40", reason="多了一个零")
        [waiting] = list_corrections_to_decide(self.world.gao)
        assert (waiting.firm, waiting.stated, waiting.asked) == (self.world.chunhui.id, 400, "40")
        decide_correction(self.world.gao, correction_id=asked, accept=True)
        assert self.staff_now() == 40
        assert [each.state for each in list_corrections(self.world.lin)] == ["accepted"]
        assert list_corrections_to_decide(self.world.gao) == []
        with pytest.raises(CorrectionNotFound):
            decide_correction(self.world.gao, correction_id=asked, accept=True)

    def test_declined_it_stays_and_the_firm_reads_why(self) -> None:
        asked = ask_correction(self.world.lin, fact_id=self.staff.id, asked="40", reason="错了")
        with pytest.raises(ReasonMissing):
            decide_correction(self.world.gao, correction_id=asked, accept=False)
        decide_correction(self.world.gao, correction_id=asked, accept=False, answer="社保人数是 400")
        assert self.staff_now() == 400
        assert list_corrections(self.world.lin)[0].answer == "社保人数是 400"
        assert ask_correction(self.world.lin, fact_id=self.staff.id, asked="41", reason="再看一次")

    def test_empty_takes_it_out(self) -> None:
        asked = ask_correction(self.world.lin, fact_id=self.staff.id, asked="", reason="不公开")
        decide_correction(self.world.gao, correction_id=asked, accept=True)
        assert self.staff_now() is None

    def test_what_may_not_be_asked_or_decided(self) -> None:
        with pytest.raises(StaffInvalid):
            ask_correction(self.world.lin, fact_id=self.staff.id, asked="四十", reason="错了")
        with pytest.raises(ReasonMissing):
            ask_correction(self.world.lin, fact_id=self.staff.id, asked="40", reason=" ")
        with pytest.raises(RightMissing):
            ask_correction(self.world.zhou, fact_id=self.staff.id, asked="40", reason="错了")
        asked = ask_correction(self.world.lin, fact_id=self.staff.id, asked="40", reason="错了")
        with pytest.raises(CorrectionAsked):
            ask_correction(self.world.lin, fact_id=self.staff.id, asked="40", reason="错了")
        with pytest.raises(RightMissing):
            decide_correction(self.world.shen, correction_id=asked, accept=True)
        edited(self.world.lin, address="柯桥")
        from_profile(operator_service_for(self.world.chunhui.id), subject=self.world.chunhui.id)
        own = next(each.held for each in list_known(self.world.lin) if each.field == "address")
        with pytest.raises(OwnStatement):
            ask_correction(self.world.lin, fact_id=own.id, asked="滨海", reason="搬了")

    def test_a_correction_is_only_ever_decided(self) -> None:
        asked = ask_correction(self.world.lin, fact_id=self.staff.id, asked="40", reason="错了")
        with acting(org=self.world.operator.id), pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(id=asked).update(asked="4")
        decide_correction(self.world.gao, correction_id=asked, accept=True)
        with acting(org=self.world.operator.id), pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.filter(id=asked).update(state="open")

    def test_pages_from_known_to_decided(self) -> None:
        lin, gao = browser_of(self.world.lin), browser_of(self.world.gao)
        page = lin.get("/known/").content.decode()
        assert "盛泽名册.csv" in page
        assert f"/known/{self.staff.id}/correct/" in page
        form = f"/known/{self.staff.id}/correct/"
        assert lin.get(form).status_code == 200
        assert lin.post(form, {"asked": "四", "reason": "错"}).status_code == 422
        assert lin.post(form, {"asked": "40", "reason": "多了一个零"})["Location"] == "/known/"
        waiting = gao.get("/corrections/").content.decode()
        assert "多了一个零" in waiting
        [card] = list_corrections_to_decide(self.world.gao)
        gao.post(f"/corrections/{card.id}/", {"decision": "decline"})
        assert list_corrections_to_decide(self.world.gao), "declining takes an answer"
        gao.post(f"/corrections/{card.id}/", {"decision": "accept"})
        assert self.staff_now() == 40
        assert "已更正" in lin.get("/known/").content.decode()


def test_typed_values_become_values_of_the_field() -> None:
    assert value_from("phones", "0575-85551234、13805750003") == ["+8657585551234", "+8613805750003"]
    assert value_from("email", "A@B.CN") == "a@b.cn"
    assert value_from("address", "  柯桥  街道 ") == "柯桥 街道"
    assert value_from("staff", "") is None
