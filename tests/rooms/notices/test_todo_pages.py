"""The pages of to-dos: filters, one next action, take, hand, put off, done; the links from messages; the rail."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.notices.kinds import KINDS
from staveworks.foundation.notices.models import Preference, TapLink, Todo
from staveworks.foundation.notices.todo_queries import access_todo, list_todos
from staveworks.foundation.notices.todo_types import LinkPurpose
from staveworks.foundation.notices.usecases.issue_link import issue_link
from staveworks.foundation.notices.usecases.settle_todo import settle_todo
from staveworks.foundation.notices.usecases.work_on_todo import take_todo
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Agreement, Membership, Person
from staveworks.foundation.parties.queries import operator_service_for
from staveworks.foundation.parties.rights import rights_of, roles_for
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.rosters.duplicates import list_pairs
from staveworks.jobs.todos.settling import settle, settle_all
from staveworks.kit.ids import new_id
from staveworks.kit.waiting import Waiting
from staveworks.web.rail import RAIL, entries_for
from staveworks.web.todo.acts import ACTS
from tests.rooms.measure.test_cluster_pages import client_of
from tests.rooms.notices.test_working import colleague, make_todo
from tests.rooms.rosters.lists import PARK, import_list, write
from tests.world import World, join, make_firm, make_person, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def link_path(world: World, org: UUID, todo: UUID, person: UUID) -> str:
    return f"/t/{issue_link(operator_service_for(org), todo_id=todo, person_id=person)}/"


def old_agreement(world: World) -> UUID:
    accept_agreement(world.lin, shows=["barrel"])
    with acting(org=world.chunhui.id):
        Agreement.objects.filter(org_id=world.chunhui.id).update(edition="2025")
    settle_all(operator_service_for(world.chunhui.id), "agreement.accept")
    return list_todos(world.lin)[0].id


class TestList:
    def test_an_empty_list_says_so_and_names_what_comes_next(self, world: World) -> None:
        client = client_of(world.gao)
        assert "没有待办。" in text_of(client, "/todo/")
        todo = make_todo(world)
        tomorrow = timezone.localdate() + timedelta(days=1)
        client.post(f"/todo/{todo}/snooze/", {"until": tomorrow.isoformat()})
        said = text_of(client, "/todo/")
        assert f"没有待办。下一件：{tomorrow.month}月{tomorrow.day}日 核对“清河喷织厂”的认领。" in said

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize(
        "path", ["/todo/", "/todo/?show=others", "/todo/?show=later", "/todo/?show=done"]
    )
    def test_every_filter_answers_in_both_languages(self, world: World, path: str, language: str) -> None:
        make_todo(world)
        assert client_of(world.gao, language).get(path).status_code == 200

    def test_the_button_leads_to_the_thing_and_the_rail_counts(self, world: World) -> None:
        todo = make_todo(world)
        said = text_of(client_of(world.gao), "/todo/")
        assert access_todo(world.gao, todo).url in said
        assert "核对执照" in said
        assert '<span class="count">1' in said
        assert "1 件</b>轮到您" in said

    def test_what_a_colleague_took_stands_under_another_filter(self, world: World) -> None:
        todo, lin = make_todo(world), colleague(world)
        take_todo(lin, todo_id=todo)
        client = client_of(world.gao)
        said = text_of(client, "/todo/")
        assert '<li class="todo' not in said
        assert "同事在办：核对“清河喷织厂”的认领" in said
        assert "等林晓薇" in text_of(client, "/todo/?show=others")

    def test_what_is_late_is_shown_as_late(self, world: World) -> None:
        make_todo(world, due=timezone.now() - timedelta(days=2))
        said = text_of(client_of(world.gao), "/todo/")
        assert 'state-late">已过 2 天' in said
        assert "1 件</b>已过期" in said

    def test_more_to_dos_do_not_mean_more_queries(self, world: World) -> None:
        client = client_of(world.gao)

        def queries(path: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            return len(captured)

        paths = ("/todo/", "/todo/?show=done", "/cluster/")
        make_todo(world)
        queries("/todo/")  # the first page also chooses her organisation
        few = [queries(path) for path in paths]
        for _ in range(12):
            make_todo(world)
        assert [queries(path) for path in paths] == few
        assert few[0] <= 44, "savepoints of the test's own transaction included"


class TestWork:
    def test_taking_is_undone_by_the_toast(self, world: World) -> None:
        todo, client = make_todo(world), client_of(world.gao)
        said = client.post(f"/todo/{todo}/take/", follow=True).content.decode()
        assert f'action="/todo/{todo}/release/"' in said
        assert access_todo(world.gao, todo).holder == "高明远"
        client.post(f"/todo/{todo}/release/")
        assert access_todo(world.gao, todo).holder == ""

    def test_it_is_handed_to_a_colleague_of_the_list(self, world: World) -> None:
        todo, lin, client = make_todo(world), colleague(world), client_of(world.gao)
        assert "林晓薇" in text_of(client, f"/todo/{todo}/")
        client.post(f"/todo/{todo}/hand/", {"to": str(lin.person)})
        assert access_todo(lin, todo).holder == "林晓薇"
        said = client.post(f"/todo/{todo}/hand/", {"to": "nobody"}, follow=True).content.decode()
        assert "这位同事没有办这件事的权限" in said

    def test_nonsense_days_are_refused_in_words(self, world: World) -> None:
        todo, client = make_todo(world), client_of(world.gao)
        for day in ("", "2026-02-31", "1999-01-01"):
            said = client.post(f"/todo/{todo}/snooze/", {"until": day}, follow=True).content.decode()
            assert "请选明天以后、截止日以前的一天" in said

    def test_what_is_marked_done_comes_back_by_undo(self, world: World) -> None:
        todo, client = make_todo(world, "roster.correct", name="园区.xlsx", n=3), client_of(world.gao)
        said = client.post(f"/todo/{todo}/done/", follow=True).content.decode()
        assert f'action="/todo/{todo}/again/"' in said
        assert "高明远" in text_of(client, "/todo/?show=done")
        client.post(f"/todo/{todo}/again/")
        assert "园区.xlsx" in text_of(client, "/todo/")

    def test_strangers_find_nothing(self, world: World) -> None:
        todo, client = make_todo(world), client_of(world.lin)
        for path in ("", "go/"):
            assert client.get(f"/todo/{todo}/{path}").status_code == 404
        for verb in ("take", "release", "hand", "snooze", "done", "again"):
            assert client.post(f"/todo/{todo}/{verb}/").status_code == 404

    def test_a_link_to_another_organisations_to_do_switches_to_it_for_who_belongs_there(
        self, world: World
    ) -> None:
        todo, client = make_todo(world), client_of(world.gao)
        with acting(org=world.yuanda.id):
            Membership.objects.create(org_id=world.yuanda.id, person_id=world.gao.person, role=Role.OWNER)
        client.post("/join/switch/", {"organisation": str(world.yuanda.id)})
        assert client.get(f"/todo/{todo}/").status_code == 404
        answer = client.get(f"/todo/{todo}/go/", follow=True)
        assert answer.redirect_chain[-1][0].startswith("/claims/")

    def test_somebody_without_an_organisation_sees_her_invitation_and_accepts_it(self, world: World) -> None:
        person = make_person("范晓", email="fan@example.cn")
        invitation = invite_person(world.lin, role=Role.CLERK, contact=Contact("email", "fan@example.cn"))
        settle(operator_service_for(world.chunhui.id), "invitation.accept", invitation.id)
        client = client_of(Actor(person.id, None))
        path = f"/join/invitations/{world.chunhui.id}/{invitation.id}/"
        assert path in text_of(client, "/todo/")
        assert client_of(world.wu).get(path).status_code == 404, "it is hers alone"
        assert client_of(world.wu).post(path).status_code == 404
        assert client.post(path).status_code == 302
        with acting(org=world.chunhui.id):
            assert Membership.objects.get(person_id=person.id).role == Role.CLERK


class TestLinks:
    def test_every_kind_that_is_decided_by_link_has_an_act_and_no_other(self) -> None:
        assert set(ACTS) == {code for code, kind in KINDS.items() if kind.link is LinkPurpose.DECIDE}
        assert {code for code, act in ACTS.items() if act.again} == {
            code for code in ACTS if not KINDS[code].once
        }

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_looking_shows_one_button_and_does_nothing(self, world: World, language: str) -> None:
        path = link_path(world, world.chunhui.id, old_agreement(world), world.lin.person)
        client = Client()
        client.cookies["django_language"] = language
        for _ in range(3):
            answer = client.get(path)
        said = answer.content.decode()
        assert answer.status_code == 200
        assert said.count('class="btn btn-primary"') == 1
        assert ("接受新版约定" if language == "zh-hans" else "Accept the new edition") in said
        assert answer["X-Robots-Tag"] == "noindex"
        assert "no-store" in answer["Cache-Control"]
        assert client.head(path).status_code == 200
        with acting(org=world.chunhui.id):
            assert Agreement.objects.count() == 1

    def test_it_speaks_the_language_she_chose_unless_this_browser_has_its_own(self, world: World) -> None:
        Preference.objects.create(person_id=world.lin.person, language="en")
        path = link_path(world, world.chunhui.id, old_agreement(world), world.lin.person)
        assert "Accept the new edition" in text_of(Client(), path)
        chinese = Client()
        chinese.cookies["django_language"] = "zh-hans"
        assert "接受新版约定" in text_of(chinese, path)

    def test_posting_does_it_as_that_person_without_signing_in_and_once(self, world: World) -> None:
        path = link_path(world, world.chunhui.id, old_agreement(world), world.lin.person)
        client = Client()
        answer = client.post(path, follow=True)
        assert answer.redirect_chain == [("/t/done/", 302)]
        assert "给看的内容不变" in answer.content.decode()
        with acting(org=world.chunhui.id):
            now = Agreement.objects.get(org_id=world.chunhui.id, withdrawn_at=None)
        assert (now.accepted_by_id, now.shows) == (world.lin.person_id, ["barrel"])
        assert client.post(path).status_code == client.get(path).status_code == 404
        assert client.get("/barrel/").status_code == 302, "it signs nobody in"

    def test_duplicates_are_decided_one_after_the_other(self, world: World, tmp_path: Any) -> None:
        roster = import_list(world.gao, write(tmp_path, "park.csv", PARK))
        settle(operator_service_for(world.operator.id), "duplicate.decide", roster.id)
        [todo] = [card for card in list_todos(world.gao) if card.kind == "duplicate.decide"]
        path, client = link_path(world, world.operator.id, todo.id, world.gao.person), Client()
        [pair] = list_pairs(world.gao)
        said = text_of(client, path)
        assert "绍兴柯桥华鹰织造有限公司" in said
        assert "绍兴柯桥华英织造厂" in said
        assert client.post(path, {"pair": str(new_id()), "verdict": "merge"}).status_code == 404
        answer = client.post(path, {"pair": str(pair.id), "verdict": "apart"})
        assert (answer.status_code, answer["Location"]) == (302, path)
        assert list_pairs(world.gao) == []
        assert "都判断完了" in text_of(client, path)

    def test_what_may_only_be_opened_leads_to_signing_in(self, world: World) -> None:
        todo = make_todo(world)
        path, client = link_path(world, world.operator.id, todo, world.gao.person), Client()
        said = text_of(client, path)
        assert f"next=%2Ftodo%2F{todo}%2Fgo%2F" in said
        assert "<form" not in said.split("<main")[1].split("</main>")[0]
        assert client.post(path).status_code == 404

    def test_a_link_that_ended_or_was_made_up_says_so(self, world: World) -> None:
        todo = make_todo(world)
        path = link_path(world, world.operator.id, todo, world.gao.person)
        with acting(org=world.operator.id):
            Todo.objects.filter(id=todo).update(state="dropped", closed_at=Now())
            assert TapLink.objects.filter(todo_id=todo, withdrawn_at=None).count() == 0
        for gone in (path, "/t/made-up/"):
            answer = Client().get(gone)
            assert answer.status_code == 404
            assert "这个链接已失效" in answer.content.decode()

    def test_guessing_is_slowed_down(self, world: World, settings: Any) -> None:
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
        settings.ACCOUNT_RATE_LIMITS = {"tap": "3/m/ip"}
        client = Client()
        said = [client.get("/t/made-up/").status_code for _ in range(5)]
        assert said[:3] == [404] * 3
        assert said[-1] == 429


class TestRail:
    @pytest.mark.parametrize("kind", list(Kind))
    def test_it_has_at_most_nine_entries_and_begins_with_the_to_dos(self, kind: Kind) -> None:
        everything = rights_of(roles_for([kind]), [kind])
        actor = Actor(new_id(), new_id(), everything, frozenset({kind}), frozenset(roles_for([kind])))
        entries = entries_for(actor)
        assert entries[0].url == "/todo/"
        assert len(entries) <= 9
        may = [e for e in RAIL if not e.right or any(map(actor.may, e.right.split()))]
        later = [entry for entry in may if entry.kinds is None or entry.kinds & actor.kinds]
        assert len(later) <= 9, "also once the addresses that are to come are there"

    def test_one_entry_holds_the_pages_of_outreach_and_its_tabs_lead_to_them(self, world: World) -> None:
        client = client_of(world.gao)
        for path in ("/rosters/", "/claims/"):
            said = text_of(client, path)
            assert (
                '<a href="/growth/" aria-current="page">'
                in said.split('class="rail"')[1].split("</aside>")[0]
            )
            tabs = said.split('class="tabs"')[1].split("</nav>")[0]
            assert '<a href="/claims/"' in tabs
            assert f'<a href="{path}" aria-current="page">' in tabs

    def test_members_are_a_tab_for_operators_and_an_entry_for_firms(self, world: World) -> None:
        rails = {}
        for actor in (world.gao, world.lin):
            said = text_of(client_of(actor), "/members/")
            rails[actor] = said.split('class="rail"')[1].split("</nav>")[0]
        assert "/members/" not in rails[world.gao]
        assert "/members/" in rails[world.lin]

    def test_the_phones_bar_has_home_work_and_to_dos(self, world: World) -> None:
        said = text_of(client_of(world.gao), "/todo/")
        bar = said.split('class="bottombar"')[1].split("</nav>")[0]
        assert [href for href in ("/", "/cluster/firms/", "/todo/") if f'href="{href}"' in bar] == [
            "/",
            "/cluster/firms/",
            "/todo/",
        ]


@pytest.mark.parametrize("kind", [Kind.BANK, Kind.ASSOCIATION, Kind.GOVERNMENT, Kind.PROVIDER, Kind.CITY])
def test_every_home_shows_what_waits(world: World, kind: Kind) -> None:
    firm = make_firm("某单位", kind)
    owner = join(make_person("某人", email="x@example.cn"), firm, Role.OWNER)
    waiting = Waiting(firm.id, new_id(), timezone.now(), params={"firm": str(world.lin.person_id)})
    settle_todo(
        operator_service_for(firm.id), kind="mandate.ending", subject=waiting.subject, look=lambda: waiting
    )
    answer = client_of(owner).get("/", follow=True)
    assert "快到期了" in answer.content.decode()
    assert Person.objects.filter(id=owner.person_id).exists()


@pytest.mark.parametrize("kind", list(KINDS.values()), ids=lambda kind: kind.code)
def test_the_address_of_every_kind_is_there(kind: Any) -> None:
    values = {"id": new_id(), "subject": new_id(), "firm": new_id(), "code": "agreement.defaults"}
    address = kind.url.split("?")[0].format(**values)
    try:
        resolve(address)
    except Resolver404:
        pytest.fail(address)
