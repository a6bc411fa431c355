"""From an empty basket to what is settled, and every way in which a line falls away."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor, RightMissing, Role
from staveworks.foundation.reservation.queries import inquire
from staveworks.foundation.reservation.types import Ask, HoldExpired
from staveworks.trade.catalogue.usecases.draft_offer import edit_draft
from staveworks.trade.catalogue.usecases.publish_offer import change_price, publish_offer, withdraw_offer
from staveworks.trade.orders.models import Approval, Dispute, Limit, Line
from staveworks.trade.orders.models import Order as OrderRow
from staveworks.trade.orders.queries import (
    access_line,
    access_order,
    cancellation_fee_of,
    current_draft,
    list_desk,
    list_disputes,
    list_orders,
)
from staveworks.trade.orders.terms import terms_in_force
from staveworks.trade.orders.types import (
    AmountInvalid,
    ApproverIsRequester,
    FeeChanged,
    LineNotFound,
    LinesNotFree,
    LineState,
    NobodyToApprove,
    NotADraft,
    NotBegunYet,
    NotHeardYet,
    NotHeldYet,
    NothingOrdered,
    NotYet,
    OrderNotFound,
    OrderState,
    OwnOffer,
    PriceChanged,
    QuantityInvalid,
    ReasonMissing,
)
from staveworks.trade.orders.usecases import dispute_line
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import confirm_line, decline_line
from staveworks.trade.orders.usecases.decide_approval import approve_order, recall_order, refuse_order
from staveworks.trade.orders.usecases.deliver_line import deliver_part, start_line
from staveworks.trade.orders.usecases.dispute_line import answer_dispute, decide_dispute, open_dispute
from staveworks.trade.orders.usecases.end_line import cancel_line, displace_line, record_no_show
from staveworks.trade.orders.usecases.fill_order import add_line, change_line, remove_line
from staveworks.trade.orders.usecases.hold_order import hold_order, take_prices
from staveworks.trade.orders.usecases.lapse_lines import lapse_line
from staveworks.trade.orders.usecases.place_order import place_order
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.ordering import Market, make_market
from tests.stock import faults
from tests.trading import document, publish
from tests.world import World, join, make_person, make_world

pytestmark = pytest.mark.django_db
DEARER = {"kind": "fixed", "amount_fen": 72_000}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def market(world: World) -> Market:
    return make_market(world)


def yarn_left(market: Market) -> int:
    return inquire(market.lu, [Ask(market.yarn_stock)])[0].free


def state(actor: Actor, line: UUID) -> LineState:
    return access_line(actor, line_id=line).state


class TestFilling:
    def test_lines_of_several_providers_come_into_one_draft(self, world: World, market: Market) -> None:
        order = market.fill(world.zhou, market.test, market.yarn)
        assert market.fill(world.lin, market.test) != order, "her own draft is another one"
        again = add_line(world.lin, version_id=market.test.id, request={}, order_id=order)
        assert again.order_id == order, "a colleague helps where she says so"
        found = access_order(world.lin, order_id=order)
        assert [line.price_fen for line in found.lines] == [68_000, 20_000, 68_000]
        assert (found.card.state, found.card.number, found.card.providers) == (OrderState.DRAFT, 1, 2)
        remove_line(world.zhou, line_id=found.lines[2].id)
        change_line(world.zhou, line_id=found.lines[1].id, request={"quantity": 3})
        assert [line.price_fen for line in access_order(world.lin, order_id=order).lines] == [68_000, 6_000]

    def test_nobody_else_sees_a_draft_not_even_its_providers(self, world: World, market: Market) -> None:
        order = market.fill(world.zhou, market.test)
        (line,) = access_order(world.zhou, order_id=order).lines
        with pytest.raises(OrderNotFound):
            access_order(world.wu, order_id=order)
        for actor in (market.fang, world.wu):
            with pytest.raises(LineNotFound):
                access_line(actor, line_id=line.id)
        assert list_desk(market.fang) == []
        assert (len(list_orders(world.lin)), len(list_orders(world.wu))) == (1, 0)

    def test_ones_own_offer_and_an_order_without_lines_are_refused(
        self, world: World, market: Market
    ) -> None:
        with pytest.raises(OwnOffer):
            add_line(market.fang, version_id=market.test.id, request={})
        order = market.fill(world.lin, market.test)
        remove_line(world.lin, line_id=access_order(world.lin, order_id=order).lines[0].id)
        with pytest.raises(NothingOrdered):
            hold_order(world.lin, order_id=order)
        assert current_draft(world.lin) is None

    def test_what_is_placed_is_no_draft_any_more(self, world: World, market: Market) -> None:
        placed = market.place(world.lin, market.test)
        for act in (
            lambda: remove_line(world.lin, line_id=placed.lines[0].id),
            lambda: hold_order(world.lin, order_id=placed.card.id),
            lambda: add_line(world.lin, version_id=market.test.id, request={}, order_id=placed.card.id),
        ):
            with pytest.raises(NotADraft):
                act()
        assert market.fill(world.lin, market.test) != placed.card.id


class TestHoldingAndPlacing:
    def test_all_or_nothing_is_held_and_each_provider_gets_its_line(
        self, world: World, market: Market
    ) -> None:
        order = market.fill(world.lin, market.test, market.yarn)
        with pytest.raises(NotHeldYet):
            place_order(world.lin, order_id=order)
        hold_order(world.lin, order_id=order)
        assert yarn_left(market) == 490
        assert list_desk(market.lu) == [], "what is held isn't the provider's affair yet"
        assert place_order(world.lin, order_id=order, expected_fen=88_000) is OrderState.RUNNING
        assert [each.title.en for each in list_desk(market.lu)] == ["Combed cotton yarn, 40s"]
        assert [each.price_fen for each in list_desk(market.fang)] == [68_000]

    def test_if_one_line_cant_be_had_nothing_is_held(self, world: World, market: Market) -> None:
        order = market.fill(world.lin, market.test, market.yarn, quantity=501)
        with pytest.raises(LinesNotFree) as refused:
            hold_order(world.lin, order_id=order)
        assert [each.title.zh for each in refused.value.missing] == ["精梳棉纱 40 支"]
        assert {line.held_until for line in access_order(world.lin, order_id=order).lines} == {None}

    def test_changing_a_draft_gives_back_what_it_held(self, world: World, market: Market) -> None:
        order = market.fill(world.lin, market.yarn)
        hold_order(world.lin, order_id=order)
        hold_order(world.lin, order_id=order)
        assert yarn_left(market) == 490, "held anew, not twice"
        market.fill(world.lin, market.test)
        assert yarn_left(market) == 500
        with pytest.raises(NotHeldYet):
            place_order(world.lin, order_id=order)

    def test_a_hold_that_expired_is_not_placed(self, world: World, market: Market) -> None:
        order = market.fill(world.lin, market.yarn)
        hold_order(world.lin, order_id=order)
        with acting(org=world.lin.org), connection.cursor() as cursor:
            cursor.execute("UPDATE reservation_reservation SET expires_at = clock_timestamp()")
        with pytest.raises(HoldExpired):
            place_order(world.lin, order_id=order)
        hold_order(world.lin, order_id=order)
        assert place_order(world.lin, order_id=order) is OrderState.RUNNING

    @pytest.mark.parametrize(
        ("limit_fen", "state"), [(100_000, OrderState.RUNNING), (0, OrderState.AWAITING_APPROVAL)]
    )
    def test_what_was_held_before_and_is_scarce_no_more_stops_nothing(
        self, world: World, market: Market, limit_fen: int, state: OrderState
    ) -> None:
        set_limit(world.lin, limit_fen=limit_fen)
        order = market.fill(world.zhou, market.test)
        hold_order(world.zhou, order_id=order)
        edit_draft(market.fang, offer_id=market.test.offer_id, content=document())
        publish_offer(market.fang, offer_id=market.test.offer_id)
        take_prices(world.zhou, order_id=order)
        hold_order(world.zhou, order_id=order)
        assert place_order(world.zhou, order_id=order) is state


class TestPrices:
    def test_a_price_that_changed_while_ordering_is_told_and_the_buyer_decides(
        self, world: World, market: Market
    ) -> None:
        order = market.fill(world.lin, market.test, market.yarn)
        hold_order(world.lin, order_id=order)
        change_price(market.fang, offer_id=market.test.offer_id, price=DEARER, groups=None, number=1)
        for act in (place_order, hold_order):
            with pytest.raises(PriceChanged) as refused:
                act(world.lin, order_id=order)
            assert [(each.old_fen, each.new_fen) for each in refused.value.changes] == [(68_000, 72_000)]
        assert yarn_left(market) == 490, "what was held before still is"
        assert {line.state for line in access_order(world.lin, order_id=order).lines} == {LineState.DRAFT}
        take_prices(world.lin, order_id=order)
        hold_order(world.lin, order_id=order)
        place_order(world.lin, order_id=order, expected_fen=92_000)
        assert access_order(world.lin, order_id=order).card.price_fen == 92_000

    def test_a_price_that_changes_afterwards_changes_nothing(self, world: World, market: Market) -> None:
        placed = market.place(world.lin, market.test)
        change_price(market.fang, offer_id=market.test.offer_id, price=DEARER, groups=None, number=1)
        line = access_line(market.fang, line_id=placed.lines[0].id)
        assert (line.price_fen, line.quote.price_fen, line.version_id) == (68_000, 68_000, market.test.id)

    def test_an_offer_withdrawn_meanwhile_can_only_be_taken_out(self, world: World, market: Market) -> None:
        order = market.fill(world.lin, market.test, market.yarn)
        withdraw_offer(market.fang, offer_id=market.test.offer_id)
        with pytest.raises(PriceChanged) as refused:
            hold_order(world.lin, order_id=order)
        (change,) = refused.value.changes
        assert change.new_fen is None
        remove_line(world.lin, line_id=change.line_id)
        hold_order(world.lin, order_id=order)

    def test_another_sum_than_the_buyer_saw_is_not_placed(self, world: World, market: Market) -> None:
        order = market.fill(world.lin, market.test)
        hold_order(world.lin, order_id=order)
        with pytest.raises(PriceChanged):
            place_order(world.lin, order_id=order, expected_fen=67_999)


class TestApproval:
    """春晖织造's limit is ¥500: the test for ¥680 is above it."""

    @pytest.fixture(autouse=True)
    def _limit(self, world: World) -> None:
        set_limit(world.lin, limit_fen=50_000)

    @pytest.fixture
    def order(self, world: World, market: Market) -> UUID:
        """周倩 the clerk asked; 林春晖 decides."""
        order = market.fill(world.zhou, market.test)
        hold_order(world.zhou, order_id=order)
        assert place_order(world.zhou, order_id=order) is OrderState.AWAITING_APPROVAL
        return order

    def test_somebody_else_approves_and_only_then_the_provider_hears_of_it(
        self, world: World, market: Market, order: UUID
    ) -> None:
        assert list_desk(market.fang) == []
        with pytest.raises(RightMissing):
            approve_order(world.zhou, order_id=order)
        approve_order(world.lin, order_id=order)
        assert len(list_desk(market.fang)) == 1
        assert access_order(world.zhou, order_id=order).card.state is OrderState.RUNNING

    def test_refused_it_is_a_draft_again_and_holds_nothing(
        self, world: World, market: Market, order: UUID
    ) -> None:
        with pytest.raises(ReasonMissing):
            refuse_order(world.lin, order_id=order, reason=" ")
        refuse_order(world.lin, order_id=order, reason="下个月再做")
        found = access_order(world.zhou, order_id=order)
        assert (found.card.state, found.held_until) == (OrderState.DRAFT, None)
        assert found.approval is not None
        assert (found.approval.verdict, found.approval.reason) == ("refused", "下个月再做")
        hold_order(world.zhou, order_id=order)
        assert place_order(world.zhou, order_id=order) is OrderState.AWAITING_APPROVAL
        recall_order(world.zhou, order_id=order)
        assert access_order(world.zhou, order_id=order).card.state is OrderState.DRAFT

    def test_whoever_asked_doesnt_approve_while_somebody_else_can(self, world: World, market: Market) -> None:
        mei = join(make_person("梅经理"), world.chunhui, Role.MANAGER)
        order = market.fill(mei, market.test)
        hold_order(mei, order_id=order)
        place_order(mei, order_id=order)
        with pytest.raises(ApproverIsRequester):
            approve_order(mei, order_id=order)
        with acting(org=world.lin.org, person=mei.person):
            for own in (None, 10**9):
                with pytest.raises(IntegrityError, match=r"by_another|somebody else"), transaction.atomic():
                    Approval.objects.filter(order_id=order).update(
                        verdict="approved", decided_by_id=mei.person, own_up_to_fen=own
                    )
        approve_order(world.lin, order_id=order)

    def test_a_sole_owner_approves_her_own_up_to_the_rule(self, world: World, market: Market) -> None:
        order = market.fill(world.lin, market.test)
        hold_order(world.lin, order_id=order)
        place_order(world.lin, order_id=order)
        approve_order(world.lin, order_id=order)
        assert access_order(world.lin, order_id=order).card.state is OrderState.RUNNING

    def test_above_the_rule_a_sole_owner_needs_somebody(self, world: World, market: Market) -> None:
        dear = publish(market.fang, price={"kind": "fixed", "amount_fen": 5_000_001})
        order = market.fill(world.lin, dear)
        hold_order(world.lin, order_id=order)
        with pytest.raises(NobodyToApprove):
            place_order(world.lin, order_id=order)
        join(make_person("梅经理"), world.chunhui, Role.MANAGER)
        assert place_order(world.lin, order_id=order) is OrderState.AWAITING_APPROVAL

    def test_the_database_places_nothing_that_awaits_approval(
        self, world: World, market: Market, order: UUID
    ) -> None:
        with (
            acting(org=world.lin.org),
            pytest.raises(IntegrityError, match="nobody approved"),
            transaction.atomic(),
        ):
            Line.objects.filter(order_id=order).update(state=LineState.PLACED)

    def test_without_an_answer_it_lapses_into_the_draft(
        self, world: World, market: Market, order: UUID
    ) -> None:
        (line,) = access_order(world.zhou, order_id=order).lines
        assert lapse_line(world.lin, line_id=line.id) is False
        make_overdue(world.lin, line.id)
        assert lapse_line(world.lin, line_id=line.id) is True
        assert access_order(world.zhou, order_id=order).card.state is OrderState.DRAFT

    def test_the_limit_is_the_owners_to_set_and_the_rules_without_her(
        self, world: World, market: Market
    ) -> None:
        with pytest.raises(RightMissing):
            set_limit(world.zhou, limit_fen=10**9)
        set_limit(world.lin, limit_fen=None)
        assert market.place(world.zhou, market.test).card.state is OrderState.RUNNING
        with acting(org=world.lin.org):
            assert not Limit.objects.exists()


