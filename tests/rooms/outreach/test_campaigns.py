"""Campaigns to unclaimed firms: each once, resumable, none to a firm claimed meanwhile."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from staveworks.cluster.barrel.funnel import funnel_by_week
from staveworks.cluster.barrel.overview import cluster_overview
from staveworks.db.transaction import acting
from staveworks.foundation.notices.messages.types import DeliveryState
from staveworks.foundation.notices.models import Delivery, Message
from staveworks.foundation.outreach.desk import count_desk
from staveworks.foundation.outreach.domain import address_of, covered
from staveworks.foundation.outreach.models import Target
from staveworks.foundation.outreach.queries import (
    access_call_row,
    access_campaign,
    count_calls_due,
    count_segment,
    list_calls_due,
    list_targets,
)
from staveworks.foundation.outreach.types import (
    CallOutcome,
    CampaignMoved,
    CampaignNameMissing,
    CampaignNotFound,
    CampaignState,
    FirmNotHeld,
    NextDatePast,
    Segment,
    SegmentEmpty,
    TargetState,
)
from staveworks.foundation.outreach.usecases import run_campaign as running
from staveworks.foundation.outreach.usecases.note_call import note_call
from staveworks.foundation.outreach.usecases.run_campaign import run_campaign
from staveworks.foundation.outreach.usecases.start_campaign import (
    resume_campaign,
    start_campaign,
    stop_campaign,
)
from staveworks.foundation.parties.models import ClaimLink, Organisation, Person, Profile
from staveworks.foundation.parties.types import Actor, RightMissing
from staveworks.web.join.growth.places import city_options
from tests.database import Clone
from tests.world import Firm, World, make_unclaimed, make_world

BY_PHONE, ON_LANDLINE = ["+8613805750011"], ["+8657588888888"]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def firms(world: World, count: int, *, phones: list[str] = BY_PHONE, city: str = "330603") -> list[Firm]:
    return [make_unclaimed(f"柯桥第{n}织造", world.operator, phones=phones, city=city) for n in range(count)]


def take_over(firm: Firm) -> None:
    with acting(org=firm.id):
        Organisation.objects.filter(id=firm.id).update(claimed_at=timezone.now())


def messages(world: World) -> int:
    with acting(org=world.operator.id):
        return Message.objects.count()


@pytest.mark.django_db
class TestACampaign:
    def test_gives_each_firm_of_its_segment_one_message_with_a_link_of_its_own(self, world: World) -> None:
        firms(world, 3)
        make_unclaimed("吴江织造", world.operator, phones=BY_PHONE, city="320509")
        campaign = start_campaign(world.gao, name="柯桥首批", segment=Segment(city="330600"))
        assert run_campaign(world.gao, subject=campaign) == 3
        card = access_campaign(world.gao, campaign)
        assert (card.state, card.firms, card.queued, card.waiting) == (CampaignState.SENT, 3, 3, 0)
        assert messages(world) == 3
        with acting(org=world.operator.id):
            assert ClaimLink.objects.count() == 3

    def test_runs_twice_and_says_nothing_twice(self, world: World) -> None:
        firms(world, 3)
        campaign = start_campaign(world.gao, name="首批", segment=Segment(city="330600"))
        run_campaign(world.gao, subject=campaign)
        assert run_campaign(world.gao, subject=campaign) == 0
        assert messages(world) == 3

    def test_goes_on_where_it_was_stopped(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        firms(world, 5)
        campaign = start_campaign(world.gao, name="首批", segment=Segment(city="330600"))
        monkeypatch.setattr(running, "CHUNK", 2)
        running._chunk(world.gao, campaign_id=campaign)
        stop_campaign(world.gao, campaign_id=campaign)
        assert run_campaign(world.gao, subject=campaign) == 0
        assert access_campaign(world.gao, campaign).waiting == 3
        resume_campaign(world.gao, campaign_id=campaign)
        assert run_campaign(world.gao, subject=campaign) == 3
        assert messages(world) == 5

    def test_leaves_alone_whom_it_cannot_reach_and_who_was_claimed(self, world: World) -> None:
        firms(world, 1, phones=ON_LANDLINE)
        claimed = firms(world, 1)[0]
        campaign = start_campaign(world.gao, name="首批", segment=Segment(city="330600"))
        take_over(claimed)
        run_campaign(world.gao, subject=campaign)
        states = {target.firm_id: target.state for target in list_targets(world.gao, campaign_id=campaign)}
        assert sorted(states.values()) == [TargetState.SKIPPED, TargetState.UNREACHABLE]
        assert states[claimed.id] == TargetState.SKIPPED
        assert messages(world) == 0

    def test_counts_what_was_claimed_since(self, world: World) -> None:
        made = firms(world, 2)
        campaign = start_campaign(world.gao, name="首批", segment=Segment(city="330600"))
        run_campaign(world.gao, subject=campaign)
        take_over(made[0])
        assert access_campaign(world.gao, campaign).claimed == 1

    def test_needs_a_name_and_firms_and_the_right(self, world: World) -> None:
        with pytest.raises(CampaignNameMissing):
            start_campaign(world.gao, name="  ", segment=Segment())
        with pytest.raises(SegmentEmpty):
            start_campaign(world.gao, name="空", segment=Segment(city="440300"))
        with pytest.raises(RightMissing):
            start_campaign(world.shen, name="首批", segment=Segment())
        assert start_campaign(world.gao, name="首批", segment=Segment())

    def test_moves_only_along_its_edges_and_is_another_operators_secret(self, world: World) -> None:
        campaign = start_campaign(world.gao, name="首批", segment=Segment())
        with pytest.raises(CampaignMoved):
            resume_campaign(world.gao, campaign_id=campaign)
        with acting(org=world.chunhui.id):
            assert not Target.objects.exists()
        other = Actor(world.gao.person_id, world.chunhui.id, world.gao.rights)
        with pytest.raises(CampaignNotFound):
            access_campaign(other, campaign)


@pytest.mark.django_db
def test_a_segment_says_how_its_firms_are_reached(world: World) -> None:
    firms(world, 2)
    firms(world, 1, phones=ON_LANDLINE)
    with_mail = firms(world, 1)[0]
    with acting(org=world.operator.id):
        Profile.objects.filter(org_id=with_mail.id).update(email="boss@firm.example", staff=80)
    count = count_segment(world.gao, Segment(city="330000"))
    assert (count.firms, count.by_email, count.by_phone, count.unreachable) == (4, 1, 2, 1)
    assert count_segment(world.gao, Segment(staff_from=50)).firms == 1
    assert count_segment(world.gao, Segment(invited="yes")).firms == 0


def test_nobody_reads_a_message_on_a_landline() -> None:
    assert address_of("", [*ON_LANDLINE, *BY_PHONE]) == BY_PHONE[0]
    assert address_of("", ["+84912345678"]) == "+84912345678"
    assert address_of("a@b.example", BY_PHONE) == "a@b.example"
    assert address_of("", ON_LANDLINE) == ""


def test_a_city_covers_what_lies_under_it() -> None:
    assert [covered(code) for code in ("330000", "330600", "330603", "")] == ["33", "3306", "330603", ""]


@pytest.mark.django_db
class TestTheCallList:
    def test_puts_those_due_before_those_never_called_and_leaves_out_later_ones(self, world: World) -> None:
        never, today, later, declined = firms(world, 4)
        now = timezone.localdate()
        note_call(world.gao, firm=today.id, outcome=CallOutcome.NO_ANSWER, next_date=now)
        note_call(world.gao, firm=later.id, outcome=CallOutcome.WILL_CLAIM, next_date=now + timedelta(days=3))
        note_call(world.gao, firm=declined.id, outcome=CallOutcome.DECLINED)
        due = [row.firm_id for row in list_calls_due(world.gao, city="330600")]
        assert due == [today.id, never.id]
        assert count_calls_due(world.gao, city="330600", everyone=True) == 4

    def test_keeps_every_call_as_it_was_noted(self, world: World) -> None:
        firm = firms(world, 1)[0]
        note_call(world.gao, firm=firm.id, outcome=CallOutcome.NO_ANSWER, note="占线")
        note_call(world.gao, firm=firm.id, outcome=CallOutcome.REACHED, note="周三再谈")
        row, calls = access_call_row(world.gao, firm.id)
        assert [call.note for call in calls] == ["周三再谈", "占线"]
        assert row.last == calls[0]
        with (
            pytest.raises((IntegrityError, ProgrammingError)),
            transaction.atomic(),
            acting(org=world.operator.id),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE outreach_call SET note = 'otherwise'")

    def test_refuses_a_day_gone_by_and_a_firm_not_held(self, world: World) -> None:
        firm = firms(world, 1)[0]
        yesterday = timezone.localdate() - timedelta(days=1)
        with pytest.raises(NextDatePast):
            note_call(world.gao, firm=firm.id, outcome=CallOutcome.REACHED, next_date=yesterday)
        with pytest.raises(FirmNotHeld):
            note_call(world.gao, firm=world.chunhui.id, outcome=CallOutcome.REACHED)
        assert note_call(world.gao, firm=firm.id, outcome=CallOutcome.REACHED)


@pytest.mark.django_db
def test_the_desk_counts_what_its_lists_show(world: World) -> None:
    made = [
        *firms(world, 4),
        *firms(world, 2, phones=ON_LANDLINE),
        *firms(world, 1, phones=[], city="320509"),
    ]
    make_unclaimed("越南分厂", world.operator, phones=["+84912345678"])
    with acting(org=world.operator.id):
        Profile.objects.filter(org_id=made[0].id).update(email="boss@firm.example")
        Organisation.objects.filter(id=made[3].id).update(city_id=None)
    now = timezone.localdate()
    note_call(world.gao, firm=made[0].id, outcome=CallOutcome.DECLINED)
    note_call(world.gao, firm=made[1].id, outcome=CallOutcome.NO_ANSWER, next_date=now + timedelta(days=1))
    note_call(world.gao, firm=made[4].id, outcome=CallOutcome.NO_ANSWER, next_date=now + timedelta(days=1))
    note_call(world.gao, firm=made[4].id, outcome=CallOutcome.NO_ANSWER, next_date=now)
    take_over(made[2])
    listed = {code: number for code, _, number in city_options(world.gao)}
    for city in ("", "330600", "320509", "440000"):
        desk = count_desk(world.gao, city=city)
        assert desk.cities == listed
        assert desk.segment == count_segment(world.gao, Segment(city=city))
        assert desk.due == count_calls_due(world.gao, city=city)
    assert (listed["320509"], count_desk(world.gao).due) == (1, 5)


@pytest.mark.django_db
def test_the_funnel_counts_each_step_in_its_week(world: World) -> None:
    made = firms(world, 3)
    start = start_campaign(world.gao, name="首批", segment=Segment(city="330600"))
    run_campaign(world.gao, subject=start)
    take_over(made[0])
    with acting(org=world.operator.id):
        Organisation.objects.filter(id=made[1].id).update(created_at=timezone.now() - timedelta(weeks=2))
    weeks = funnel_by_week(world.gao, city="3306").weeks
    assert len(weeks) == 12
    assert (weeks[-1].found, weeks[-3].found) == (2, 1)
    assert weeks[-1].invited == 3


@pytest.mark.django_db
def test_the_weeks_and_all_before_add_up_to_the_clusters_funnel(world: World) -> None:
    made = firms(world, 3)
    run_campaign(world.gao, subject=start_campaign(world.gao, name="首批", segment=Segment(city="330600")))
    take_over(made[0])
    with acting(org=world.operator.id):
        Organisation.objects.filter(id=made[1].id).update(created_at=timezone.now() - timedelta(weeks=40))
    found = funnel_by_week(world.gao)
    assert found.earlier.found == 1
    whole = cluster_overview(world.gao).funnel
    steps = [
        (whole.found, "found"),
        (whole.invited, "invited"),
        (whole.claimed, "claimed"),
        (whole.own, "assessed"),
    ]
    for total, step in steps:
        assert total == getattr(found.earlier, step) + sum(getattr(week, step) for week in found.weeks)
    assert whole.invited >= 3


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_campaign_is_sent_and_watched_in_the_browser(world: World, language: str) -> None:
    firms(world, 2)
    client = Client(headers={"accept-language": language})
    client.force_login(
        Person.objects.get(id=world.gao.person_id),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert client.get("/growth/").status_code == 200
    count = client.get("/growth/campaigns/new/?city=330603", headers={"HX-Request": "true"}).content.decode()
    assert '<b class="water">2</b>' in count
    assert "{firm}" not in count
    assert "Sample(" not in client.get("/growth/campaigns/new/").content.decode(), "no preview is a notice"
    assert "{organisation}" not in count
    assert {"zh-hans": "短信", "en": "The SMS"}[language] in count
    assert {"zh-hans": "邮件</h2>", "en": "The e-mail"}[language] not in count, "nobody there gets one"
    unnamed = client.post("/growth/campaigns/new/", {"name": "", "city": "330603"})
    assert unnamed.status_code == 302
    assert f"{timezone.localdate():%Y-%m-%d}" in client.get(unnamed["Location"]).content.decode()
    made = client.post("/growth/campaigns/new/", {"name": "首批", "city": "330603"})
    assert made.status_code == 302
    assert "/stop/" in client.get(made["Location"]).content.decode()
    run_campaign(world.gao, subject=made["Location"].split("/")[3])  # type: ignore[arg-type]
    assert client.get(made["Location"] + "progress/").headers["HX-Redirect"] == made["Location"]
    campaign = UUID(made["Location"].split("/")[3])
    assert {target.delivery for target in list_targets(world.gao, campaign_id=campaign)} == {
        DeliveryState.QUEUED
    }
    with acting(org=world.operator.id):
        handed = Delivery.objects.filter(message__about=campaign)
        handed.update(state=DeliveryState.SENDING, lease_until=timezone.now())
        handed.update(state=DeliveryState.SENT, lease_until=None, sent_at=timezone.now())
    assert {target.delivery for target in list_targets(world.gao, campaign_id=campaign)} == {
        DeliveryState.SENT
    }
    assert client.get(made["Location"] + "?state=queued").content.decode().count("/cluster/firms/") >= 2
    calls = client.get("/growth/calls/?city=330603").content.decode()
    assert calls.count("tel:") == 2
    assert client.get("/growth/funnel.xlsx").status_code == 200


def test_two_runs_at_once_send_each_message_once(committed: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    firms(world, 12)
    monkeypatch.setattr(running, "CHUNK", 3)
    campaign = start_campaign(world.gao, name="首批", segment=Segment(city="330600"))
    _run_twice(world, campaign)
    assert messages(world) == 12
    with acting(org=world.operator.id):
        assert ClaimLink.objects.count() == 12


def test_control_without_the_lock_links_are_issued_twice(
    committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message's key still says each only once: the lock saves the links."""
    world = make_world()
    firms(world, 12)
    monkeypatch.setattr(running, "CHUNK", 12)
    campaign = start_campaign(world.gao, name="首批", segment=Segment(city="330600"))
    both_read = threading.Barrier(2, timeout=20)
    issue = running.issue_claim_links

    def late(*args: object, **kwargs: object) -> object:
        both_read.wait()
        return issue(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "issue_claim_links", late)
    monkeypatch.setattr("django.db.models.query.QuerySet.select_for_update", lambda self, **_: self)
    _run_twice(world, campaign)
    with acting(org=world.operator.id):
        assert ClaimLink.objects.count() > 12


def _run_twice(world: World, campaign: object) -> None:
    def run() -> None:
        try:
            run_campaign(world.gao, subject=campaign)  # type: ignore[arg-type]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
