"""Searching the catalogue: filters count what they would leave, orders hold, fit is what the engine says, a new plank needs nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.engine.prescription import Offer, Plank, Problem, reach
from staveworks.foundation.parties.types import Actor, Kind, RightMissing, Role
from staveworks.jobs.periodic import renew_next_free
from staveworks.kit.data import SHIPPED
from staveworks.trade.catalogue.domain import price_of_effects
from staveworks.trade.catalogue.models import Listing, Word
from staveworks.trade.catalogue.queries import access_offer
from staveworks.trade.catalogue.search import ANYWHERE, OfferCard, Order, Wanted, search_offers
from staveworks.trade.catalogue.types import Content, OfferInvalid, OfferVersion
from staveworks.trade.catalogue.usecases.draft_offer import draft_offer
from staveworks.trade.catalogue.usecases.publish_offer import change_price, publish_offer, withdraw_offer
from tests.trading import EVERY_WAY, PLAIN, document, make_market, publish
from tests.unit.barrel_rubrics import ELEVENTH_PLANK
from tests.world import World, join, make_firm, make_person, make_world

STAVES = {"rnd": 30.0, "procurement": 18.0, "production": 60.0, "logistics": 33.0, "marketing": 24.0}
HOOPS = {"consulting": 40.0, "finance": 20.0, "talent": 15.0, "ip": 5.0, "inspection": 10.0}


@pytest.fixture(autouse=True)
def _mechanisms(settings: Any) -> None:
    settings.MECHANISMS = PLAIN | EVERY_WAY


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lab(world: World) -> Actor:
    return join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER, city="330603"), Role.OWNER)


def titles(actor: Actor, **wanted: Any) -> list[str]:
    return [card.title.zh for card in search_offers(actor, Wanted(**wanted), limit=100).cards]


def barrel(bearing: Any = "mean", **own: float) -> Problem:
    staves = [Plank(code, "stave", own.get(code, height), 80.0) for code, height in STAVES.items()]
    hoops = [Plank(code, "hoop", own.get(code, height)) for code, height in HOOPS.items()]
    return Problem((*staves, *hoops), (), 0, bearing=bearing)


class TestTheMarket:
    """One test each for what needs all sixty offers."""

    def test_each_filter_counts_what_it_would_leave_with_the_others_as_they_are(self, world: World) -> None:
        make_market()
        everything = search_offers(world.lin, Wanted(), limit=100)
        assert everything.total == len(everything.cards) == 60
        assert everything.counts["plank"] == Counter(p for card in everything.cards for p in card.planks)
        wanted = Wanted(planks=("logistics",), mechanisms=("task",), within_days=3)
        found = search_offers(world.lin, wanted, limit=100)
        here = [card for card in everything.cards if "logistics" in card.planks]
        assert {card.id for card in found.cards} == {
            card.id for card in here if card.mechanism == "task" and card.lead_time_days <= 3
        }
        assert found.counts["mechanism"] == Counter(c.mechanism for c in here if c.lead_time_days <= 3)
        assert found.counts["within"]["30"] == sum(
            c.mechanism == "task" for c in here if c.lead_time_days <= 30
        )
        tasks = [c for c in everything.cards if c.mechanism == "task" and c.lead_time_days <= 3]
        assert found.counts["plank"] == Counter(plank for card in tasks for plank in card.planks)
        assert found.counts["city"] == Counter(card.city or ANYWHERE for card in found.cards)
        assert found.counts["programme"] == Counter(p for card in found.cards for p in card.programmes)

    def test_the_order_by_fit_is_what_the_engine_says_of_each_offer_alone(self, world: World) -> None:
        """A stave binds; the lowest hoop counts; the hoops bind; a stave leaks."""
        versions = {version.offer_id: version.content for version in make_market()}
        raised = barrel(procurement=70.0, marketing=70.0, rnd=70.0, logistics=70.0)
        leaking = Problem(
            tuple(replace(p, hole=25.0) if p.code == "procurement" else p for p in barrel().planks), (), 0
        )
        for mine in (barrel(), barrel("minimum"), raised, leaking):
            self.check_order(world, mine, versions)

    def check_order(self, world: World, mine: Problem, versions: dict[UUID, Content]) -> None:
        found = search_offers(world.lin, Wanted(order=Order.FIT), barrel=mine, limit=100)
        now = reach(mine, ())

        def rank(card: OfferCard) -> tuple[bool, float, bool, float]:
            then = reach(mine, [Offer("", 0, versions[card.id].effects)])
            lift = then.water_level - now.water_level
            fills = sum(then.heights.values()) - sum(now.heights.values())
            assert card.lift == pytest.approx(lift)
            fen = price_of_effects(versions[card.id].price, versions[card.id].effects_from)
            yuan = max(fen, 1) if fen is not None else float("inf")
            return lift > 1e-9, lift / yuan, fills > 1e-9, fills / yuan

        ranks = [rank(card) for card in found.cards]
        for one, following in pairwise(ranks):
            assert one[0] >= following[0]
            if one[0] and following[0]:
                assert one[1] >= following[1] - 1e-12
            elif not one[0]:
                assert one[2] >= following[2]
                assert one[3] >= following[3] - 1e-12
        assert ranks[0][0], "something lifts it"
        assert found.order is Order.FIT


class TestOrders:
    def test_without_a_barrel_nothing_is_ordered_by_fit(self, world: World, lab: Actor) -> None:
        publish(lab)
        assert search_offers(world.lin, Wanted(order=Order.FIT)).order is Order.NEWEST
        assert search_offers(world.lin, Wanted(), barrel=barrel()).order is Order.FIT
        assert search_offers(world.lin, Wanted(words="耐磨")).order is Order.RELEVANCE

    def test_cheapest_soonest_and_nearest_first(self, world: World, lab: Actor) -> None:
        far = join(make_person("孔南"), make_firm("华南纺检", Kind.PROVIDER, city="440605"), Role.OWNER)
        publish(lab, title={"zh": "近"}, city="330603", lead_time_days=9, price=fixed(500))
        publish(far, title={"zh": "远"}, city="440605", lead_time_days=2, price=fixed(300))
        publish(far, title={"zh": "处处"}, lead_time_days=5, price={"kind": "quote"})
        buyer = join(make_person("周蕙"), make_firm("柯桥织造", city="330603"), Role.OWNER)
        assert titles(buyer, order=Order.PRICE) == ["远", "近", "处处"]
        assert titles(buyer, order=Order.SOONEST) == ["远", "处处", "近"]
        assert titles(buyer, order=Order.DISTANCE) == ["处处", "近", "远"]
        cards = search_offers(buyer, Wanted(order=Order.DISTANCE)).cards
        assert cards[1].distance_km == pytest.approx(0, abs=0.1)
        assert 900 < (cards[2].distance_km or 0) < 1200

    def test_what_the_mechanisms_calendar_says_comes_before_the_lead_time(
        self, world: World, lab: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        soon = timezone.now() + timedelta(hours=20)
        monkeypatch.setattr("tests.trading.Plain.next_free", lambda self, vs: {v.offer_id: soon for v in vs})
        publish(lab, lead_time_days=30)
        (card,) = search_offers(world.lin, Wanted(within_days=1)).cards
        assert card.next_free_at == soon

    def test_follows_the_calendar_by_a_job(
        self, world: World, lab: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        free = timezone.now() + timedelta(hours=20)
        monkeypatch.setattr("tests.trading.Plain.next_free", lambda self, vs: {v.offer_id: free for v in vs})
        publish(lab)
        publish(lab, title={"zh": "另一项"})
        free = later = free + timedelta(days=9)
        assert renew_next_free() == 2
        assert [card.next_free_at for card in search_offers(world.lin, Wanted()).cards] == [later, later]
        assert renew_next_free() == 0

    def test_is_asked_again_after_nothing_was_free(
        self, world: World, lab: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        free: datetime | None = None
        monkeypatch.setattr("tests.trading.Plain.next_free", lambda self, vs: {v.offer_id: free for v in vs})
        publish(lab)
        assert renew_next_free() == 0
        free = later = timezone.now() + timedelta(days=9)
        assert renew_next_free() == 1
        assert [card.next_free_at for card in search_offers(world.lin, Wanted()).cards] == [later]

    def test_of_a_former_version_moves_nothing(
        self, world: World, lab: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A new version is published while the calendar is asked about the one before."""
        offer, soon = publish(lab).offer_id, timezone.now() + timedelta(hours=20)

        def asked(self: object, versions: Sequence[OfferVersion]) -> dict[UUID, datetime]:
            if versions[0].number == 1:
                change_price(lab, offer_id=offer, price=fixed(30_000), groups=None, number=1)
                return {offer: soon + timedelta(days=9)}
            return {offer: soon}

        monkeypatch.setattr("tests.trading.Plain.next_free", asked)
        assert renew_next_free() == 0
        assert [card.next_free_at for card in search_offers(world.lin, Wanted()).cards] == [soon]


