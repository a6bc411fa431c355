"""The demo is made through use cases, the same each time, marked, and goes without a trace but its events."""

import importlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Count
from django.utils import timezone
from stdnum.cn import uscc

from staveworks import demo
from staveworks.cluster.barrel.figure_models import Figure, Publication
from staveworks.cluster.prescription.lending import list_lent
from staveworks.cluster.prescription.models import Prescription
from staveworks.cluster.programmes.models import Voucher
from staveworks.db.transaction import acting
from staveworks.demo.firms import draw_firms
from staveworks.demo.offers import services
from staveworks.demo.people import owner_of
from staveworks.demo.season import dispatch_season
from staveworks.demo.trading import said
from staveworks.foundation.eventlog.usecases.seal_events import seal_events
from staveworks.foundation.eventlog.usecases.verify_chain import verify_chain
from staveworks.foundation.ledger.auditing import audit_ledger
from staveworks.foundation.ledger.models import Transfer
from staveworks.foundation.parties.models import Organisation, Person, Profile
from staveworks.foundation.parties.queries import list_mandators, operator_service, operator_service_for
from staveworks.foundation.parties.types import Actor, Role
from staveworks.foundation.parties.usecases.found_operator import found_operator
from staveworks.foundation.parties.usecases.make_operator_link import make_operator_link
from staveworks.foundation.reservation.auditing import audit_reservations
from staveworks.foundation.reservation.models import Reservation
from staveworks.foundation.reservation.types import OCCUPYING
from staveworks.foundation.rosters.models import Roster
from staveworks.mechanisms.dispatch.models import (
    Answer,
    Demand,
    HeatCell,
    Inputs,
    Run,
    Share,
)
from staveworks.mechanisms.dispatch.run_queries import list_runs
from staveworks.mechanisms.dispatch.usecases.carry_out_run import carry_out_run
from staveworks.mechanisms.dispatch.usecases.publish_heat import publish_heat
from staveworks.mechanisms.dispatch.usecases.redispatch import redispatch
from staveworks.mechanisms.projects.models import Contract, Request
from staveworks.mechanisms.projects.queries import access_contract
from staveworks.mechanisms.projects.types import ContractStep, RequestState
from staveworks.mechanisms.tasks.models import Report, Subscription
from staveworks.mechanisms.tasks.queries import access_task, list_work
from staveworks.mechanisms.tasks.stock_queries import list_stocks
from staveworks.mechanisms.tasks.types.tasks import Stage
from staveworks.trade.catalogue.models import Listing, Word
from staveworks.trade.orders.models import Line
from staveworks.trade.orders.types import LineState
from tests.world import make_firm

make_module = importlib.import_module("staveworks.demo.make")