class TestDelivering:
    def test_confirmed_delivered_in_parts_and_accepted(self, world: World, market: Market) -> None:
        (line,) = market.place(world.lin, market.yarn, quantity=200).lines
        confirm_line(market.lu, line_id=line.id)
        assert deliver_part(market.lu, line_id=line.id, text="120 kg", quantity=120, last=False) == 1
        assert state(world.lin, line.id) is LineState.IN_DELIVERY
        with pytest.raises(QuantityInvalid):
            deliver_part(market.lu, line_id=line.id, text="81 kg", quantity=81, last=True)
        assert deliver_part(market.lu, line_id=line.id, text="60 kg", quantity=60, last=True) == 2
        assert yarn_left(market) == 320, "what was not needed is given back"
        found = access_line(world.lin, line_id=line.id)
        assert [(part.note, part.quantity) for part in found.parts] == [("120 kg", 120), ("60 kg", 60)]
        accept_line(world.lin, line_id=line.id)
        assert access_line(market.lu, line_id=line.id).accepted_fen == 400_000
        assert faults() == []

    def test_a_quick_line_is_done_while_a_slow_one_waits(self, world: World, market: Market) -> None:
        test, yarn = market.place(world.lin, market.test, market.yarn).lines
        confirm_line(market.fang, line_id=test.id)
        start_line(market.fang, line_id=test.id)
        deliver_part(market.fang, line_id=test.id, text="报告", last=True)
        accept_line(world.lin, line_id=test.id)
        assert (state(world.lin, test.id), state(world.lin, yarn.id)) == (
            LineState.ACCEPTED,
            LineState.PLACED,
        )
        assert access_order(world.lin, order_id=test.order_id).card.state is OrderState.RUNNING

    def test_after_the_days_agreed_it_is_accepted_by_itself(self, world: World, market: Market) -> None:
        line = market.deliver(world.lin, market.test)
        assert line.deadline_at is not None
        assert line.deadline_at - line.moved_at > timedelta(days=6.9)
        assert lapse_line(world.lin, line_id=line.id) is False
        make_overdue(world.lin, line.id)
        assert lapse_line(world.lin, line_id=line.id) is True
        assert access_line(world.lin, line_id=line.id).accepted_fen == 68_000

    def test_each_side_takes_its_own_steps_only(self, world: World, market: Market) -> None:
        (line,) = market.place(world.lin, market.test).lines
        for act in (confirm_line, accept_line, start_line):
            with pytest.raises((LineNotFound, RightMissing, NotYet)):
                act(world.wu, line_id=line.id)
        with pytest.raises(LineNotFound):
            confirm_line(world.lin, line_id=line.id)
        with pytest.raises(NotYet):
            accept_line(world.lin, line_id=line.id)
        with (
            acting(org=world.lin.org),
            pytest.raises(IntegrityError, match="other side"),
            transaction.atomic(),
        ):
            Line.objects.filter(id=line.id).update(state=LineState.CONFIRMED)
        with acting(org=market.fang.org), pytest.raises(IntegrityError, match="agreed"), transaction.atomic():
            Line.objects.filter(id=line.id).update(price_fen=1)
        confirm_line(market.fang, line_id=line.id)


