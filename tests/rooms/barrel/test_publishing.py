"""Published figures: who counts, when they are renewed, who may write them. On real data, the last guard in the database."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from staveworks.cluster.barrel.figure_models import Contribution, Figure, Publication, PublishedGroup
from staveworks.cluster.barrel.published.gathering import gather, path_of
from staveworks.cluster.barrel.queries import find_barrel
from staveworks.cluster.barrel.types import PeerBand
from staveworks.cluster.barrel.usecases import publish_figures as publishing
from staveworks.cluster.barrel.usecases.finish_assessment import finish_assessment
from staveworks.cluster.barrel.usecases.publish_figures import PublicationUnsafe, is_due, publish_figures
from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.db.transaction import acting
from staveworks.engine.disclosure import Group, Result
from staveworks.foundation.parties.models import Membership, Organisation, Person, Profile
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement, withdraw_agreement
from staveworks.foundation.rosters.models import Roster, RosterRow
from staveworks.foundation.rosters.types import Outcome
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.kit.text import Text
from tests.database import Clone
from tests.rooms.barrel.test_answering import everything
from tests.world import Firm, World, join, make_firm, make_known, make_person, make_world

KEQIAO, SHENGZE = "330603", "320509"


@pytest.fixture
def open_world(committed: Clone, small_rubric: Path) -> World:
    return make_world()


def assess(actor: Actor, step: int, trade: str = "textile.weaving") -> None:
    """Every plank at 50, 62.5, 75, 87.5 or 100; a weaver needs 95 of production, so that W is 53, 66, 79, 92 or 100."""
    assessment = start_assessment(actor, profile=trade)
    save_answers(actor, assessment_id=assessment, answers=everything(step))
    finish_assessment(actor, assessment_id=assessment)


def member(
    name: str, *, step: int = 1, city: str = KEQIAO, shows: Iterable[str] = ("barrel",), known: bool = True
) -> Actor:
    """A firm that was claimed (or, if not ``known``, registered itself), been assessed, and shows its barrel."""
    made = (make_known if known else make_firm)(name, city=city)
    owner = join(make_person(f"{name}厂长"), made, Role.OWNER)
    assess(owner, step)
    if shows:
        accept_agreement(owner, shows=list(shows))
    return owner


def figures(period: str, measure: str = "") -> dict[tuple[str, str], tuple[int, int, int, int]]:
    found = Figure.objects.filter(publication__period=period, measure=measure, size="").order_by("place")
    return {(f.place, f.business_type): (f.firms, f.low, f.median, f.high) for f in found}


def contributors(period: str, measure: str = "") -> set[UUID]:
    last = Publication.objects.using("cross").get(period=period)
    found = Contribution.objects.using("cross").filter(group__measure=measure, group__last=last)
    return set(found.values_list("org_id", flat=True))


def test_five_firms_are_published_and_four_are_not(open_world: World) -> None:
    for n in range(4):
        member(f"第{n}厂", step=n)
    assert publish_figures(open_world.gao, period="2026-07") == 0
    assert is_due(datetime(2026, 7, 9, tzinfo=UTC)), "nothing published is nothing kept"
    member("第五厂", step=4)
    assert publish_figures(open_world.gao, period="2026-07") == 11, "the water level and ten planks"
    keys = {(place, trade) for place in ("", "330600", KEQIAO) for trade in ("", "textile.weaving")}
    assert figures("2026-07") == dict.fromkeys(keys, (5, 66, 79, 90))
    assert figures("2026-07", "rnd").keys() == keys
    assert not is_due(datetime(2026, 7, 31, tzinfo=UTC))
    assert is_due(datetime(2026, 8, 1, tzinfo=UTC))


def invented(name: str, owner: Actor, *, step: int = 1) -> Actor:
    """A firm that its owner registered herself; nobody else knows it."""
    org = make_firm(name, city=KEQIAO)
    founder = join(Person.objects.get(id=owner.person_id), org, Role.OWNER)
    assess(founder, step)
    accept_agreement(founder, shows=["barrel"])
    return founder


def test_invented_firms_beside_one_real_firm_are_no_group(open_world: World) -> None:
    """Who invents four firms knows four of five values, and would read the fifth out of the figure."""
    member("真厂", step=3)
    founders = [invented(f"虚构{n}厂", Actor(make_person(f"虚构{n}").id, None), step=n) for n in range(4)]
    assert publish_figures(open_world.gao, period="2026-07") == 0
    for founder in founders:
        stand_in_a_roster(open_world, founder.org)
    assert publish_figures(open_world.gao, period="2026-08") > 0, "the control: known otherwise, they count"


def stand_in_a_roster(world: World, firm: UUID) -> None:
    """As after a row of a list was merged into a firm that had registered itself."""
    with acting(org=world.operator.id):
        roster = Roster.objects.create(
            org_id=world.operator.id, name="名册", digest="0" * 64, size=1, total=1, loaded=1, progress=1
        )
        RosterRow.objects.create(
            org_id=world.operator.id,
            roster=roster,
            position=0,
            sheet=0,
            number=1,
            outcome=Outcome.LOADED,
            organisation_id=firm,
        )


def test_of_one_owner_one_firm_counts_in_a_figure(open_world: World) -> None:
    owners = [member(f"第{n}厂", step=n) for n in range(4)]
    first = Person.objects.get(id=owners[0].person_id)
    second = join(first, make_known("第五厂", city=KEQIAO), Role.OWNER)
    assess(second, 4)
    accept_agreement(second, shows=["barrel"])
    assert publish_figures(open_world.gao, period="2026-07") == 0
    assert {UUID(each.firm) for each in gather()[""]} == {owner.org for owner in owners}
    with acting(org=second.org):
        join(make_person("另一位"), Firm(second.org, ""), Role.OWNER)
        Membership.objects.filter(org_id=second.org, person=first).delete()
    assert publish_figures(open_world.gao, period="2026-08") > 0, "the control: it has an owner of its own"


def test_a_month_is_published_once(open_world: World) -> None:
    for n in range(5):
        member(f"第{n}厂", step=n)
    assert publish_figures(open_world.gao, period="2026-07") > 0
    assert publish_figures(open_world.gao, period="2026-07") == 0
    assert Publication.objects.count() == 1


def test_only_firms_that_show_their_barrel_count_and_those_held_by_their_steward(open_world: World) -> None:
    shown = member("明示厂")
    member("只示资料厂", shows=["profile"])
    member("不示厂", shows=())
    with acting(org=open_world.operator.id):
        Organisation.objects.filter(id=open_world.qinghe.id).update(city_id=KEQIAO)
    assess(open_world.gao_for(open_world.qinghe), 2)
    counted = {UUID(each.firm) for each in gather()[""]}
    assert counted == {shown.org, open_world.qinghe.id}


def test_who_withdraws_is_out_of_the_next_snapshot_and_the_rest_of_her_group_waits_for_five_new_values(
    open_world: World,
) -> None:
    owners = [member(f"第{n}厂", step=n % 5) for n in range(6)]
    publish_figures(open_world.gao, period="2026-07")
    assert owners[0].org in contributors("2026-07")
    withdraw_agreement(owners[0])
    assert publish_figures(open_world.gao, period="2026-08") == 0
    assert figures("2026-08") == {}, "a month is published all the same, or the last one would still be shown"
    assert band_of(owners[1]) is None
    for owner in owners[1:]:
        assess(owner, 4) if owner is not owners[4] else assess(owner, 0)
    assert publish_figures(open_world.gao, period="2026-09") > 0
    assert contributors("2026-09") == {owner.org for owner in owners[1:]}


def test_one_more_firm_changes_no_figure_and_five_more_do(open_world: World) -> None:
    for n in range(6):
        member(f"第{n}厂", step=n % 5)
    publish_figures(open_world.gao, period="2026-07")
    member("新来厂", step=0)
    publish_figures(open_world.gao, period="2026-08")
    assert figures("2026-08") == figures("2026-07")
    assert set(Figure.objects.filter(publication__period="2026-08").values_list("since", flat=True)) == {
        "2026-07"
    }
    for n in range(4):
        member(f"又来{n}厂", step=0)
    publish_figures(open_world.gao, period="2026-09")
    assert figures("2026-09")["", ""] == (10, 53, 53, 72)


def test_the_rule_in_force_says_how_many_and_a_raised_one_takes_down_what_is_too_small(
    open_world: World,
) -> None:
    """Eight firms are shown under five; under ten nothing is, not even what was shown before; the publication names the rule."""
    for n in range(8):
        member(f"第{n}厂", step=n % 5)
    assert publish_figures(open_world.gao, period="2026-07") > 0
    assert Publication.objects.get().rule == "aggregates.minimum/1"
    adopt_rule(
        open_world.gao,
        code="aggregates.minimum",
        text=Text(zh="十家。", en="Ten."),
        value={"firms": 10},
        from_date=timezone.localdate(),
    )
    assert publish_figures(open_world.gao, period="2026-08") == 0
    for n in range(12):
        member(f"后来{n}厂", step=n % 5)
    assert publish_figures(open_world.gao, period="2026-09") > 0
    assert {firms for firms, *_ in figures("2026-09").values()} == {20}
    assert Publication.objects.get(period="2026-09").rule == "aggregates.minimum/2"


def test_a_plank_that_fewer_than_five_need_is_not_shown(
    open_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        member(f"第{n}厂", step=n)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE barrel_diagnosis DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE barrel_diagnosis NO FORCE ROW LEVEL SECURITY")
        cursor.execute(
            "UPDATE barrel_diagnosis SET planks = jsonb_set(planks, '{ip,needed}', 'false') "
            "WHERE org_id = (SELECT org_id FROM barrel_diagnosis ORDER BY org_id LIMIT 1)"
        )
        cursor.execute("ALTER TABLE barrel_diagnosis ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE barrel_diagnosis FORCE ROW LEVEL SECURITY")
    publish_figures(open_world.gao, period="2026-07")
    assert figures("2026-07", "rnd") != {}
    assert figures("2026-07", "ip") == {}


def test_a_firm_sees_that_it_counted_and_nobody_else_does(open_world: World) -> None:
    owners = [member(f"第{n}厂", step=n) for n in range(5)]
    publish_figures(open_world.gao, period="2026-07")
    with acting(org=owners[0].org):
        assert set(Contribution.objects.values_list("org_id", flat=True)) == {owners[0].org}
    with acting(org=open_world.operator.id):
        assert not Contribution.objects.exists()


def test_the_band_that_a_firm_sees_is_the_published_one_and_stays_when_one_more_joins(
    open_world: World,
) -> None:
    owners = [member(f"第{n}厂", step=n) for n in range(5)]
    assert band_of(owners[0]) is None
    publish_figures(open_world.gao, period="2026-07")
    assert band_of(owners[0]) == PeerBand(5, False, 66, 79, 90, band_of(owners[0]).planks)  # type: ignore[union-attr]
    assert band_of(owners[0]).planks["production"] == (66.0, 79.0, 90.0)  # type: ignore[union-attr]
    before = band_of(owners[0])
    member("新来厂", step=0)
    publish_figures(open_world.gao, period="2026-08")
    assert band_of(owners[0]) == before


def band_of(actor: Actor) -> PeerBand | None:
    barrel = find_barrel(actor)
    assert barrel
    return barrel.peers


def test_the_application_can_write_no_figure(open_world: World) -> None:
    for n in range(5):
        member(f"第{n}厂", step=n)
    publish_figures(open_world.gao, period="2026-07")
    for statement in (
        "INSERT INTO barrel_publication (id, period) VALUES (gen_random_uuid(), '2026-01')",
        "UPDATE barrel_figure SET median = 50",
        "DELETE FROM barrel_figure",
        "INSERT INTO barrel_contribution (group_id, org_id, value) SELECT id, app_org(), 1 FROM barrel_published_group LIMIT 1",
        "UPDATE barrel_published_group SET last_id = first_id",
    ):
        with (
            pytest.raises(DatabaseError),
            acting(org=open_world.operator.id),
            connections["default"].cursor() as cursor,
        ):
            cursor.execute(statement)


class TestTheDatabaseItself:
    """The cross role with the solver switched off: what it proposes instead is refused at commit."""

    def publish_instead(self, world: World, monkeypatch: pytest.MonkeyPatch, members: int) -> None:
        def solve(problem: object) -> Result:
            values = problem.contributions  # type: ignore[attr-defined]
            return Result((), (Group.of((), list(values)[:members]),), frozenset())

        monkeypatch.setattr(publishing, "solve", solve)
        monkeypatch.setattr(publishing, "faults_of", lambda *_: [])
        monkeypatch.setattr(publishing, "lay_out", lambda _: [])
        publish_figures(world.gao, period="2026-08")

    def test_refuses_a_group_of_four(self, open_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        for n in range(5):
            member(f"第{n}厂", step=n)
        with pytest.raises(DatabaseError, match="has 4 firms"):
            self.publish_instead(open_world, monkeypatch, 4)
        assert not PublishedGroup.objects.using("cross").exists()

    def test_refuses_a_group_of_which_one_has_gone(
        self, open_world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        owners = [member(f"第{n}厂", step=n % 5) for n in range(6)]
        publish_figures(open_world.gao, period="2026-07")
        withdraw_agreement(owners[0])
        with pytest.raises(DatabaseError, match="0 of them with a value not shown before"):
            self.publish_instead(open_world, monkeypatch, 5)

    def test_takes_five_new_values(self, open_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        for n in range(5):
            member(f"第{n}厂", step=n)
        self.publish_instead(open_world, monkeypatch, 5)
        assert PublishedGroup.objects.using("cross").count() == 11

    def test_takes_no_firm_into_a_group_that_is_published(self, open_world: World, committed: Clone) -> None:
        for n in range(5):
            member(f"第{n}厂", step=n)
        publish_figures(open_world.gao, period="2026-07")
        with psycopg.connect(committed.urls.cross) as cross, pytest.raises(psycopg.errors.CheckViolation):
            cross.execute(
                "INSERT INTO barrel_contribution (group_id, org_id, value) SELECT id, %s, 1 FROM barrel_published_group LIMIT 1",
                [open_world.qinghe.id],
            )


def test_a_proposal_against_the_rules_is_never_written(
    open_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        member(f"第{n}厂", step=n)
    monkeypatch.setattr(publishing, "solve", lambda problem: Result((), (), frozenset()))
    with pytest.raises(PublicationUnsafe, match="not all who contribute"):
        publish_figures(open_world.gao, period="2026-07")
    assert not Publication.objects.exists()


def test_two_jobs_at_once_publish_once(open_world: World) -> None:
    """The second waits for the lock and finds the month published."""
    from threading import Barrier, Thread

    from django.db import close_old_connections

    for n in range(5):
        member(f"第{n}厂", step=n)
    barrier, done = Barrier(2), []

    def run() -> None:
        barrier.wait()
        done.append(publish_figures(open_world.gao, period="2026-07"))
        close_old_connections()
        for connection in connections.all():
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(done) == [0, 11]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ((None, None, None, "t", 5), ()),
        (("330600", 2, "330000", "t", 5), ("330600",)),
        ((KEQIAO, 3, "330600", "", 5), ("330600", KEQIAO)),
        ((KEQIAO, 3, "330600", "even", 5), ("330600", KEQIAO)),
        ((KEQIAO, 3, "330600", "t", None), ("330600", KEQIAO, "t")),
        ((KEQIAO, 3, "330600", "t", 46), ("330600", KEQIAO, "t", "small")),
    ],
)
def test_a_firm_stands_as_deep_in_the_tree_as_is_known_of_it(given: tuple, path: tuple[str, ...]) -> None:
    assert path_of(*given) == path


def test_size_and_staff_place_a_firm_in_its_class(open_world: World) -> None:
    for n in range(5):
        owner = member(f"第{n}厂", step=n)
        with acting(org=owner.org):
            Profile.objects.filter(org_id=owner.org).update(staff=12)
    publish_figures(open_world.gao, period="2026-07")
    assert Figure.objects.filter(
        size="micro", measure="", place=KEQIAO, business_type="textile.weaving"
    ).exists()
    with transaction.atomic(using="cross"):
        assert {tuple(g.node) for g in PublishedGroup.objects.using("cross").filter(measure="")} == {
            ("330600", KEQIAO, "textile.weaving", "micro")
        }
