"""The doors to the books: pages in both languages, the API, commands."""

import json
from datetime import date, timedelta
from io import BytesIO

import psycopg
import pytest
from click.testing import CliRunner
from django.test import Client
from openpyxl import load_workbook

from staveworks.cli.ledger import ledger
from staveworks.cli.verify import verify
from staveworks.foundation.ledger.types import AccountKind
from staveworks.foundation.ledger.usecases.post_transfers import post_transfers
from staveworks.foundation.ledger.usecases.reverse_transfer import reverse_transfer
from staveworks.foundation.parties.models import Person
from staveworks.foundation.parties.types import Actor
from staveworks.kit.ids import new_id
from tests.books import account, fund, payment
from tests.database import Clone
from tests.world import World, make_world

OCTOBER, NOVEMBER = date(2026, 10, 20), date(2026, 11, 3)


def client_of(actor: Actor, language: str = "zh-hans") -> Client:
    client = Client(headers={"accept-language": language})
    person = Person.objects.get(id=actor.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def trade(world: World) -> None:
    """In October 1,000 yuan came in; in November 272 were paid, 5 by mistake."""
    fund(world.lin, 100_000, day=OCTOBER)
    wrong = payment(world.lin, world.wu, 500, day=NOVEMBER)
    post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 27_200, day=NOVEMBER), wrong])
    reverse_transfer(world.lin, transfer_id=wrong.id, reversal_id=new_id(), day=NOVEMBER)
    post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 900, pending=True)])


@pytest.fixture
def world(db: None) -> World:
    return make_world()


class TestPages:
    def test_say_that_there_are_no_books_yet(self, world: World) -> None:
        assert "还没有账" in client_of(world.lin).get("/books/").content.decode()
        assert "No books yet" in client_of(world.lin, "en").get("/books/").content.decode()

    def test_show_the_months_of_all_accounts(self, world: World) -> None:
        trade(world)
        page = client_of(world.lin).get("/books/?month=2026-11").content.decode()
        for shown in ("银行存款", "应付账款 · 远达印染", "1,000.00", "277.00", "728.00", "2026-10"):
            assert shown in page
        october = client_of(world.lin, "en").get("/books/?month=2026-10").content.decode()
        assert "Money at the bank" in october
        assert "728.00" not in october
        assert "这个月没有账" in client_of(world.lin).get("/books/?month=2026-08").content.decode()

    def test_show_one_accounts_statement(self, world: World) -> None:
        trade(world)
        bank = account(world.lin, AccountKind.BANK)
        page = client_of(world.lin).get(f"/books/{bank}/?month=2026-11").content.decode()
        for shown in ("期初 ¥1,000.00，期末 ¥728.00", "预留 ¥9.00", "冲销", "2026-11-03", "本月合计（3 笔）"):
            assert shown in page
        foot = page[page.index("<tfoot>") :]
        assert "<small>期末余额</small><b>728.00</b>" in foot, "what stands at the end is no total"
        assert '<small class="only-narrow">−272.00</small>' in foot
        assert "没有发生额" in client_of(world.lin).get(f"/books/{bank}/?month=2026-09").content.decode()
        assert (
            "from ¥1,000.00 to ¥728.00"
            in client_of(world.lin, "en").get(f"/books/{bank}/?month=2026-11").content.decode()
        )

    def test_are_private(self, world: World) -> None:
        trade(world)
        bank = account(world.lin, AccountKind.BANK)
        for path in (f"/books/{bank}/", f"/books/{bank}/export.xlsx"):
            assert client_of(world.wu).get(path).status_code == 404
            assert client_of(world.lin).get(path).status_code == 200

    def test_give_the_statement_as_a_workbook(self, world: World) -> None:
        trade(world)
        bank = account(world.lin, AccountKind.BANK)
        answer = client_of(world.lin).get(f"/books/{bank}/export.xlsx?month=2026-11")
        rows = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert rows[-1][:5] == (None, "本月合计，期末余额", 5, 277, 728)

    def test_give_the_trial_balance_as_a_workbook_and_the_books_as_text(self, world: World) -> None:
        trade(world)
        client = client_of(world.lin, "en")
        rows = list(
            load_workbook(BytesIO(client.get("/books/export.xlsx?month=2026-11").content)).active.iter_rows(
                values_only=True
            )
        )
        assert rows[1] == ("Money at the bank", "CNY", 1000, 5, 277, 728, 9)
        assert sum(row[3] for row in rows[1:]) == sum(row[4] for row in rows[1:])
        journal = client.get("/books/export.hledger")
        assert "Assets:Bank" in journal.content.decode()
        assert 'filename="books.journal"' in journal["Content-Disposition"]
        assert client.get("/books/export.excel").status_code == 404

    def test_refuse_what_is_no_month(self, world: World) -> None:
        for month in ("2026-13", "november", "2026-1", "0000-01", "9999-12", "２０２６-11", "2026-11-01"):
            assert client_of(world.lin).get(f"/books/?month={month}").status_code == 422

    def test_let_the_operator_close_the_books(self, world: World) -> None:
        trade(world)
        operator, firm = client_of(world.gao), client_of(world.lin)
        assert "/books/close/" not in firm.get("/books/").content.decode()
        assert firm.get("/books/close/").status_code == 403
        tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011
        refused = operator.post("/books/close/", {"through": tomorrow.isoformat()})
        assert refused.status_code == 422
        assert "已经过去的日子" in refused.content.decode()
        assert tomorrow.isoformat() in refused.content.decode(), "what was entered stays"
        done = operator.post("/books/close/", {"through": "2026-10-31"}, follow=True).content.decode()
        assert "已结账到 2026-10-31，共 1 笔账" in done
        assert operator.post("/books/close/", {"through": "2026-10-01"}).status_code == 409
        assert "已结账到 2026-10-31" in firm.get("/books/?month=2026-11").content.decode()


