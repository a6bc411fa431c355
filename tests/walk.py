"""The whole way of an order, for tests: 春晖织造's short staves, and four providers in three cities that can lend it what it lacks.

>>> walk = make_walk(world)                    # `settings.MECHANISMS` as they ship; the small rubric as data
>>> request = walk.request(seconds=1.5)        # of 许慧's, which takes proposals for that long
>>> walk.books(walk.lab)                       # {"receivable 春晖织造": 45_000, …} by the ledger itself

What each of them owes in the end stands in ``BOOKS``, worked out by hand.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from tempfile import TemporaryDirectory
from uuid import UUID

from django.test import override_settings

from staveworks.cluster.programmes.usecases.grant_voucher import grant_voucher
from staveworks.foundation.ledger.queries import list_accounts
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.jobs.books import verify_books
from staveworks.jobs.verifying import seal, verify_node, verify_reservations
from staveworks.kit.text import Text
from staveworks.mechanisms.booking.usecases.keep_resource import register_bookable
from staveworks.mechanisms.projects.finding import database_now
from staveworks.trade.catalogue.types import OfferVersion
from staveworks.trade.orders.usecases.set_limit import set_limit
from tests.bidding import Bidding, project_offer
from tests.booking import HOURLY, LOOM
from tests.rooms.prescription.conftest import assess
from tests.testing import FORCE
from tests.trading import publish
from tests.world import CHUNHUI_USCC, World, join, make_firm, make_person

KEQIAO, WUJIANG, JIAXING = "330603", "320509", "330402"

LIMIT_FEN = 500_000
"""Above it somebody else at 春晖织造 approves: the order comes to ¥12,560."""
STORE_FEN, STUDIO_FEN, TESTS_FEN, SAMPLE_FEN = 300_000, 36_000, 120_000, 800_000
STANDS_FEN = 90_000
"""What the operator lets stand of the tests."""

BOOKS: dict[str, dict[str, int]] = {
    "春晖织造": {
        "payable 嘉兴云仓": -300_000,
        "payable 吴江直播": -36_000,
        "payable 中纺检测": -45_000,
        "payable 柯桥设计": -800_000,
        "subsidy_income": -45_000,
        "tax_in": 69_396,
        "purchases": 1_156_604,
    },
    "嘉兴云仓": {
        "receivable 春晖织造": 300_000,
        "payable 集群服务公司": -6_000,
        "sales": -283_019,
        "tax_out": -16_981,
        "fee_expense": 5_660,
        "tax_in": 340,
    },
    "吴江直播": {
        "receivable 春晖织造": 36_000,
        "payable 集群服务公司": -720,
        "sales": -33_962,
        "tax_out": -2_038,
        "fee_expense": 679,
        "tax_in": 41,
    },
    "中纺检测": {
        "receivable 春晖织造": 45_000,
        "receivable 集群服务公司": 45_000,
        "payable 集群服务公司": -1_800,
        "sales": -84_906,
        "tax_out": -5_094,
        "fee_expense": 1_698,
        "tax_in": 102,
    },
    "柯桥设计": {
        "receivable 春晖织造": 800_000,
        "payable 集群服务公司": -16_000,
        "sales": -754_717,
        "tax_out": -45_283,
        "fee_expense": 15_094,
        "tax_in": 906,
    },
    "集群服务公司": {
        "receivable 嘉兴云仓": 6_000,
        "receivable 吴江直播": 720,
        "receivable 中纺检测": 1_800,
        "receivable 柯桥设计": 16_000,
        "payable 中纺检测": -45_000,
        "subsidy_expense": 45_000,
        "fee_income": -23_131,
        "tax_out": -1_389,
    },
}
"""By organisation and account, in fen, debit positive. Of each price 6 % tax, rounded for each line; the fee is 2 % of what is
accepted, 6 % tax in it; of the tests ¥900 stand, half of it paid by the operator's innovation voucher."""


