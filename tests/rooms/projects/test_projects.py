"""From a request through sealed proposals to a contract that is closed, and every way in which it goes otherwise."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from staveworks.db.clock import DatabaseClock
from staveworks.db.transaction import acting
from staveworks.foundation.files.types import FileNotFound
from staveworks.foundation.files.usecases.store_file import store_file
from staveworks.foundation.parties.types import Actor, RightMissing
from staveworks.foundation.rules.models import Version
from staveworks.kit.ids import new_id
from staveworks.kit.waiting import Waiting
from staveworks.mechanisms.projects import models
from staveworks.mechanisms.projects.documents import bid_document
from staveworks.mechanisms.projects.queries import (
    access_attachment,
    access_contract,
    access_delivered_file,
    access_request,
    list_answered_requests,
    list_contracts,
    list_own_requests,
    list_requests,
)
from staveworks.mechanisms.projects.sealing import new_code, seal
from staveworks.mechanisms.projects.types import (
    AttachmentNotFound,
    AwardedAlready,
    AwardStands,
    Bid,
    BidInvalid,
    ChangeOpen,
    ChangeOver,
    CodeWrong,
    ContractNotFound,
    ContractStep,
    Criterion,
    DeadlinePassed,
    Edit,
    MilestoneVerdict,
    NdaFirst,
    NotADraft,
    NotComparedYet,
    NotOpen,
    NotYet,
    NotYours,
    Phase,
    PointsInvalid,
    ProposalNotFound,
    ReasonMissing,
    RequestInvalid,
    RequestKind,
    RequestNotFound,
)
from staveworks.mechanisms.projects.usecases.accept_nda import accept_nda
from staveworks.mechanisms.projects.usecases.award_request import award_request, set_aside
from staveworks.mechanisms.projects.usecases.change_contract import (
    propose_change,
    refuse_change,
    sign_change,
)
from staveworks.mechanisms.projects.usecases.compare_proposals import give_points
from staveworks.mechanisms.projects.usecases.lapse_milestones import lapse_milestone
from staveworks.mechanisms.projects.usecases.open_proposal import open_proposal
from staveworks.mechanisms.projects.usecases.run_contract import (
    accept_milestone,
    confirm_contract,
    deliver_milestone,
    order_milestones,
    return_milestone,
)
from staveworks.mechanisms.projects.usecases.seal_proposal import seal_proposal, withdraw_proposal
from staveworks.mechanisms.projects.usecases.write_request import (
    change_request,
    close_request,
    draft_request,
    publish_request,
)
from staveworks.mechanisms.projects.waiting import milestones_to_accept, milestones_to_redo
from staveworks.trade.catalogue.requests import RequestInvalid as QuoteRequestInvalid
from staveworks.trade.catalogue.types import PriceByQuote
from staveworks.trade.orders.queries import access_line, current_draft
from staveworks.trade.orders.types import LineState
from staveworks.trade.orders.usecases.accept_line import accept_line
from staveworks.trade.orders.usecases.answer_line import decline_line
from staveworks.trade.orders.usecases.deliver_line import deliver_part
from staveworks.trade.orders.usecases.dispute_line import open_dispute
from staveworks.trade.orders.usecases.end_line import displace_line
from staveworks.trade.orders.usecases.fill_order import add_line, begin_order
from staveworks.trade.orders.waiting import lines_to_replace
from tests.addresses import PNG
from tests.bidding import Bidding, asked, make_bidding, planned
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def bidding(world: World) -> Bidding:
    return make_bidding(world)


def no_days_to_accept() -> None:
    """By the rule: what is delivered from now on is overdue at once."""
    value = {"shortest_hours": 24, "opening_hours": 48, "acceptance_days": 0}
    during = TimestamptzRange(None, None)
    Version.objects.bulk_create([Version(id=new_id(), code="projects.terms", value=value, during=during)])


def waiting(find: Callable[..., list[Waiting]], actor: Actor) -> list[UUID]:
    """The contracts that wait for the actor's organisation."""
    with acting(org=actor.org):
        return [each.subject for each in find(org=actor.org)]