class TestTheListing:
    def test_follows_the_offer(self, world: World, lab: Actor) -> None:
        version = publish(lab, price=fixed(68_000))
        draft_offer(lab, content=document(title={"zh": "草稿"}))
        assert titles(world.lin) == ["面料耐磨检测"]
        change_price(lab, offer_id=version.offer_id, price=fixed(30_000), groups=None, number=1)
        assert [card.from_fen for card in search_offers(world.lin, Wanted(prices=("0-500",))).cards] == [
            30_000
        ]
        withdraw_offer(lab, offer_id=version.offer_id)
        assert titles(world.lin) == []
        publish_offer(lab, offer_id=version.offer_id)
        assert titles(world.lin, words="耐磨") == ["面料耐磨检测"]

    def test_shows_what_the_searcher_pays(self, world: World, lab: Actor) -> None:
        publish(lab, city="330603", groups={"member": "1", "elsewhere": "1.5"}, price=fixed(1000))
        far = join(make_person("陈盛"), make_firm("盛泽喷织", city="320509"), Role.OWNER)
        assert [card.from_fen for card in search_offers(far, Wanted()).cards] == [1500]
        (card,) = search_offers(world.gao_for(world.qinghe), Wanted()).cards
        assert (card.served, card.from_fen) == (False, None)

    def test_is_read_by_all_and_written_by_the_provider_only(self, world: World, lab: Actor) -> None:
        offer = publish(lab).offer_id
        with acting(org=world.yuanda.id):
            assert Listing.objects.filter(offer_id=offer).update(price_from_fen=1) == 0
            with pytest.raises(ProgrammingError), transaction.atomic():
                Word.objects.update(word="x")
        with acting(org=lab.org_id):
            assert Listing.objects.filter(offer_id=offer).update(price_from_fen=1) == 1
            with pytest.raises(IntegrityError), transaction.atomic():
                Listing.objects.create(
                    offer_id=offer, version_id=offer, provider_org_id=lab.org, lead_time_days=0, words=""
                )

    def test_needs_the_right(self, world: World) -> None:
        with pytest.raises(RightMissing):
            search_offers(Actor(world.lin.person_id, world.chunhui.id), Wanted())