class TestFallingAway:
    def test_declined_or_unanswered_it_is_free_again(self, world: World, market: Market) -> None:
        (line,) = market.place(world.lin, market.yarn).lines
        decline_line(market.lu, line_id=line.id, reason="这批已订完")
        assert (state(world.lin, line.id), yarn_left(market)) == (LineState.DECLINED, 500)
        (line,) = market.place(world.lin, market.yarn).lines
        make_overdue(world.lin, line.id)
        with pytest.raises(Exception, match="deadline"):
            confirm_line(market.lu, line_id=line.id)
        assert lapse_line(world.lin, line_id=line.id) is True
        assert (state(world.lin, line.id), yarn_left(market)) == (LineState.EXPIRED, 500)
        assert list_orders(world.lin)[0].state is OrderState.FELL_THROUGH

    def test_cancelling_costs_nothing_before_it_is_confirmed_and_by_the_terms_after(
        self, world: World, market: Market
    ) -> None:
        (first,), (second,) = (market.place(world.lin, market.test).lines for _ in range(2))
        assert cancel_line(world.lin, line_id=first.id) == 0
        confirm_line(market.fang, line_id=second.id)
        assert cancellation_fee_of(world.lin, line_id=second.id) == 6_800
        with pytest.raises(FeeChanged) as refused:
            cancel_line(world.lin, line_id=second.id, agreed_fee_fen=0)
        assert refused.value.fee_fen == 6_800
        assert cancel_line(world.lin, line_id=second.id, agreed_fee_fen=6_800, reason="计划变了") == 6_800
        assert access_line(market.fang, line_id=second.id).fee_fen == 6_800
        cards = [list_orders(world.lin)[place] for place in (0, 1)]
        assert sorted((card.price_fen, card.less_fen) for card in cards) == [(0, 68_000), (6_800, 61_200)]
        with pytest.raises(NotYet):
            cancel_line(world.lin, line_id=second.id)

    def test_what_has_begun_is_not_cancelled_but_the_provider_may_fail(
        self, world: World, market: Market
    ) -> None:
        (line,) = market.place(world.lin, market.yarn).lines
        confirm_line(market.lu, line_id=line.id)
        start_line(market.lu, line_id=line.id)
        with pytest.raises(NotYet):
            cancel_line(world.lin, line_id=line.id)
        displace_line(market.lu, line_id=line.id, reason="机器坏了")
        found = access_line(world.lin, line_id=line.id)
        assert (found.state, found.fee_fen, found.reason) == (LineState.DISPLACED, 0, "机器坏了")

    def test_nobody_fails_to_come_before_it_begins(self, world: World, market: Market) -> None:
        (line,) = market.place(world.lin, market.test).lines
        confirm_line(market.fang, line_id=line.id)
        with pytest.raises(NotBegunYet):
            record_no_show(market.fang, line_id=line.id)