class TestAPI:
    def test_lists_accounts_and_their_statement_page_by_page(self, world: World) -> None:
        trade(world)
        client = client_of(world.lin)
        listed = client.get("/api/v1/accounts").json()["items"]
        assert {each["kind"] for each in listed} == {"bank", "equity", "payable"}
        bank = next(each for each in listed if each["kind"] == "bank")
        assert (bank["balance"], bank["held"], bank["floor"]) == (72_800, 900, 0)
        assert client.get(f"/api/v1/accounts/{bank['id']}").json() == bank
        address, lines, cursor = f"/api/v1/accounts/{bank['id']}/statement?month=2026-11&limit=2", [], ""
        while cursor is not None:
            seen = client.get(address + (f"&cursor={cursor}" if cursor else "")).json()
            assert (seen["opening"], seen["debits"], seen["credits"], seen["closing"], seen["count"]) == (
                100_000, 500, 27_700, 72_800, 3,
            )  # fmt: skip
            lines += seen["lines"]
            cursor = seen["next"]
        assert sorted(line["amount"] for line in lines) == [-27_200, -500, 500]
        assert lines[-1]["balance"] == 72_800
        assert len({line["transfer"] for line in lines}) == 3

    def test_gives_the_trial_balance_and_the_books_as_text(self, world: World) -> None:
        trade(world)
        client = client_of(world.wu)
        trial = client.get("/api/v1/accounts/trial-balance?month=2026-11").json()
        assert sum(line["closing"] for line in trial["lines"]) == 0
        assert trial["months"] == ["2026-11"]
        text = client.get("/api/v1/accounts/export?format=beancount")
        assert text["Content-Type"].startswith("text/plain")
        assert " 272.00 CNY" in text.content.decode()

    def test_refuses_with_problems(self, world: World) -> None:
        trade(world)
        bank = account(world.lin, AccountKind.BANK)
        for caller, path, status in (
            (world.wu, f"/api/v1/accounts/{bank}", 404),
            (world.wu, f"/api/v1/accounts/{bank}/statement?month=2026-11", 404),
            (world.lin, f"/api/v1/accounts/{bank}/statement?month=2026-13", 422),
            (world.lin, f"/api/v1/accounts/{bank}/statement", 422),
        ):
            answer = client_of(caller).get(path)
            assert answer.status_code == status
            assert answer["Content-Type"] == "application/problem+json"

    def test_closes_the_books_once(self, world: World) -> None:
        trade(world)
        client = client_of(world.gao)

        def close(key: str) -> tuple[int, dict[str, object]]:
            headers = {"idempotency-key": key}
            answer = client.post(
                "/api/v1/closings",
                {"through": "2026-10-31"},
                content_type="application/json",
                headers=headers,
            )
            return answer.status_code, answer.json()

        first = close("a")
        assert first[0] == 201
        assert (first[1]["transfers"], first[1]["turnover"]) == (1, {"CNY": 100_000})
        assert close("a") == first
        assert close("b")[0] == 409
        assert client_of(world.lin).get("/api/v1/closings").json()["items"] == [first[1]]


def test_commands_export_the_books_and_name_the_account_that_drifted(
    committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    trade(world)
    monkeypatch.setattr("staveworks.cli.ledger.with_database", _as_it_is)
    monkeypatch.setattr("staveworks.cli.verify.with_database", _as_it_is)
    whole = CliRunner().invoke(ledger, ["export", "--format", "hledger"])
    assert whole.exit_code == 0
    assert "Assets:91330621MA2BX3K478:Bank" in whole.stdout
    one = CliRunner().invoke(
        ledger, ["export", "--format", "beancount", "--organisation", str(world.yuanda.id)]
    )
    assert 'option "title" "远达印染"' in one.stdout
    sound = CliRunner().invoke(verify, ["--json"])
    assert json.loads(sound.stdout)["ledger"] == {"ok": True, "accounts": 5, "transfers": 5, "drifts": []}
    bank = account(world.lin, AccountKind.BANK)
    with psycopg.connect(committed.urls.superuser) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("UPDATE ledger_account SET balance = balance + 1 WHERE id = %s", [bank])
    drifted = CliRunner().invoke(verify, [])
    assert drifted.exit_code == 1
    assert str(bank) in drifted.stdout


class _as_it_is:
    """The tests' database is connected already."""

    def __enter__(self) -> None: ...
    def __exit__(self, *args: object) -> None: ...