class TestWords:
    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("耐磨", True),
            ("耐磨 检测", True),
            ("檢測", True),  # traditional
            ("ＡＢＲＡＳＩＯＮ", True),  # full width
            ("abrasoin", True),  # swapped
            ("jiance", True),
            ("jian ce", True),
            ("耐模检测", True),  # a homophone
            ("磨", True),
            ("中纺", True),  # who offers it
            ("中纺 耐磨", True),
            ("商标", False),
            ("'); DROP TABLE x; --", False),
            ("& | ! ( :*", True),  # no word: everything
            ("的", False),
        ],
    )
    def test_find(self, world: World, lab: Actor, words: str, found: bool) -> None:
        publish(lab)
        assert (titles(world.lin, words=words) == ["面料耐磨检测"]) is found

    def test_that_no_offer_has_all_of_find_those_that_have_most(self, world: World, lab: Actor) -> None:
        publish(lab)
        found = search_offers(world.lin, Wanted(words="耐磨 检测 商标"))
        assert found.relaxed
        assert found.total == 1
        assert not search_offers(world.lin, Wanted(words="耐磨 检测")).relaxed

    def test_mistyped_are_told(self, world: World, lab: Actor) -> None:
        publish(lab)
        assert search_offers(world.lin, Wanted(words="abrasoin")).corrected == {"abrasoin": "abrasion"}


def test_an_eleventh_plank_that_is_data_alone_is_offered_and_found(
    world: World, lab: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offer() -> Any:
        return draft_offer(
            lab,
            content=document(
                planks=["energy"],
                effects=[{"plank": "energy", "kind": "floor", "amount": 60}],
                title={"zh": "光伏"},
            ),
        )

    with pytest.raises(OfferInvalid) as refused:
        publish_offer(lab, offer_id=offer())
    assert refused.value.field == "planks.0"
    planks = (SHIPPED / "planks.yaml").read_text(encoding="utf-8") + ELEVENTH_PLANK
    (tmp_path / "planks.yaml").write_text(planks, encoding="utf-8")
    monkeypatch.setenv("STAVEWORKS_DATA", str(tmp_path))
    version = publish_offer(lab, offer_id=offer())
    found = search_offers(world.lin, Wanted(planks=("energy",)))
    assert [card.id for card in found.cards] == [version.offer_id]
    assert found.counts["plank"] == {"energy": 1}
    eleven = Problem((*barrel().planks, Plank("energy", "stave", 5.0)), (), 0)
    (card,) = search_offers(world.lin, Wanted(order=Order.FIT), barrel=eleven).cards
    assert card.lift == pytest.approx(13.0)  # from 5 to the next lowest, 18 of 80: 22.5 … the hoops bear 18
    assert access_offer(world.lin, offer_id=version.offer_id).version == version


def fixed(fen: int) -> dict[str, Any]:
    return {"kind": "fixed", "amount_fen": fen}