class TestRequests:
    def test_a_draft_is_its_buyers_alone_and_what_is_published_stands_on_the_board(
        self, world: World, bidding: Bidding
    ) -> None:
        draft = draft_request(bidding.lin, asked=asked(title="旧题"))
        with pytest.raises(RequestNotFound):
            access_request(bidding.fang, request_id=draft)
        change_request(
            bidding.lin, request_id=draft, asked=asked(kind=RequestKind.PROCESSING, budget_fen=900_000)
        )
        publish_request(bidding.lin, request_id=draft)
        (card,) = list_requests(bidding.fang, kind=RequestKind.PROCESSING)
        assert (card.title, card.budget_fen, card.phase) == ("竹节纱面料开发", 900_000, Phase.COLLECTING)
        assert list_requests(bidding.fang, kind=RequestKind.PROJECT) == []
        assert list_requests(bidding.lin) == [], "one's own isn't something to answer"
        assert [each.own for each in list_own_requests(bidding.lin)] == [True]
        with pytest.raises(RightMissing):
            draft_request(world.zhou, asked=asked())

    def test_what_is_published_stays(self, bidding: Bidding) -> None:
        request = bidding.published()
        with pytest.raises(NotADraft):
            change_request(bidding.lin, request_id=request, asked=asked())
        with pytest.raises(IntegrityError, match="what is published stays"), acting(org=bidding.lin.org):
            models.Request.objects.filter(id=request).update(closes_at=timezone.now() + timedelta(days=9))

    def test_bad_input_is_told_at_its_field(self, bidding: Bidding) -> None:
        now = timezone.now()
        for field, said in {
            "title": {"title": " "},
            "text": {"text": ""},
            "closes_at": {"closes_at": now + timedelta(hours=1)},
            "budget": {"budget_fen": 0},
            "criteria": {"criteria": (Criterion("价格", 99, by_price=True),)},
        }.items():
            with pytest.raises(RequestInvalid) as refused:
                draft_request(bidding.lin, asked=asked(**said))
            assert refused.value.field == field

    def test_a_private_request_is_seen_by_those_it_names(self, world: World, bidding: Bidding) -> None:
        request = bidding.published(providers=(bidding.fang.org,))
        assert access_request(bidding.fang, request_id=request).card.public is False
        for other in (bidding.lu, world.gao, world.wu):
            assert list_requests(other) == []
            with pytest.raises(RequestNotFound):
                access_request(other, request_id=request)
        with pytest.raises(RequestNotFound):
            bidding.seal(bidding.lu, request, 1)
        with pytest.raises(NotYours):
            draft_request(bidding.lin, asked=asked(providers=(bidding.lin.org,)))

    def test_attachments_come_after_the_nda(self, world: World, bidding: Bidding) -> None:
        file = store_file(bidding.lin, name="图.png", content=PNG).id
        draft = draft_request(bidding.lin, asked=asked(nda="图纸不得外传。"), files=[file])
        publish_request(bidding.lin, request_id=draft)
        with pytest.raises(FileNotFound):
            draft_request(bidding.lin, asked=asked(), files=[draft])
        assert access_request(bidding.fang, request_id=draft).attachments is None
        with acting(org=bidding.fang.org):
            assert not models.Attachment.objects.exists(), "not even by a query of its own"
        with pytest.raises(AttachmentNotFound):
            access_attachment(bidding.fang, request_id=draft, file_id=file)
        with pytest.raises(NdaFirst):
            bidding.seal(bidding.fang, draft, 100)
        accept_nda(bidding.fang, request_id=draft)
        accept_nda(bidding.fang, request_id=draft)
        assert access_attachment(bidding.fang, request_id=draft, file_id=file).name == "图.png"
        shown = access_request(bidding.fang, request_id=draft).attachments
        assert shown
        assert [each.name for each in shown] == ["图.png"]
        assert bidding.seal(bidding.fang, draft, 100) == 1
        assert access_request(bidding.lu, request_id=draft).attachments is None

    def test_closed_without_an_award_nothing_is_taken(self, bidding: Bidding) -> None:
        request = bidding.published()
        with pytest.raises(ReasonMissing):
            close_request(bidding.lin, request_id=request, reason=" ")
        close_request(bidding.lin, request_id=request, reason="不做了")
        with pytest.raises(NotOpen):
            bidding.seal(bidding.fang, request, 100)
        with pytest.raises(NotOpen):
            close_request(bidding.lin, request_id=request, reason="再关")