class TestDisputes:
    @pytest.fixture
    def line(self, world: World, market: Market) -> UUID:
        return market.deliver(world.lin, market.test).id

    def test_a_third_splits_it_and_the_part_that_stands_is_accepted(
        self, world: World, market: Market, line: UUID
    ) -> None:
        with pytest.raises(AmountInvalid):
            open_dispute(world.lin, line_id=line, reason="少一项", stands_fen=68_001)
        open_dispute(world.lin, line_id=line, reason="少做一项", stands_fen=20_000)
        with pytest.raises(NotHeardYet):
            decide_dispute(world.gao, line_id=line, accepted_fen=40_000, reason="各担一半")
        with (
            acting(org=world.gao.org),
            pytest.raises(IntegrityError, match="may still answer"),
            transaction.atomic(),
        ):
            Dispute.objects.filter(line_id=line).update(accepted_fen=40_000, settled_at="2100-01-01T00:00Z")
        answer_dispute(market.fang, line_id=line, text="样品不够", agree=False)
        assert [each.id for each in list_disputes(world.gao)] == [line]
        with pytest.raises(AmountInvalid):
            decide_dispute(world.gao, line_id=line, accepted_fen=-1, reason="x")
        decide_dispute(world.gao, line_id=line, accepted_fen=40_000, reason="各担一半")
        found = access_line(market.fang, line_id=line)
        assert (found.state, found.accepted_fen) == (LineState.ACCEPTED, 40_000)
        assert found.dispute is not None
        assert (found.dispute.answer, found.dispute.decision) == ("样品不够", "各担一半")
        card = access_order(world.lin, order_id=found.order_id).card
        assert (card.price_fen, card.less_fen) == (40_000, 28_000)
        with pytest.raises(NotYet):
            decide_dispute(world.gao, line_id=line, accepted_fen=1, reason="again")

    def test_nobody_decides_below_what_the_buyer_accepts(
        self, world: World, market: Market, line: UUID
    ) -> None:
        open_dispute(world.lin, line_id=line, reason="少做一项", stands_fen=20_000)
        answer_dispute(market.fang, line_id=line, text="样品不够", agree=False)
        with pytest.raises(AmountInvalid) as refused:
            decide_dispute(world.gao, line_id=line, accepted_fen=19_999, reason="x")
        assert (refused.value.field, refused.value.text.en) == (
            "accepted_fen",
            "An amount from ¥200.00 to ¥680.00.",
        )
        with (
            acting(org=world.gao.org),
            pytest.raises(IntegrityError, match="less than the buyer accepts"),
            transaction.atomic(),
        ):
            Dispute.objects.filter(line_id=line).update(accepted_fen=19_999, settled_at="2100-01-01T00:00Z")
        decide_dispute(world.gao, line_id=line, accepted_fen=20_000, reason="只有这些")
        assert access_line(world.lin, line_id=line).accepted_fen == 20_000

    def test_a_provider_that_lets_its_time_pass_is_decided_over(
        self, world: World, market: Market, line: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at_once = partial(replace, dispute_answer=timedelta())
        monkeypatch.setattr(dispute_line, "terms_in_force", lambda: at_once(terms_in_force()))
        open_dispute(world.lin, line_id=line, reason="少做一项", stands_fen=20_000)
        decide_dispute(world.gao, line_id=line, accepted_fen=20_000, reason="没有答复")
        assert access_line(world.lin, line_id=line).accepted_fen == 20_000

    def test_if_the_provider_agrees_it_is_over(self, world: World, market: Market, line: UUID) -> None:
        open_dispute(world.lin, line_id=line, reason="报告有错", stands_fen=0)
        answer_dispute(market.fang, line_id=line, text="确实是我们的错", agree=True)
        found = access_line(world.lin, line_id=line)
        assert (found.state, found.accepted_fen) == (LineState.ACCEPTED, 0)
        assert list_disputes(world.gao) == []

    def test_nobody_else_decides_and_the_decider_sees_nothing_before(
        self, world: World, market: Market, line: UUID
    ) -> None:
        with pytest.raises(LineNotFound):
            access_line(world.gao, line_id=line)
        with pytest.raises(LineNotFound):
            decide_dispute(world.gao, line_id=line, accepted_fen=1, reason="x")
        open_dispute(world.lin, line_id=line, reason="少一项", stands_fen=0)
        assert access_line(world.gao, line_id=line).parts
        for actor in (world.lin, market.fang, world.shen):
            with pytest.raises(RightMissing):
                decide_dispute(actor, line_id=line, accepted_fen=1, reason="x")
        with (
            acting(org=market.fang.org),
            pytest.raises(IntegrityError, match="whom it concerns"),
            transaction.atomic(),
        ):
            Dispute.objects.filter(line_id=line).update(accepted_fen=68_000, settled_at="2100-01-01T00:00Z")

    def test_after_the_days_agreed_it_is_too_late(self, world: World, market: Market, line: UUID) -> None:
        make_overdue(world.lin, line)
        with pytest.raises(Exception, match="deadline"):
            open_dispute(world.lin, line_id=line, reason="少一项", stands_fen=0)

    def test_other_lines_run_on_while_one_is_disputed(self, world: World, market: Market) -> None:
        test, yarn = market.place(world.lin, market.test, market.yarn).lines
        for provider, each in ((market.fang, test), (market.lu, yarn)):
            confirm_line(provider, line_id=each.id)
            deliver_part(provider, line_id=each.id, text="交付", last=True)
        open_dispute(world.lin, line_id=test.id, reason="少一项", stands_fen=0)
        make_overdue(world.lin, yarn.id)
        assert lapse_line(world.lin, line_id=yarn.id) is True
        assert state(world.lin, yarn.id) is LineState.ACCEPTED


class TestWhoSeesWhat:
    def test_a_provider_sees_its_lines_never_the_order_or_the_others(
        self, world: World, market: Market
    ) -> None:
        test, yarn = market.place(world.lin, market.test, market.yarn).lines
        with acting(org=market.fang.org):
            assert {row.id for row in Line.objects.all()} == {test.id}
            assert OrderRow.objects.count() == 0
        with pytest.raises(LineNotFound):
            access_line(market.fang, line_id=yarn.id)

    def test_nobody_puts_a_line_into_anothers_order(self, world: World, market: Market) -> None:
        placed = market.place(world.lin, market.test)
        with acting(org=world.lin.org):
            row = Line.objects.get(id=placed.lines[0].id)
        row.pk, row.buyer_org_id, row.place = UUID(int=7), world.wu.org, 9
        row.state, row.deadline_at, row.accepted_fen = LineState.DRAFT, None, None
        with (
            acting(org=world.lin.org),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            row.save(force_insert=True)
        with acting(org=world.wu.org), connection.cursor() as cursor:
            row.save(force_insert=True)
            with pytest.raises(IntegrityError, match="same_org"), transaction.atomic():
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("DELETE FROM orders_line WHERE id = %s", [row.id])


def make_overdue(buyer: Actor, line: UUID) -> None:
    """As if the database's clock were past the line's deadline (of an approval too)."""
    with acting(org=buyer.org):
        Line.objects.filter(id=line).update(deadline_at="2020-01-01T00:00Z")