@pytest.fixture
def trading(committed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo of nine firms and five organisations, so that the test takes seconds."""
    world = demo.world()
    for city in world["cities"]:
        city["firms"] = 3
    world["organisations"] = world["organisations"][:5]
    monkeypatch.setattr(make_module, "world", lambda: world)
    monkeypatch.setattr("staveworks.demo.lists.KNOWN", 3)
    monkeypatch.setattr("staveworks.demo.joining.CLAIMED", 2)
    found_operator()


@pytest.fixture
def small(trading: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, and nobody has ordered anything."""
    monkeypatch.setattr(make_module, "trade", lambda market: None)


def test_the_same_seed_draws_the_same_firms_with_valid_codes_and_no_name_twice() -> None:
    firms = draw_firms(demo.world(), 2026)
    assert firms == draw_firms(demo.world(), 2026)
    assert firms != draw_firms(demo.world(), 2027)
    assert all(uscc.is_valid(firm.uscc) for firm in firms)
    assert len({firm.name for firm in firms}) == len({firm.uscc for firm in firms}) == len(firms)


def test_what_is_dated_back_meets_no_standing_booking_on_whatever_weekday_the_demo_is_made() -> None:
    """A late cancellation or a no-show comes to lie on yesterday, today or tomorrow: its hours are nobody's on any day."""
    buffers = {each["title"]["zh"]: each.get("lends", {}) for each in services()["offers"]}

    def hours(offer: str, begins: str, ask: dict[str, Any]) -> tuple[int, int]:
        start = 60 * int(begins[:2]) + int(begins[3:])
        lends = buffers[offer]
        return start - lends.get("before", 0), start + ask["minutes"] + lends.get("after", 0)

    dated_back = [
        (line["offer"], *hours(line["offer"], line["at"]["from"], line["ask"]))
        for order in said()["orders"]
        for line in order["lines"]
        if "at" in line and line["becomes"] in ("called_off", "no_show")
    ]
    assert len(dated_back) == 2
    for offer, begins, ends in dated_back:
        standing = [each for each in said()["calendars"] if each["offer"] == offer]
        assert standing
        for each in standing:
            its_begin, its_end = hours(offer, each["from"], each["ask"])
            assert ends <= its_begin or its_end <= begins, (offer, each)


def test_the_demo_is_made_once_also_after_it_was_cut_short_and_removed_to_the_last_row(
    small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anchor = tmp_path / "cloud.json"
    real = Organisation.objects.count()
    with monkeypatch.context() as patched:
        patched.setattr(make_module, "import_newcomers", killed)
        with pytest.raises(KeyboardInterrupt):
            demo.make()
    assert Organisation.objects.filter(demo=True).exists(), "the premise: half of it is there"
    assert not demo.is_made()
    demo.make()
    assert demo.is_made()
    made = Organisation.objects.filter(demo=True).count()
    assert made >= 13
    demo.make()
    assert Organisation.objects.filter(demo=True).count() == made, "a second time does nothing"
    assert Figure.objects.exists(), "its firms stand in published figures"
    assert Listing.objects.count() >= 30, "its providers sell something"
    with acting(org=Organisation.objects.get(name="锦澜织造有限公司").id):
        advised = Prescription.objects.get().result
        assert advised["net_fen"] < advised["price_fen"], "its vouchers pay a part"
    assert make_operator_link() is not None, "the demo's people don't count as the operator's first person"
    survivor = make_firm("真织造厂")
    assert demo.remove() > made
    assert not demo.is_made()
    assert Organisation.objects.filter(id=survivor.id).exists()
    assert Organisation.objects.count() == real + 1
    assert not Profile.objects.exists(), "the policies are back in force"
    assert not Person.objects.filter(demo=True).exists()
    assert not Publication.objects.exists()
    assert not Listing.objects.exists()
    assert not Word.objects.exists(), "not a word of its offers stays"
    with acting(org=found_operator()):
        assert not Roster.objects.exists()
    seal_events(node="cloud", anchor_path=anchor)
    assert verify_chain(node="cloud", anchor_path=anchor).ok, "the events stay, and the chain with them"


def killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def live_in() -> tuple[Any, Any]:
    """A real firm and what happens on a home that people have looked at: sign-ins, messages, answers, files, jobs."""
    from allauth.account.models import EmailAddress
    from allauth.usersessions.models import UserSession
    from django.test import Client

    from staveworks.foundation.eventlog.usecases.answer_once import Answer, Asked, answer_once
    from staveworks.foundation.files.usecases.store_file import store_file
    from staveworks.foundation.notices.usecases.send_message import send_message
    from staveworks.foundation.parties.queries import actor_for, list_organisations_of
    from staveworks.foundation.parties.types import Role
    from staveworks.jobs.relay import relay_events
    from tests.world import join, make_person

    real = join(make_person("真明", phone="+8613805754321"), make_firm("真织造厂"), Role.OWNER)
    theirs = next(
        actor_for(person.id, card.id)
        for person in Person.objects.filter(demo=True)
        for card in list_organisations_of(person.id)
        if card.demo
    )
    for actor in (real, theirs):
        person = Person.objects.get(id=actor.person)
        browser = Client()
        browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        key = browser.session.session_key or ""
        UserSession.objects.create(user=person, ip="192.0.2.1", user_agent="x", session_key=key)
        EmailAddress.objects.create(user=person, email=f"{person.id}@example.cn", verified=True, primary=True)
        answer_once(Asked(actor.org, actor.person, "POST /x", "k", b"x" * 32), lambda: Answer(201, "{}"))
        send_message(actor, to=actor.person, template="account.test", key="k", params={"channel": "x"})
        store_file(actor, name="a.pdf", content=b"%PDF-1.7 shared")
        store_file(actor, name="b.pdf", content=b"%PDF-1.7 " + str(actor.org).encode())
    relay_events()
    return real, theirs


def carry(planner: Actor, run: UUID) -> None:
    """As the worker does."""
    carry_out_run(planner, subject=run)


def ask_upon_the_season() -> None:
    """A real planner looks at the demo's plan too: what she asks of it has no ground once the demo is gone."""
    from tests.world import Firm, join, make_person

    operator = operator_service().org
    planner = join(make_person("真计划员"), Firm(operator, ""), Role.MANAGER)
    anew, season = list_runs(planner)
    redispatch(planner, run=season.id, events=[dict(anew.changes[0])])


def rows_naming(url: str, needles: set[str]) -> dict[str, int]:
    """Table → rows in which one of ``needles`` stands, over all tables but the chain (as a superuser)."""
    import psycopg

    from staveworks.demo.tracing import LEFT_WHOLE

    found = {}
    with psycopg.connect(url) as server:
        names = server.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (name,) in names:
            if name not in LEFT_WHOLE:
                rows = [row[0] for row in server.execute(f'SELECT t::text FROM "{name}" t').fetchall()]
                naming = sum(any(needle in row for needle in needles) for row in rows)
                if naming:
                    found[name] = naming
    return found


def check_trade() -> None:
    """Lines in every state over several buyers, providers and cities, some of them long ago; and the books are whole."""
    lines = Line.objects.using("cross").select_related("provider_org", "order__buyer_org")
    states = {LineState(line.state) for line in lines}
    assert states == set(LineState), f"none is {set(LineState) - states}"
    assert len({line.buyer_org_id for line in lines}) >= 4
    assert len({line.provider_org.city_id for line in lines}) >= 3
    fees = {line.fee_fen > 0 for line in lines if line.state == LineState.CANCELLED}
    assert fees == {False, True}, "cancelled early and late"
    assert any(0 < (line.accepted_fen or 0) < line.price_fen for line in lines), "a dispute was split"
    assert all(line.order.made_at - line.made_at < timedelta(minutes=5) for line in lines), (
        "an order isn't younger than its lines"
    )
    orders = {
        line.order.number: line.order.made_at
        for line in lines
        if line.order.buyer_org.name.startswith("锦澜")
    }
    assert sorted(orders, key=lambda number: orders[number]) == sorted(orders), "numbered as they were made"
    placed = [line.placed_at for line in lines if line.placed_at]
    assert max(placed) - min(placed) > timedelta(days=60)
    busy = Reservation.objects.using("cross").filter(state__in=OCCUPYING)
    spans = [row.during for row in busy if row.during.lower]
    now = timezone.now()
    assert min(span.lower for span in spans) < now - timedelta(days=28), "used a month ago"
    assert max(span.lower for span in spans) > now + timedelta(days=14), "booked for the weeks to come"
    days = Transfer.objects.using("cross").values_list("day", flat=True)
    assert len(set(days)) > 8, "the books tell when"
    assert audit_reservations().ok
    assert audit_ledger().ok
    voucher = Voucher.objects.using("cross").get(programme="digital")
    assert 0 < voucher.used_fen < voucher.cap_fen, "used in part"


def check_lasting() -> None:
    """Subscriptions, one of them renewed, which lend a stave; stock with what is left; and a firm that may be ordered for."""
    begun = Subscription.objects.using("cross").annotate(periods_so_far=Count("periods"))
    assert sorted(each.periods_so_far for each in begun) == [1, 2]
    firm = owner_of(Organisation.objects.get(name="锦澜织造有限公司").id)
    assert {"finance": 50.0} in [each.floors for each in list_lent(firm)]
    seller = owner_of(Organisation.objects.get(name="三城联采供应链有限公司").id)
    (stock,) = list_stocks(seller)
    assert stock.total("free", timezone.localdate()) == 10_500 - 600
    agent = owner_of(Organisation.objects.get(name="柯桥共享面料实验室").id)
    assert [each.card.id for each in list_mandators(agent, right="order.place")] == [firm.org]
    told = {login for login, _, _ in demo.logins(demo.world())}
    assert {"jiang@demo.example", "yu@demo.example"} <= told


def check_work() -> None:
    """Test orders at every stage, one of them reported twice; requests, and a contract with a change to sign."""
    lab = operator_service_for(Organisation.objects.get(name="柯桥共享面料实验室").id)
    cards = list_work(lab)
    assert {each.stage for each in cards} == {Stage.AWAITING, Stage.TESTING, Stage.REPORTING, Stage.DELIVERED}
    assert set(Report.objects.using("cross").values_list("version", flat=True)) == {1, 2}
    corrected = next(each for each in cards if each.stage == Stage.DELIVERED and each.samples == 2)
    seen = access_task(lab, line_id=corrected.line_id)
    received = [sample.custody[0].at for sample in seen.samples]
    assert max(received) < seen.reports[0].issued_at < seen.reports[1].issued_at, "dated back in one"
    requests = Request.objects.using("cross").values_list("state", "closes_at")
    open_until = [closes_at for state, closes_at in requests if state == RequestState.OPEN]
    assert min(open_until) < timezone.now() < max(open_until), "one to compare, one that takes proposals"
    contract = Contract.objects.using("cross").get()
    agreed = access_contract(operator_service_for(contract.buyer_org_id), contract_id=contract.id)
    steps = [each.step for each in agreed.milestones]
    assert steps == [ContractStep.ACCEPTED, ContractStep.DELIVERED, ContractStep.WORKING]
    assert [each.open for each in agreed.changes] == [True]


def test_nothing_of_a_lived_in_demo_is_left_and_nothing_real_is_touched(
    committed: Any, trading: None
) -> None:
    from django.conf import settings
    from django.contrib.sessions.models import Session

    demo.make()
    check_trade()
    check_lasting()
    check_work()
    assert dispatch_season(7, carry)
    publish_heat(operator_service())
    real, theirs = live_in()
    ask_upon_the_season()
    people = {str(id_) for id_ in Person.objects.filter(demo=True).values_list("id", flat=True)}
    firms = {str(id_) for id_ in Organisation.objects.filter(demo=True).values_list("id", flat=True)}
    mine = {str(real.person), str(real.org)}
    before = rows_naming(committed.urls.superuser, mine)
    demos = rows_naming(committed.urls.superuser, people | firms | {"@demo.example"})
    assert {
        "usersessions_usersession",
        "account_emailaddress",
        "eventlog_idempotency_key",
        "notices_message",
    } <= set(demos)
    demo.remove()
    with acting(org=operator_service().org_id):
        plans = [each.objects.count() for each in (Demand, Inputs, Run, Answer, Share, HeatCell)]
    assert not any(plans), "of plans and free hours of the demo nothing is left"
    assert rows_naming(committed.urls.superuser, people | firms | {"@demo.example"}) == {}
    after = rows_naming(committed.urls.superuser, mine)
    assert {
        table: before[table] - after.get(table, 0) for table in before if after.get(table) != before[table]
    } == {}
    assert [session.get_decoded()["_auth_user_id"] for session in Session.objects.all()] == [str(real.person)]
    files = {path.name for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()}
    import hashlib

    kept = {hashlib.sha256(b"%PDF-1.7 " + each).hexdigest() for each in (b"shared", str(real.org).encode())}
    assert kept <= files
    assert hashlib.sha256(b"%PDF-1.7 " + str(theirs.org).encode()).hexdigest() not in files
    assert not list((Path(settings.FILES_ROOT) / "rosters").rglob("*.*")), "no list is left"
