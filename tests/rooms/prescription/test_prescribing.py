"""A prescription rests on the firm's barrel, the offers at its price and its vouchers; it is kept, replayed, and its frontier drawn."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client

from staveworks.cluster.barrel.current import find_current
from staveworks.cluster.barrel.usecases.choose_profile import choose_profile
from staveworks.cluster.prescription.carrying_out import list_left, progress_of
from staveworks.cluster.prescription.gathering import gather
from staveworks.cluster.prescription.models import Basis, Prescription, Step
from staveworks.cluster.prescription.queries import (
    access_prescription,
    compare_with_now,
    find_newest,
    list_prescriptions,
    replay_prescription,
)
from staveworks.cluster.prescription.types import (
    BudgetInvalid,
    HorizonInvalid,
    NoBarrelYet,
    ObjectiveUnknown,
    PrescriptionNotFound,
    PrescriptionView,
)
from staveworks.cluster.prescription.usecases import draw_frontier as drawing
from staveworks.cluster.prescription.usecases.accept_prescription import ASKS, accept_prescription
from staveworks.cluster.prescription.usecases.draw_frontier import draw_frontier
from staveworks.cluster.prescription.usecases.prescribe import make_prescription
from staveworks.db.transaction import acting
from staveworks.engine.prescription import FrontierPoint
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.types import Actor, RightMissing
from staveworks.jobs.reactions import REACTIONS
from staveworks.trade.catalogue.types import OfferNotPublished
from staveworks.trade.catalogue.usecases.publish_offer import change_price, withdraw_offer
from staveworks.trade.orders.queries import access_order
from staveworks.trade.orders.usecases.fill_order import add_line
from staveworks.trade.orders.usecases.hold_order import hold_order
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.web.prescribe.rows import More, more_of
from tests.rooms.barrel.conftest import GREEN
from tests.rooms.prescription.conftest import assess, grant, sell
from tests.trading import publish
from tests.world import World

PLENTY = 100_000


def prescribed(actor: Actor, budget_fen: int = PLENTY, **asked: Any) -> PrescriptionView:
    made = make_prescription(actor, budget_fen=budget_fen, **asked)
    return access_prescription(actor, prescription_id=made)


def titles(view: PrescriptionView) -> list[str]:
    return [view.services[each.offer.id].title.zh for each in view.chosen]


def reasons(view: PrescriptionView) -> dict[str, str]:
    return {view.services[each.offer.id].title.zh: each.why for each in view.unchosen}


class TestWhatItRestsOn:
    def test_the_short_planks_are_lifted_and_the_rest_is_explained(self, world: World, lab: Actor) -> None:
        """12.5 and 25 are short. The warehouse lifts one to 60, the showroom the other to 55, which then holds the water."""
        assess(world.lin)
        sell(lab, "云仓", "logistics", "floor", 60, 12_000, lead_time_days=10)
        sell(lab, "展厅", "marketing", "gain", 30, 9_000)
        sell(lab, "图案库", "rnd", "floor", 100, 500)
        view = prescribed(world.lin)
        assert (view.before.water_level, view.answer.reached.water_level) == (12.5, 55)
        assert titles(view) == ["云仓", "展厅"]
        assert [each.level_without for each in view.chosen] == [12.5, 25]
        assert reasons(view) == {"图案库": "level_stays"}
        assert (view.answer.price_fen, view.answer.reached.net_fen) == (21_000, 21_000)
        assert view.answer.status == "optimal"

    def test_without_any_purchase_the_level_is_the_one_on_the_barrels_page(self, world: World) -> None:
        """Also with a hole: production leaks above 20 where its second question is answered no."""
        assess(world.lin, production_b=0, logistics_b=1, marketing_b=1)
        barrel = find_current(world.lin)
        assert barrel is not None
        view = prescribed(world.lin)
        assert view.before.water_level == barrel.card.water.likely == 20
        assert view.before.bearing == barrel.card.bearing.likely

    def test_a_hole_lets_out_what_is_lifted_past_it(self, world: World, lab: Actor) -> None:
        assess(world.lin, production_b=0, logistics_b=1, marketing_b=1)
        sell(lab, "云 ERP", "production", "floor", 90, 12_000)
        view = prescribed(world.lin)
        assert titles(view) == []
        assert reasons(view) == {"云 ERP": "level_stays"}

    def test_the_price_is_that_of_the_firms_price_group(self, world: World, lab: Actor) -> None:
        """春晖 says no city: it is a member of another one for offers of Shaoxing."""
        assess(world.lin)
        groups = {"member": "1", "elsewhere": "1.5"}
        sell(lab, "云仓", "logistics", "floor", 60, 12_000, city="330600", groups=groups)
        sell(lab, "只给本市", "logistics", "floor", 99, 1, city="330600", groups={"member": "1"})
        assert [each.price_fen for each in prescribed(world.lin).answer.chosen] == [18_000]

    def test_what_is_priced_on_request_withdrawn_or_without_effect_is_not_among_the_offers(
        self, world: World, lab: Actor
    ) -> None:
        assess(world.lin)
        kept = sell(lab, "云仓", "logistics", "floor", 60, 12_000)
        gone = sell(lab, "撤下", "logistics", "floor", 99, 1)
        withdraw_offer(lab, offer_id=gone.offer_id)
        effects = [{"plank": "logistics", "kind": "floor", "amount": 99}]
        publish(lab, planks=["logistics"], effects=effects, price={"kind": "quote"})
        publish(lab, planks=["logistics"])
        basis = gather(world.lin, horizon_days=None).document["offers"]
        assert [offer["id"] for offer in basis] == [str(kept.id)]

    def test_a_horizon_leaves_out_what_takes_longer(self, world: World, lab: Actor) -> None:
        assess(world.lin)
        sell(lab, "快", "logistics", "floor", 20, 12_000, lead_time_days=30)
        sell(lab, "慢", "logistics", "floor", 60, 12_000, lead_time_days=31)
        assert titles(prescribed(world.lin)) == ["慢"]
        assert titles(prescribed(world.lin, horizon_days=30)) == ["快"]

    def test_leximin_goes_on_with_the_next_plank(self, world: World, lab: Actor) -> None:
        assess(world.lin, rnd_a=2)
        sell(lab, "云仓", "logistics", "floor", 20, 12_000)
        sell(lab, "图案库", "rnd", "floor", 90, 500)
        assert titles(prescribed(world.lin)) == ["云仓"]
        assert titles(prescribed(world.lin, objective="leximin")) == ["云仓", "图案库"]

    def test_an_eleventh_plank_that_is_data_alone_is_lifted_like_any_other(
        self, world: World, lab: Actor, data_folder: Callable[..., Path]
    ) -> None:
        data_folder([GREEN], edition="2027")
        assess(world.lin, green_a=0, green_b=0, logistics_b=1, marketing_b=1)
        sell(lab, "节能诊断", "green", "floor", 40, 12_000)
        view = prescribed(world.lin)
        assert (view.before.water_level, view.answer.reached.water_level) == (0, 40)
        assert list(view.chosen[0].lifts) == ["green"]


class TestVouchers:
    def test_a_voucher_pays_of_the_offers_that_are_eligible_up_to_its_cap_over_all(
        self, world: World, lab: Actor
    ) -> None:
        """Half of 12,000 and of 9,000 would be 10,500; the voucher holds 7,000."""
        assess(world.lin)
        grant(world, cap_fen=7_000)
        sell(lab, "云仓", "logistics", "floor", 60, 12_000, programmes=["innovation"])
        sell(lab, "展厅", "marketing", "gain", 30, 9_000, programmes=["innovation"])
        view = prescribed(world.lin)
        assert view.answer.reached.net_fen == 14_000
        assert sorted(view.paid_fen.values()) == [1_000, 6_000]
        assert view.saved_fen == 7_000
        assert replay_prescription(world.lin, prescription_id=view.id).faults == ()

    def test_it_pays_nothing_of_others_nor_for_another_firm(self, world: World, lab: Actor) -> None:
        grant(world)
        sell(lab, "云仓", "logistics", "floor", 60, 12_000, programmes=["digital"])
        sell(lab, "展厅", "marketing", "gain", 30, 9_000, programmes=["innovation"])
        assess(world.lin)
        assess(world.wu)
        assert prescribed(world.lin).answer.reached.net_fen == 16_500
        assert prescribed(world.wu).answer.reached.net_fen == 21_000


class TestRefusals:
    def test_without_an_assessment_there_is_no_prescription(self, world: World) -> None:
        with pytest.raises(NoBarrelYet):
            make_prescription(world.lin, budget_fen=0)

    @pytest.mark.parametrize(
        ("asked", "error", "field"),
        [
            ({"budget_fen": -1}, BudgetInvalid, "budget_fen"),
            ({"budget_fen": 10**12}, BudgetInvalid, "budget_fen"),
            ({"budget_fen": 1, "objective": "most"}, ObjectiveUnknown, "objective"),
            ({"budget_fen": 1, "horizon_days": 0}, HorizonInvalid, "horizon_days"),
        ],
    )
    def test_what_makes_no_sense_is_refused_at_its_field(
        self, world: World, asked: dict[str, Any], error: type[Exception], field: str
    ) -> None:
        with pytest.raises(error) as refused:
            make_prescription(world.lin, **asked)
        assert refused.value.field == field  # type: ignore[attr-defined]

    def test_who_lacks_the_right_makes_none_and_nobody_sees_another_firms(
        self, world: World, lab: Actor
    ) -> None:
        assess(world.lin)
        with pytest.raises(RightMissing):
            make_prescription(world.shen, budget_fen=0)
        view = prescribed(world.lin)
        for read in (access_prescription, replay_prescription):
            with pytest.raises(PrescriptionNotFound):
                read(world.wu, prescription_id=view.id)
        assert list_prescriptions(world.wu) == []
        with acting(org=world.wu.org):
            assert not Basis.objects.exists() | Prescription.objects.exists()


class TestTheRecord:
    def test_the_same_question_is_the_same_record_until_something_changes(
        self, world: World, lab: Actor
    ) -> None:
        assess(world.lin)
        version = sell(lab, "云仓", "logistics", "floor", 60, 12_000)
        first = make_prescription(world.lin, budget_fen=PLENTY)
        assert make_prescription(world.lin, budget_fen=PLENTY) == first
        other = make_prescription(world.lin, budget_fen=PLENTY + 1)
        assert [card.id for card in list_prescriptions(world.lin)] == [other, first]
        assert find_newest(world.lin) == other
        view = access_prescription(world.lin, prescription_id=first)
        assert not compare_with_now(world.lin, view).outdated
        dearer = {"kind": "fixed", "amount_fen": 13_000}
        change_price(lab, offer_id=version.offer_id, price=dearer, groups=None, number=1)
        assert compare_with_now(world.lin, view).outdated
        assert make_prescription(world.lin, budget_fen=PLENTY) != first
        kept = access_prescription(world.lin, prescription_id=first)
        assert kept.answer.reached.net_fen == 12_000
        with acting(org=world.lin.org):
            assert Basis.objects.count() == 2
            events = Event.objects.filter(type="prescription.made").count()
        assert events == 3

    def test_a_replay_names_what_is_wrong_with_a_record(self, world: World, lab: Actor) -> None:
        """The control: a record that says more than its choice reaches is found out."""
        assess(world.lin)
        sell(lab, "云仓", "logistics", "floor", 60, 12_000)
        view = prescribed(world.lin)
        assert replay_prescription(world.lin, prescription_id=view.id).faults == ()
        with acting(org=world.lin.org):
            row = Prescription.objects.get(id=view.id)
            row.id, row.budget_fen = UUID(int=9), PLENTY + 1
            row.result |= {"net_fen": 1, "vector": [99.0, *row.result["vector"][1:]]}
            Prescription.objects.bulk_create([row])
        assert len(replay_prescription(world.lin, prescription_id=UUID(int=9)).faults) >= 2

    def test_what_was_asked_and_answered_stays(self, world: World, lab: Actor) -> None:
        assess(world.lin)
        view = prescribed(world.lin)
        with acting(org=world.lin.org):
            for rows, change in (
                (Prescription.objects.filter(id=view.id), {"budget_fen": 1}),
                (Basis.objects.filter(id=view.basis_id), {"highest": 1.0}),
            ):
                with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
                    rows.update(**change)
                with pytest.raises(ProgrammingError), transaction.atomic():
                    rows._raw_delete(rows.db)


class TestAccepting:
    def test_what_is_chosen_goes_into_the_order_draft_once(self, world: World, lab: Actor) -> None:
        assess(world.lin)
        sell(lab, "云仓", "logistics", "floor", 60, 12_000)
        sell(lab, "展厅", "marketing", "gain", 30, 9_000)
        view = prescribed(world.lin)
        done = accept_prescription(world.lin, prescription_id=view.id)
        assert (done.added, done.left) == (2, ())
        assert done.order_id
        again = accept_prescription(world.lin, prescription_id=view.id)
        assert (again.order_id, again.added) == (done.order_id, 0)
        lines = access_order(world.lin, order_id=done.order_id).lines
        assert [line.title.zh for line in lines] == ["云仓", "展厅"]
        assert {line.version_id for line in lines} == {
            view.services[each.offer.id].version_id for each in view.chosen
        }

    def test_what_asks_for_more_and_what_is_gone_is_left_out_with_the_reason(
        self, world: World, lab: Actor
    ) -> None:
        assess(world.lin)
        asks = {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer"}}}
        sell(lab, "云仓", "logistics", "floor", 60, 12_000, form=asks)
        gone = sell(lab, "展厅", "marketing", "gain", 30, 9_000)
        view = prescribed(world.lin)
        withdraw_offer(lab, offer_id=gone.offer_id)
        done = accept_prescription(world.lin, prescription_id=view.id)
        assert (done.order_id, done.added) == (None, 0)
        assert [(service.title.zh, why.zh) for service, why in done.left] == [
            ("云仓", ASKS.zh),
            ("展厅", OfferNotPublished.text.zh),
        ]

    def test_says_how_far_it_is_carried_out_and_the_draft_what_is_still_to_ask_for(
        self, world: World, lab: Actor
    ) -> None:
        assess(world.lin)
        asks = {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer"}}}
        form = sell(lab, "云仓", "logistics", "floor", 60, 12_000, form=asks)
        sell(lab, "展厅", "marketing", "gain", 30, 9_000)
        view = prescribed(world.lin)

        def standings() -> list[str]:
            return [str(each.standing) for each in progress_of(world.lin, view)]

        assert sorted(standings()) == ["to_add", "to_book"]
        order = accept_prescription(world.lin, prescription_id=view.id).order_id
        assert order
        assert sorted(standings()) == ["drafted", "to_book"]
        (left,) = list_left(world.lin, order_id=order)
        assert (left.offer_id, left.service.title.zh, left.price_fen) == (form.offer_id, "云仓", 12_000)
        reader = Client(headers={"accept-language": "en"})
        reader.force_login(Person.objects.get(id=world.lin.person))
        page = reader.get(f"/orders/{order}/").content.decode()
        assert "Not in here yet: ¥120.00; with the order above ¥210.00 in all." in page
        assert list_left(world.wu, order_id=order) == ()
        add_line(world.lin, version_id=left.service.version_id, request={"size": 3})
        assert (standings(), list_left(world.lin, order_id=order)) == (["drafted"] * 2, ())
        hold_order(world.lin, order_id=order)
        place_order(world.lin, order_id=order)
        assert standings() == ["ordered"] * 2

    def test_only_who_may_order_accepts(self, world: World, lab: Actor) -> None:
        assess(world.lin)
        view = prescribed(world.lin)
        with pytest.raises(RightMissing):
            accept_prescription(world.shen, prescription_id=view.id)
        with pytest.raises(PrescriptionNotFound):
            accept_prescription(world.wu, prescription_id=view.id)


class TestTheFrontier:
    def test_it_follows_by_an_event_and_holds_every_budget_at_which_the_level_rises(
        self, world: World, lab: Actor
    ) -> None:
        assess(world.lin)
        sell(lab, "云仓", "logistics", "floor", 60, 12_000)
        sell(lab, "展厅", "marketing", "gain", 30, 9_000)
        view = prescribed(world.lin, budget_fen=0)
        assert (view.drawn, view.steps, view.highest) == (False, (), 55)
        assert REACTIONS["basis.recorded"] == (f"{drawing.__name__}.draw_frontier",)
        service = operator_service_for(world.lin.org)
        assert draw_frontier(service, subject=view.basis_id) == 3
        assert draw_frontier(service, subject=view.basis_id) == 0
        after = access_prescription(world.lin, prescription_id=view.id)
        assert after.drawn
        assert [(p.budget_fen, p.water_level) for p in after.steps] == [(0, 12.5), (12_000, 25), (21_000, 55)]
        assert prescribed(world.lin).steps == after.steps, "one frontier serves every budget"

    def test_cut_off_it_goes_on_after_the_last_step(
        self, world: World, lab: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assess(world.lin)
        sell(lab, "云仓", "logistics", "floor", 60, 12_000)
        sell(lab, "展厅", "marketing", "gain", 30, 9_000)
        view, service = prescribed(world.lin), operator_service_for(world.lin.org)
        keep = drawing._keep

        def cut_off(*args: Any, **values: Any) -> None:
            if values["place"] == 2:
                raise ConnectionError
            keep(*args, **values)

        monkeypatch.setattr(drawing, "_keep", cut_off)
        with pytest.raises(ConnectionError):
            draw_frontier(service, subject=view.basis_id)
        monkeypatch.setattr(drawing, "_keep", keep)
        assert draw_frontier(service, subject=view.basis_id) == 2, (
            "the last that is kept once more, and the next"
        )
        with acting(org=world.lin.org):
            steps = Step.objects.order_by("place").values_list("place", "budget_fen")
            assert list(steps) == [(0, 0), (1, 12_000), (2, 21_000)]

    def test_more_money_is_only_said_to_buy_what_is_seen(self, world: World, lab: Actor) -> None:
        """A step that shows the same level would be offered for nothing."""
        assess(world.lin)
        view = replace(prescribed(world.lin, budget_fen=0), steps=_steps((0, 12.5), (500, 12.54)))
        assert more_of(view) is None
        assert more_of(replace(view, steps=_steps((0, 12.5), (500, 12.54), (900, 12.6)))) == More(900, "12.6")


def _steps(*points: tuple[int, float]) -> tuple[FrontierPoint, ...]:
    return tuple(FrontierPoint(budget_fen, level, ()) for budget_fen, level in points)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh-hans", ("提升 30 分，长期有效", "您的目标 60 分")),
        ("en", ("grows by 30 points and stays", "your target: 60 points")),
    ],
)
def test_an_offers_page_has_points_of_the_plank_and_percent_of_the_readers_target(
    world: World, lab: Actor, language: str, said: tuple[str, str]
) -> None:
    """25 of 60 points, then 55."""
    assessment = assess(world.lin)
    choose_profile(
        world.lin, assessment_id=assessment, profile="even", adjustments={"marketing": 60}, reason="代工"
    )
    offer = sell(lab, "展厅", "marketing", "gain", 30, 9_000)
    reader = Client(headers={"accept-language": language})
    reader.force_login(Person.objects.get(id=world.lin.person))
    page = reader.get(f"/offers/{offer.offer_id}/").content.decode()
    for each in (*said, ">42 %<", ">92 %<"):
        assert each in page