@dataclass(frozen=True, slots=True)
class Walk:
    """许慧 manages at 春晖织造 and buys; 林春晖 owns it and approves; each of the others owns a provider."""

    world: World
    xu: Actor
    store: Actor
    studio: Actor
    lab: Actor
    design: Actor
    offers: dict[UUID, OfferVersion]
    """By provider."""
    bidding: Bidding

    @property
    def parties(self) -> dict[str, Actor]:
        """Everybody in whose books something stands, by the name of the organisation."""
        providers = (self.store, self.studio, self.lab, self.design)
        names = ("嘉兴云仓", "吴江直播", "中纺检测", "柯桥设计")
        return {
            "春晖织造": self.world.lin,
            "集群服务公司": self.world.gao,
            **dict(zip(names, providers, strict=True)),
        }

    def request(self, *, seconds: float) -> UUID:
        """Of 许慧's, which takes proposals for so long: the rule asks for a day at least, so it is written past the use case."""
        return self.bidding.closing(database_now() + timedelta(seconds=seconds))

    def books(self) -> dict[str, dict[str, int]]:
        """As ``BOOKS``, of the ledger."""
        return {name: _balances(actor) for name, actor in self.parties.items()}

    def faults(self) -> list[str]:
        """What ``staveworks verify`` finds wrong: in the chain of events (its anchor is this walk's own), in the books, in what is
        reserved."""
        with TemporaryDirectory() as home, override_settings(HOME=home):
            seal()
            chain, books, holds = verify_node(), verify_books(), verify_reservations()
        fault = [chain.fault.text] if chain.fault else []
        return [each.en for each in (*fault, *(one.text for one in (*books.drifts, *holds.faults)))]


def make_walk(world: World) -> Walk:
    xu = join(make_person("许慧"), world.chunhui, Role.MANAGER)
    set_limit(world.lin, limit_fen=LIMIT_FEN)
    assess(xu, rnd_a=1, rnd_b=0)
    grant_voucher(world.gao, uscc=CHUNHUI_USCC, programme="innovation", cap_fen=None, until=date(2099, 1, 1))
    store = _provider("沈仓", "嘉兴云仓", JIAXING)
    studio = _provider("白露", "吴江直播", WUJIANG)
    lab = _provider("方敏", "中纺检测", KEQIAO)
    design = _provider("陆纱", "柯桥设计", KEQIAO)
    offers = {
        store.org: _lends(
            store,
            "一件代发云仓",
            "Fulfilment warehouse",
            "logistics",
            JIAXING,
            mechanism="task",
            price={"kind": "fixed", "amount_fen": STORE_FEN},
        ),
        studio.org: _studio(studio),
        lab.org: _lends(
            lab,
            "面料性能检测",
            "Fabric performance test",
            "rnd",
            KEQIAO,
            mechanism="task",
            terms={"kind": "test", "tests": [FORCE]},
            price={"kind": "per_unit", "unit": {"zh": "项", "en": "test"}, "unit_price_fen": 60_000},
            programmes=["innovation"],
            lead_time_days=5,
        ),
        design.org: project_offer(design),
    }
    return Walk(
        world,
        xu,
        store,
        studio,
        lab,
        design,
        offers,
        Bidding(xu, design, lab, {design.org: offers[design.org]}),
    )


def _provider(person: str, name: str, city: str) -> Actor:
    return join(make_person(person), make_firm(name, Kind.PROVIDER, city=city), Role.OWNER)


def _studio(owner: Actor) -> OfferVersion:
    rooms = register_bookable(owner, details=replace(LOOM, name=Text(zh="直播间", en="Studio"), kind="room"))
    return _lends(
        owner,
        "直播间按小时",
        "Streaming studio by the hour",
        "marketing",
        WUJIANG,
        mechanism="booking",
        price=HOURLY,
        terms={"resource": str(rooms)},
    )


def _lends(owner: Actor, zh: str, en: str, plank: str, city: str, **said: object) -> OfferVersion:
    """An offer that holds ``plank`` at 60 while it runs."""
    return publish(
        owner,
        title={"zh": zh, "en": en},
        planks=[plank],
        city=city,
        effects=[{"plank": plank, "kind": "floor", "amount": 60}],
        **said,
    )


def _balances(actor: Actor) -> dict[str, int]:
    return {
        f"{each.kind} {each.counterparty.zh if each.counterparty else ''}".strip(): each.balance
        for each in list_accounts(actor)
        if each.balance
    }