class TestProposals:
    def test_replaced_withdrawn_and_handed_in_again_before_the_deadline(self, bidding: Bidding) -> None:
        request = bidding.published()
        assert [bidding.seal(bidding.fang, request, price) for price in (100, 200)] == [1, 2]
        withdraw_proposal(bidding.fang, request_id=request)
        assert access_request(bidding.fang, request_id=request).mine is None
        with pytest.raises(ProposalNotFound):
            withdraw_proposal(bidding.fang, request_id=request)
        assert bidding.seal(bidding.fang, request, 300) == 4
        assert [card.id for card in list_answered_requests(bidding.fang)] == [request]
        with pytest.raises(NotYours):
            seal_proposal(
                bidding.lin, request_id=request, envelope=bidding.envelope(bidding.fang, request, 100)
            )

    def test_after_the_deadline_nothing_comes_in_and_each_opens_its_last(self, bidding: Bidding) -> None:
        def twice(request: object) -> None:
            bidding.seal(bidding.fang, request, 100)  # type: ignore[arg-type]
            bidding.seal(bidding.fang, request, 300_000, 200_000)  # type: ignore[arg-type]
            bidding.seal(bidding.lu, request, 1)  # type: ignore[arg-type]
            withdraw_proposal(bidding.lu, request_id=request)  # type: ignore[arg-type]

        request = bidding.over(twice)
        for act in (
            lambda: bidding.seal(bidding.lu, request, 1),
            lambda: withdraw_proposal(bidding.fang, request_id=request),
        ):
            with pytest.raises(DeadlinePassed):
                act()
        with pytest.raises(ProposalNotFound):
            bidding.open(bidding.lu, request)
        with pytest.raises(CodeWrong):
            open_proposal(bidding.fang, request_id=request, code="22222-22222-22222-22222-22222")
        seen = access_request(bidding.lin, request_id=request)
        assert (len(seen.sealed), seen.comparison, seen.card.phase) == (1, (), Phase.OPENING)

    def test_what_is_opened_is_what_was_committed_to(self, bidding: Bidding) -> None:
        request = bidding.closed()
        bidding.codes[request, bidding.fang.org] = bidding.codes[request, bidding.fang.org].lower()
        assert bidding.open(bidding.fang, request).price_fen == 500_000
        assert bidding.open(bidding.fang, request).price_fen == 500_000, "once more changes nothing"
        lu = bidding.proposal(request, bidding.lu)
        forged = models.Opening(
            proposal_id=lu,
            request_id=request,
            buyer_org_id=bidding.lin.org,
            provider_org_id=bidding.lu.org,
            content='{"milestones": [{"price_fen": 1}]}',
            price_fen=1,
        )
        with pytest.raises(IntegrityError, match="not what it committed to"), acting(org=bidding.lu.org):
            forged.save(force_insert=True)

    def test_the_comparison_weighs_price_and_points(self, bidding: Bidding) -> None:
        request = bidding.compared()
        seen = access_request(bidding.lin, request_id=request)
        assert seen.card.phase is Phase.COMPARING
        assert [(each.points, each.total) for each in seen.comparison] == [
            ((80, None), None),
            ((100, None), None),
        ]
        fang, lu = (bidding.proposal(request, each) for each in (bidding.fang, bidding.lu))
        give_points(bidding.lin, request_id=request, proposal_id=fang, points={1: 90})
        give_points(bidding.lin, request_id=request, proposal_id=lu, points={1: 10})
        give_points(bidding.lin, request_id=request, proposal_id=lu, points={1: 50})
        ranked = access_request(bidding.lin, request_id=request).comparison
        assert [(each.opened.proposal_id, each.total) for each in ranked] == [(fang, 86.0), (lu, 70.0)]
        for place, value in ((0, 50), (1, 101), (2, 1)):
            with pytest.raises(PointsInvalid):
                give_points(bidding.lin, request_id=request, proposal_id=lu, points={place: value})
        assert access_request(bidding.fang, request_id=request).comparison == ()

    def test_no_award_while_somebody_may_still_open(self, bidding: Bidding) -> None:
        request = bidding.closed()
        bidding.open(bidding.fang, request)
        proposal = bidding.proposal(request, bidding.fang)
        with pytest.raises(NotComparedYet):
            award_request(bidding.lin, request_id=request, proposal_id=proposal, reason="快")
        with pytest.raises(ProposalNotFound):
            award_request(
                bidding.lin,
                request_id=request,
                proposal_id=bidding.proposal(request, bidding.lu),
                reason="便宜",
            )


