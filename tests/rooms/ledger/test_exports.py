"""Exports: hledger and beancount themselves read our books and check our balances against their own sums."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from staveworks.foundation.ledger.exporting import Format, book_text, read_book, read_whole_book
from staveworks.foundation.ledger.types import AccountKind
from staveworks.foundation.ledger.usecases.post_transfers import post_transfers
from staveworks.foundation.ledger.usecases.reverse_transfer import reverse_transfer
from staveworks.foundation.parties.types import RightMissing
from staveworks.kit.ids import new_id
from tests.books import account, fund, payment, transfer
from tests.database import Clone
from tests.world import World, make_world

FORMATS = list(Format)


@pytest.fixture
def traded(db: None) -> World:
    return trade(make_world())


def trade(world: World) -> World:
    """Payments over two months, one reversed, one pending, and an organisation whose name holds quotes."""
    fund(world.lin, 100_000, day=date(2026, 10, 20))
    post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 27_200, day=date(2026, 10, 31))])
    wrong = payment(world.lin, world.wu, 5, day=date(2026, 11, 2))
    post_transfers(world.lin, transfers=[wrong, payment(world.lin, world.wu, 333, day=date(2026, 11, 3))])
    reverse_transfer(world.lin, transfer_id=wrong.id, reversal_id=new_id(), day=date(2026, 11, 4))
    post_transfers(world.lin, transfers=[payment(world.lin, world.wu, 9, pending=True)])
    claim, income = (
        account(world.gao, AccountKind.RECEIVABLE, world.wu),
        account(world.gao, AccountKind.FEE_INCOME),
    )
    post_transfers(world.gao, transfers=[transfer((claim, 816), (income, -816), kind='say "fee"')])
    return world


def check(text: str, form: Format, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the program says of ``text``. Skips where hledger, a Debian package, isn't installed."""
    file = folder / f"books.{form.suffix}"
    file.write_text(text, encoding="utf-8")
    if form == Format.HLEDGER:
        if not shutil.which("hledger"):
            pytest.skip("hledger isn't installed (Debian: apt install hledger)")
        command = ["hledger", "-f", str(file), "check", "--strict", "ordereddates"]
    else:
        command = [str(Path(sys.executable).parent / "bean-check"), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_the_program_accepts_the_books_of_each_party(traded: World, form: Format, tmp_path: Path) -> None:
    for actor in (traded.lin, traded.wu, traded.gao):
        text = book_text(read_book(actor), form)
        done = check(text, form, tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "272.00 CNY" in book_text(read_book(traded.wu), form)
    assert "0.09" not in book_text(read_book(traded.lin), form), "what is pending doesn't count"


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_the_program_refuses_a_balance_that_was_tampered_with(
    traded: World, form: Format, tmp_path: Path
) -> None:
    text = book_text(read_book(traded.wu), form)
    assert text.count(" 275.33 ") == 1
    assert check(text.replace(" 275.33 ", " 275.34 "), form, tmp_path).returncode != 0


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_books_without_a_transfer_are_accepted(db: None, form: Format, tmp_path: Path) -> None:
    world = make_world()
    assert check(book_text(read_book(world.lin), form), form, tmp_path).returncode == 0
    account(world.lin, AccountKind.RECEIVABLE, world.wu)
    assert check(book_text(read_book(world.lin), form), form, tmp_path).returncode == 0


@pytest.mark.parametrize("form", FORMATS, ids=str)
def test_the_books_of_all_are_accepted_together(committed: Clone, form: Format, tmp_path: Path) -> None:
    world = trade(make_world())
    book = read_whole_book()
    assert len({name.name.split(":")[1] for name in book.accounts}) == 3, "whose they are"
    assert check(book_text(book, form), form, tmp_path).returncode == 0
    assert read_whole_book(world.yuanda.id).accounts == read_book(world.wu).accounts


def test_nobody_exports_without_the_right(traded: World) -> None:
    with pytest.raises(RightMissing):
        read_book(traded.lin.narrowed_to(frozenset()))
