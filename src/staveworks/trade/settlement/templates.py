"""The posting templates, read from ``data/postings.yaml`` and checked: the one table that says what an event posts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import yaml

from staveworks.foundation.ledger.types import AccountKey, AccountKind
from staveworks.kit.data import data_file
from staveworks.kit.text import Text
from staveworks.trade.settlement.types import AMOUNTS, LineAmounts, Party

FILE = "postings.yaml"
TOWARDS = frozenset({AccountKind.RECEIVABLE, AccountKind.PAYABLE})


@dataclass(frozen=True, slots=True)
class TemplatePosting:
    """``terms``: amount → how often it counts, positive as debit, negative as credit; ``written``: as in the table."""

    books: Party
    account: AccountKind
    towards: Party | None
    terms: tuple[tuple[str, int], ...]
    debit: bool
    written: str

    def amount(self, amounts: LineAmounts) -> int:
        return sum(getattr(amounts, name) * times for name, times in self.terms)


@dataclass(frozen=True, slots=True)
class Template:
    """One event of business and its postings."""

    code: str
    title: Text
    text: Text
    postings: tuple[TemplatePosting, ...]


class TemplateFault(ValueError):
    """``postings.yaml`` can't be used: a word is unknown, or the books of a party don't balance."""


@cache
def templates() -> dict[str, Template]:
    """Code → template, in the order of the file. Raises ``TemplateFault``."""
    return read_templates(yaml.safe_load(data_file(FILE).read_text(encoding="utf-8")))


def read_templates(content: list[dict[str, Any]]) -> dict[str, Template]:
    """Raises ``TemplateFault``."""
    found = [_template(each) for each in content]
    return {template.code: template for template in found}


def _template(entry: dict[str, Any]) -> Template:
    code = entry["code"]
    try:
        postings = tuple(map(_posting, entry["postings"]))
    except (KeyError, ValueError) as error:
        raise TemplateFault(f"{code}: {error}") from error
    template = Template(code, Text(**entry["title"]), Text(**entry["text"]), postings)
    for party, sums in _sums(template).items():
        if any(sums.values()):
            raise TemplateFault(f"{code}: the books of {party} don't balance")
    return template


def _posting(entry: dict[str, str]) -> TemplatePosting:
    sides = [side for side in ("debit", "credit") if side in entry]
    if len(sides) != 1 or set(entry) - {"books", "account", "towards", *sides}:
        raise ValueError(f"one of debit and credit, and nothing else: {entry}")
    account = AccountKind(entry["account"])
    towards = Party(entry["towards"]) if "towards" in entry else None
    if (towards is not None) != (account in TOWARDS):
        raise ValueError(f"{account} is kept per counterparty, others are not: {entry}")
    debit, written = sides == ["debit"], entry[sides[0]]
    terms = tuple((name, times if debit else -times) for name, times in _terms(written))
    return TemplatePosting(Party(entry["books"]), account, towards, terms, debit, written)


def _terms(written: str) -> list[tuple[str, int]]:
    """``price - voucher`` as [(price, 1), (voucher, -1)]."""
    words = written.replace("+", " + ").replace("-", " - ").split()
    if len(words) % 2 == 0:
        raise ValueError(f"not an amount: {written}")
    terms = []
    for sign, name in zip(["+", *words[1::2]], words[::2], strict=True):
        if name not in AMOUNTS or sign not in "+-":
            raise ValueError(f"not an amount: {written}")
        terms.append((name, 1 if sign == "+" else -1))
    return terms


def _sums(template: Template) -> dict[Party, Counter[str]]:
    """What each party's postings come to, as a sum of amounts: nothing, whatever the amounts are."""
    sums: dict[Party, Counter[str]] = {}
    for posting in template.postings:
        for name, times in posting.terms:
            sums.setdefault(posting.books, Counter())[name] += times
    return sums


def fill(
    template: Template, parties: Mapping[Party, UUID], amounts: LineAmounts
) -> list[tuple[AccountKey, int]]:
    """The accounts and amounts of ``template``; what comes to 0 is left out, and with it parties that don't take part."""
    return [
        (
            AccountKey(
                parties[posting.books],
                posting.account,
                parties[posting.towards] if posting.towards else None,
            ),
            posting.amount(amounts),
        )
        for posting in template.postings
        if posting.amount(amounts)
    ]