class TestContracts:
    def test_milestones_are_delivered_returned_accepted_and_paid_one_by_one(
        self, world: World, bidding: Bidding
    ) -> None:
        contract = bidding.contract()
        file = store_file(bidding.fang, name="样.png", content=PNG).id
        assert deliver_milestone(bidding.fang, contract_id=contract, place=1, text="小样", files=[file]) == 1
        assert access_delivered_file(world.zhou, contract_id=contract, file_id=file).name == "样.png"
        for stranger in (bidding.lu, world.wu, world.gao):
            with pytest.raises(ContractNotFound):
                access_delivered_file(stranger, contract_id=contract, file_id=file)
        with pytest.raises(NotYet):
            deliver_milestone(bidding.fang, contract_id=contract, place=1, text="又来")
        with pytest.raises(ReasonMissing):
            return_milestone(world.zhou, contract_id=contract, place=1, reason="")
        return_milestone(world.zhou, contract_id=contract, place=1, reason="色差")
        with pytest.raises(NotYet):
            accept_milestone(world.zhou, contract_id=contract, place=1)
        assert deliver_milestone(bidding.fang, contract_id=contract, place=1, text="重做的小样") == 2
        accept_milestone(world.zhou, contract_id=contract, place=1)
        first, second = access_contract(bidding.fang, contract_id=contract).milestones
        assert [(each.verdict, each.reason) for each in first.deliveries] == [
            (MilestoneVerdict.RETURNED, "色差"),
            (MilestoneVerdict.ACCEPTED, ""),
        ]
        assert (first.step, second.step) == (ContractStep.ACCEPTED, ContractStep.WORKING)
        assert first.line_id
        line = access_line(world.zhou, line_id=first.line_id)
        assert (line.state, line.accepted_fen, len(line.parts)) == (LineState.ACCEPTED, 300_000, 3)
        deliver_milestone(bidding.fang, contract_id=contract, place=2, text="大样")
        accept_milestone(bidding.lin, contract_id=contract, place=2)
        assert access_contract(bidding.lin, contract_id=contract).closed

    def test_the_award_fills_the_order_at_the_price_that_was_sealed(self, bidding: Bidding) -> None:
        contract = bidding.awarded()
        draft = current_draft(bidding.lin)
        assert draft
        assert (draft.lines, draft.price_fen) == (2, 500_000)
        seen = access_contract(bidding.fang, contract_id=contract)
        assert [each.step for each in seen.milestones] == [ContractStep.UNORDERED] * 2
        assert (seen.price_fen, seen.rights_clause) == (500_000, "成果归委托方所有。")
        with pytest.raises(NotYet):
            deliver_milestone(bidding.fang, contract_id=contract, place=1, text="太早")
        request = seen.request_id
        assert access_request(bidding.lu, request_id=request).card.phase is Phase.AWARDED
        with pytest.raises(AwardedAlready):
            award_request(
                bidding.lin,
                request_id=request,
                proposal_id=bidding.proposal(request, bidding.lu),
                reason="改",
            )
        with pytest.raises(ContractNotFound):
            access_contract(bidding.lu, contract_id=contract)
        assert [len(list_contracts(each)) for each in (bidding.lin, bidding.fang, bidding.lu)] == [1, 1, 0]

    def test_without_a_contract_the_offer_is_priced_on_request(self, bidding: Bidding) -> None:
        with pytest.raises(PriceByQuote):
            add_line(
                bidding.lin,
                version_id=bidding.offers[bidding.fang.org].id,
                request={"brief": "开发一款春夏竹节纱面料"},
            )

    def test_an_offer_of_somebody_elses_makes_no_order(self, bidding: Bidding) -> None:
        """方敏 names an offer of 陆纱's in what she sealed: her price would bind him."""
        foreign = Bid(bidding.offers[bidding.lu.org].offer_id, "我们来做。", (planned(),))
        code = new_code()

        def sealing(request: UUID) -> None:
            envelope = seal(bid_document(foreign), code=code, request_id=request)
            seal_proposal(bidding.fang, request_id=request, envelope=envelope)

        request = bidding.over(sealing)
        open_proposal(bidding.fang, request_id=request, code=code)
        proposal = bidding.proposal(request, bidding.fang)
        with pytest.raises(QuoteRequestInvalid):
            award_request(bidding.lin, request_id=request, proposal_id=proposal, reason="便宜")

    @pytest.mark.parametrize(
        "inside",
        [
            pytest.param('{"milestones": ' + "[" * 40_000, id="deeper than anybody reads"),
            pytest.param('{"title": "\\u0000"}', id="a character that no text of the database has"),
            pytest.param('{"due_date": "2100-W09-1"}', id="a date that is written otherwise"),
        ],
    )
    def test_what_was_sealed_elsewhere_and_is_no_proposal_opens_nothing(
        self, bidding: Bidding, inside: str
    ) -> None:
        """Sealed by a program of the provider's own: a part of a good proposal is replaced by ``inside``."""
        good = json.loads(bid_document(Bid(bidding.offers[bidding.fang.org].offer_id, "好。", (planned(),))))
        if not inside.startswith('{"milestones"'):
            good["milestones"][0] |= json.loads(inside)
            inside = json.dumps(good)
        code = new_code()

        def sealing(request: UUID) -> None:
            envelope = seal(inside, code=code, request_id=request)
            seal_proposal(bidding.fang, request_id=request, envelope=envelope)

        request = bidding.over(sealing)
        with pytest.raises(BidInvalid):
            open_proposal(bidding.fang, request_id=request, code=code)

    def test_blanks_around_words_are_part_of_what_was_sealed(self, bidding: Bidding) -> None:
        spaced = Bid(bidding.offers[bidding.fang.org].offer_id, "我们来做。", (planned(" 打样 "),))
        code = new_code()

        def sealing(request: UUID) -> None:
            envelope = seal(bid_document(spaced), code=code, request_id=request)
            seal_proposal(bidding.fang, request_id=request, envelope=envelope)

        request = bidding.over(sealing)
        open_proposal(bidding.fang, request_id=request, code=code)
        proposal = bidding.proposal(request, bidding.fang)
        contract = award_request(bidding.lin, request_id=request, proposal_id=proposal, reason="经验多")
        assert access_contract(bidding.lin, contract_id=contract).milestones[0].planned.title == " 打样 "

    def test_an_award_that_fell_through_lets_another_be_chosen(self, bidding: Bidding) -> None:
        contract = bidding.awarded()
        bidding.place()
        seen = access_contract(bidding.lin, contract_id=contract)
        with pytest.raises(AwardStands):
            set_aside(bidding.lin, contract_id=contract, reason="等不及")
        with pytest.raises(IntegrityError, match="it stands"), acting(org=bidding.lin.org):
            models.Contract.objects.filter(id=contract).update(set_aside_at=DatabaseClock())
        for each in seen.milestones:
            assert each.line_id
            decline_line(bidding.fang, line_id=each.line_id, reason="排满了")
        set_aside(bidding.lin, contract_id=contract, reason="对方没接")
        lu = bidding.proposal(seen.request_id, bidding.lu)
        other = award_request(bidding.lin, request_id=seen.request_id, proposal_id=lu, reason="第二名")
        bidding.place()
        assert confirm_contract(bidding.lu, contract_id=other) == 1
        assert order_milestones(bidding.lin, contract_id=other) == 0

    def test_what_nobody_judges_is_accepted_by_itself(self, bidding: Bidding) -> None:
        contract = bidding.contract()
        deliver_milestone(bidding.fang, contract_id=contract, place=1, text="小样")
        (delivery,) = access_contract(bidding.lin, contract_id=contract).milestones[0].deliveries
        assert lapse_milestone(bidding.lin, delivery_id=delivery.id) is False, "its time isn't over"
        no_days_to_accept()
        deliver_milestone(bidding.fang, contract_id=contract, place=2, text="大样")
        late = access_contract(bidding.lin, contract_id=contract).milestones[1].deliveries[0]
        with pytest.raises(NotYet):
            return_milestone(bidding.lin, contract_id=contract, place=2, reason="太晚")
        assert lapse_milestone(bidding.lin, delivery_id=late.id) is True
        assert lapse_milestone(bidding.lin, delivery_id=late.id) is False
        steps = [each.step for each in access_contract(bidding.lin, contract_id=contract).milestones]
        assert steps == [ContractStep.DELIVERED, ContractStep.ACCEPTED]

    def test_a_line_that_ends_on_its_own_page_keeps_nothing_waiting(self, bidding: Bidding) -> None:
        """In dispute, displaced, or accepted there: nobody is asked for a verdict any more, and the job goes on."""
        no_days_to_accept()
        contract = bidding.contract()
        for place in (1, 2):
            deliver_milestone(bidding.fang, contract_id=contract, place=place, text="小样")
        first, second = access_contract(bidding.lin, contract_id=contract).milestones
        assert first.line_id
        assert second.line_id
        assert waiting(milestones_to_accept, bidding.lin) == [contract]
        deliver_part(bidding.fang, line_id=first.line_id, text="全部", last=True)
        open_dispute(bidding.lin, line_id=first.line_id, reason="色差", stands_fen=0)
        displace_line(bidding.fang, line_id=second.line_id, reason="机器坏了")
        assert waiting(milestones_to_accept, bidding.lin) == []
        for each in (first, second):
            (delivery,) = each.deliveries
            assert lapse_milestone(bidding.lin, delivery_id=delivery.id) is False

    def test_what_was_accepted_as_a_line_is_accepted_as_a_milestone(self, bidding: Bidding) -> None:
        no_days_to_accept()
        contract = bidding.contract()
        deliver_milestone(bidding.fang, contract_id=contract, place=1, text="小样")
        (milestone, _) = access_contract(bidding.lin, contract_id=contract).milestones
        assert milestone.line_id
        deliver_part(bidding.fang, line_id=milestone.line_id, text="全部", last=True)
        accept_line(bidding.lin, line_id=milestone.line_id)
        assert waiting(milestones_to_accept, bidding.lin) == [], "she has said it"
        assert lapse_milestone(bidding.lin, delivery_id=milestone.deliveries[0].id) is True

    def test_what_was_returned_is_asked_for_while_its_line_goes_on(self, bidding: Bidding) -> None:
        contract = bidding.contract()
        deliver_milestone(bidding.fang, contract_id=contract, place=1, text="小样")
        return_milestone(bidding.lin, contract_id=contract, place=1, reason="偏色")
        assert waiting(milestones_to_redo, bidding.fang) == [contract]
        line = access_contract(bidding.fang, contract_id=contract).milestones[0].line_id
        assert line
        deliver_part(bidding.fang, line_id=line, text="全部", last=True)
        assert waiting(milestones_to_redo, bidding.fang) == []

    def test_nobody_rewrites_what_was_agreed_delivered_or_sealed(self, bidding: Bidding) -> None:
        contract = bidding.contract()
        deliver_milestone(bidding.fang, contract_id=contract, place=1, text="小样")
        milestones = models.Milestone.objects.filter(contract_id=contract)
        for org, rows, values in (
            (bidding.lin.org, milestones, {"price_fen": 1}),
            (bidding.fang.org, milestones, {"due_date": date(2101, 1, 1)}),
            (bidding.fang.org, models.Delivery.objects.all(), {"text": "别的"}),
            (bidding.fang.org, models.Delivery.objects.all(), {"verdict": "accepted"}),
            (bidding.fang.org, models.Proposal.objects.all(), {"sealed": "x"}),
        ):
            with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), acting(org=org):
                rows.update(**values)


