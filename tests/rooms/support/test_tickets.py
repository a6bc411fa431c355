"""A question and its answer, seen by both sides and by nobody else."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor, RightMissing
from staveworks.foundation.support.domain import LONGEST, clean_page, first_line
from staveworks.foundation.support.models import Entry, Ticket
from staveworks.foundation.support.queries import access_ticket, count_turns, list_tickets
from staveworks.foundation.support.types import (
    State,
    TextMissing,
    TextTooLong,
    TicketClosed,
    TicketNotFound,
    TooManyTickets,
)
from staveworks.foundation.support.usecases.open_ticket import A_DAY, open_ticket
from staveworks.foundation.support.usecases.write_entry import close_ticket, write_entry
from tests.world import World, make_person, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_a_question_waits_for_the_operator_and_its_answer_for_the_asker(world: World) -> None:
    ticket = open_ticket(world.lin, text="目标怎么改？\n找不到按钮。", page="/barrel/")
    assert (count_turns(world.gao), count_turns(world.lin)) == (1, 0)
    write_entry(world.gao, ticket_id=ticket, text="在诊断页右上角。")
    assert (count_turns(world.gao), count_turns(world.lin)) == (0, 1)
    ours, theirs = access_ticket(world.lin, ticket), access_ticket(world.gao, ticket)
    assert [(entry.person, entry.by_operator) for entry in ours.entries] == [
        ("林春晖", False),
        ("高明远", True),
    ]
    assert ours.entries == theirs.entries
    assert (ours.card.first, ours.card.page, ours.desk, theirs.desk) == (
        "目标怎么改？",
        "/barrel/",
        False,
        True,
    )


def test_colleagues_see_it_and_another_firm_does_not(world: World) -> None:
    ticket = open_ticket(world.lin, text="?")
    assert access_ticket(world.zhou, ticket).card.id == ticket
    with pytest.raises(TicketNotFound):
        access_ticket(world.wu, ticket)
    with pytest.raises(TicketNotFound):
        write_entry(world.wu, ticket_id=ticket, text="我也想知道")
    assert list_tickets(world.wu) == []


def test_somebody_without_a_firm_asks_for_herself(world: World) -> None:
    nobody, other = (Actor(make_person(name, phone=phone).id, None) for name, phone in PEOPLE)
    ticket = open_ticket(nobody, text="我的厂不在名册里")
    assert [card.id for card in list_tickets(world.gao)] == [ticket]
    write_entry(world.gao, ticket_id=ticket, text="请直接登记。")
    assert access_ticket(nobody, ticket).card.state == State.ANSWERED
    assert (count_turns(nobody), count_turns(other)) == (1, 0)
    with pytest.raises(TicketNotFound):
        access_ticket(other, ticket)


PEOPLE = [("孙立", "+8613900000001"), ("钱多", "+8613900000002")]


def test_a_viewer_of_the_operator_does_not_answer(world: World) -> None:
    ticket = open_ticket(world.lin, text="?")
    with pytest.raises(RightMissing):
        write_entry(world.shen, ticket_id=ticket, text="好")


def test_a_closed_ticket_is_opened_by_writing_and_not_closed_twice(world: World) -> None:
    ticket = open_ticket(world.lin, text="?")
    close_ticket(world.lin, ticket_id=ticket)
    with pytest.raises(TicketClosed):
        close_ticket(world.gao, ticket_id=ticket)
    write_entry(world.lin, ticket_id=ticket, text="还是不行")
    assert access_ticket(world.gao, ticket).card.state == State.OPEN


@pytest.mark.parametrize(
    ("text", "error"), [("  \n ", TextMissing), ("字" * (LONGEST + 1), TextTooLong)], ids=["blank", "long"]
)
def test_a_text_that_says_nothing_or_too_much_is_refused_at_its_field(
    world: World, text: str, error: type[TextMissing]
) -> None:
    with pytest.raises(error) as refused:
        open_ticket(world.lin, text=text)
    assert refused.value.field == "text"
    assert open_ticket(world.lin, text="字" * LONGEST)


def test_the_twenty_first_question_of_a_day_is_refused(world: World) -> None:
    for number in range(A_DAY):
        open_ticket(world.lin, text=f"第 {number} 问")
    with pytest.raises(TooManyTickets):
        open_ticket(world.lin, text="再问")
    assert open_ticket(world.zhou, text="同事还可以问")


def test_a_page_of_another_site_is_not_kept() -> None:
    kept = [clean_page(page) for page in ("/barrel/?a=1", "//evil.example/", "https://evil.example/", "/\\x")]
    assert kept == ["/barrel/?a=1", "", "", ""]
    assert first_line("字" * 90) == "字" * 79 + "…"


def test_what_was_written_stays_and_a_ticket_cannot_be_deleted(world: World) -> None:
    ticket = open_ticket(world.lin, text="?")
    for change, sql in (
        ("update", "UPDATE support_entry SET text = 'x'"),
        ("delete", "DELETE FROM support_ticket"),
    ):
        with (
            pytest.raises((IntegrityError, ProgrammingError)),
            transaction.atomic(),
            acting(org=world.chunhui.id, person=world.lin.person_id),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
        assert change
    with acting(org=world.chunhui.id):
        assert Entry.objects.get(ticket_id=ticket).text == "?"


def test_nobody_writes_into_a_ticket_she_cannot_see(world: World) -> None:
    ticket = open_ticket(world.lin, text="?")
    with pytest.raises(ProgrammingError), transaction.atomic(), acting(org=world.yuanda.id):
        Entry.objects.create(ticket_id=ticket, by_operator=True, text="假的答复")
    with acting(org=world.yuanda.id):
        assert not Ticket.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "关于这一页"), ("en", "About this page")])
def test_a_question_from_a_page_is_answered_in_the_browser(world: World, language: str, words: str) -> None:
    owner, desk = browser(world.lin, language), browser(world.gao, language)
    assert 'href="/support/ask/?from=/barrel/"' in owner.get("/barrel/").content.decode()
    assert 'name="page" value="/barrel/"' in owner.get("/support/ask/?from=/barrel/").content.decode()
    made = owner.post("/support/ask/", {"text": "<b>目标</b>怎么改？", "page": "/barrel/"})
    page = desk.get(made["Location"]).content.decode()
    assert words in page
    assert 'href="/barrel/"' not in page.split('class="thread"')[0].split(words)[1], (
        "the desk may not open it"
    )
    assert 'href="/barrel/"' in owner.get(made["Location"]).content.decode()
    assert "&lt;b&gt;目标&lt;/b&gt;怎么改？" in page
    assert desk.post(made["Location"], {"text": " "}).status_code == 422
    assert desk.post(made["Location"], {"text": "在右上角。"}).status_code == 302
    assert "在右上角。" in owner.get(made["Location"]).content.decode()
    assert browser(world.wu, language).get(made["Location"]).status_code == 404


def browser(actor: Actor, language: str) -> Client:
    client = Client(headers={"accept-language": language})
    from staveworks.foundation.parties.models import Person

    client.force_login(
        Person.objects.get(id=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return client