class TestChanges:
    DEARER = (Edit(2, planned("大样", 260_000)),)

    def test_signed_by_one_side_changes_nothing(self, bidding: Bidding) -> None:
        contract = bidding.contract()
        before = access_contract(bidding.lin, contract_id=contract).milestones
        change = propose_change(bidding.fang, contract_id=contract, edits=self.DEARER, reason="多做两色")
        assert access_contract(bidding.lin, contract_id=contract).milestones == before
        with pytest.raises(ChangeOver):
            sign_change(bidding.fang, change_id=change)
        forged = models.Milestone.objects.none().model(
            contract_id=contract,
            buyer_org_id=bidding.lin.org,
            provider_org_id=bidding.fang.org,
            place=2,
            version=2,
            title="大样",
            deliverable="样布 3 米",
            criteria="色牢度 4 级以上",
            due_date=date(2100, 3, 1),
            price_fen=260_000,
            change_id=change,
        )
        with pytest.raises(IntegrityError, match="not as agreed by both"), acting(org=bidding.fang.org):
            forged.save(force_insert=True)
        signature = models.Signature(
            change_id=change,
            buyer_org_id=bidding.lin.org,
            provider_org_id=bidding.fang.org,
            org_id=bidding.lin.org,
            word="signed",
        )
        with pytest.raises(IntegrityError, match="nobody signs for another"), acting(org=bidding.fang.org):
            signature.save(force_insert=True)
        with pytest.raises(ChangeOpen):
            propose_change(bidding.lin, contract_id=contract, edits=self.DEARER, reason="又")

    def test_signed_by_both_money_moves_to_another_line(self, bidding: Bidding) -> None:
        contract = bidding.contract()
        old = access_contract(bidding.lin, contract_id=contract).milestones[1]
        edits = (*self.DEARER, Edit(3, planned("培训", 50_000)))
        change = propose_change(bidding.fang, contract_id=contract, edits=edits, reason="多做两色")
        with acting(org=bidding.lin.org):
            other = begin_order(bidding.lin).id
        sign_change(bidding.lin, change_id=change)
        assert old.line_id
        gone = access_line(bidding.lin, line_id=old.line_id)
        assert (gone.state, gone.by_both, gone.reason) == (LineState.DISPLACED, True, "")
        with acting(org=bidding.lin.org):
            assert lines_to_replace(org=bidding.lin.org) == [], "nobody let anybody down"
        dearer, added = access_contract(bidding.lin, contract_id=contract).milestones[1:]
        assert dearer.line_id
        assert added.line_id
        own = {access_line(bidding.lin, line_id=each).order_id for each in (dearer.line_id, added.line_id)}
        assert len(own) == 1, "both in one order"
        assert own != {other}, "of the contract's own, not in what she is collecting"
        assert current_draft(bidding.lin) is None, "and what she collects next doesn't come into it"
        bidding.place_order(own.pop())
        assert confirm_contract(bidding.fang, contract_id=contract) == 2
        now = access_contract(bidding.lin, contract_id=contract)
        assert [(each.version, each.planned.price_fen, each.step) for each in now.milestones] == [
            (1, 300_000, ContractStep.WORKING),
            (2, 260_000, ContractStep.WORKING),
            (1, 50_000, ContractStep.WORKING),
        ]
        with pytest.raises(ChangeOver):
            sign_change(bidding.lin, change_id=change)

    def test_a_date_alone_keeps_the_line(self, bidding: Bidding) -> None:
        contract = bidding.contract()
        first = access_contract(bidding.lin, contract_id=contract).milestones[0]
        later = Edit(1, planned(first.planned.title, first.planned.price_fen, due_date=date(2100, 6, 1)))
        change = propose_change(bidding.lin, contract_id=contract, edits=[later], reason="展会改期")
        sign_change(bidding.fang, change_id=change)
        moved = access_contract(bidding.lin, contract_id=contract).milestones[0]
        assert (moved.planned.due_date, moved.line_id, moved.version) == (date(2100, 6, 1), first.line_id, 2)

    def test_a_milestone_is_not_newly_dated_for_a_day_that_is_over(self, bidding: Bidding) -> None:
        contract = bidding.contract()
        late = [Edit(1, planned(due_date=date(2020, 1, 1)))]
        with pytest.raises(BidInvalid) as refused:
            propose_change(bidding.lin, contract_id=contract, edits=late, reason="早")
        assert refused.value.field == "edits.0.due_date"

    def test_refused_everything_stays_and_what_is_delivered_is_not_changed(self, bidding: Bidding) -> None:
        contract = bidding.contract()
        change = propose_change(bidding.fang, contract_id=contract, edits=self.DEARER, reason="涨价")
        refuse_change(bidding.lin, change_id=change)
        found = access_contract(bidding.lin, contract_id=contract)
        assert found.price_fen == 500_000
        (refused,) = found.changes
        assert [each.planned for each in refused.before] == [found.milestones[1].planned]
        with pytest.raises(BidInvalid):
            propose_change(bidding.fang, contract_id=contract, edits=[Edit(4, planned())], reason="跳号")
        deliver_milestone(bidding.fang, contract_id=contract, place=2, text="大样")
        with pytest.raises(NotYet):
            propose_change(bidding.fang, contract_id=contract, edits=self.DEARER, reason="再试")
