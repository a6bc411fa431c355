"""Public words of the room: kinds of accounts, what a transfer is, what is read, what is refused.

Amounts are whole minor units (fen) of a currency; a debit is positive, a credit negative.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.money import CNY
from staveworks.kit.text import Text


class Class(StrEnum):
    """The five classes of accounts, by their names in hledger and beancount."""

    ASSETS = "Assets"
    LIABILITIES = "Liabilities"
    EQUITY = "Equity"
    INCOME = "Income"
    EXPENSES = "Expenses"


class AccountKind(StrEnum):
    """What stands on an account."""

    BANK = "bank"
    RECEIVABLE = "receivable"
    ADVANCE_PAID = "advance_paid"
    PAYABLE = "payable"
    ADVANCE_RECEIVED = "advance_received"
    CLIENT_MONEY = "client_money"
    TAX_IN = "tax_in"
    TAX_OUT = "tax_out"
    EQUITY = "equity"
    SALES = "sales"
    FEE_INCOME = "fee_income"
    SUBSIDY_INCOME = "subsidy_income"
    PENALTY_INCOME = "penalty_income"
    PURCHASES = "purchases"
    FEE_EXPENSE = "fee_expense"
    SUBSIDY_EXPENSE = "subsidy_expense"
    PENALTY_EXPENSE = "penalty_expense"

    @property
    def text(self) -> Text:
        return CHART[self].text

    @property
    def of(self) -> Class:
        return CHART[self].of


@dataclass(frozen=True, slots=True)
class ChartEntry:
    """One line of the chart of accounts. ``customers_money``: a debt for money that belongs to customers."""

    of: Class
    text: Text
    customers_money: bool = False


def _line(of: Class, zh: str, en: str, *, customers_money: bool = False) -> ChartEntry:
    return ChartEntry(of, Text(zh=zh, en=en), customers_money)


CHART = {
    AccountKind.BANK: _line(Class.ASSETS, "银行存款", "Money at the bank"),
    AccountKind.RECEIVABLE: _line(Class.ASSETS, "应收账款", "Receivable"),
    AccountKind.ADVANCE_PAID: _line(Class.ASSETS, "预付账款", "Paid in advance"),
    AccountKind.PAYABLE: _line(Class.LIABILITIES, "应付账款", "Payable"),
    AccountKind.ADVANCE_RECEIVED: _line(
        Class.LIABILITIES, "预收账款", "Received in advance", customers_money=True
    ),
    AccountKind.CLIENT_MONEY: _line(Class.LIABILITIES, "代管款项", "Clients' money", customers_money=True),
    AccountKind.TAX_IN: _line(Class.ASSETS, "应交税费·进项税额", "Input tax"),
    AccountKind.TAX_OUT: _line(Class.LIABILITIES, "应交税费·销项税额", "Output tax"),
    AccountKind.EQUITY: _line(Class.EQUITY, "所有者权益", "Owner's equity"),
    AccountKind.SALES: _line(Class.INCOME, "主营业务收入", "Sales"),
    AccountKind.FEE_INCOME: _line(Class.INCOME, "平台服务费收入", "Platform fee earned"),
    AccountKind.SUBSIDY_INCOME: _line(Class.INCOME, "政府补助", "Subsidy received"),
    AccountKind.PENALTY_INCOME: _line(Class.INCOME, "违约金收入", "Penalty received"),
    AccountKind.PURCHASES: _line(Class.EXPENSES, "采购成本", "Purchases"),
    AccountKind.FEE_EXPENSE: _line(Class.EXPENSES, "平台服务费", "Platform fee"),
    AccountKind.SUBSIDY_EXPENSE: _line(Class.EXPENSES, "补贴支出", "Subsidy paid"),
    AccountKind.PENALTY_EXPENSE: _line(Class.EXPENSES, "违约金支出", "Penalty paid"),
}
"""The chart of accounts, in the order of a trial balance."""

CUSTOMERS_MONEY = tuple(kind for kind, entry in CHART.items() if entry.customers_money)
"""What an operator may never owe."""
ORDER = {kind: place for place, kind in enumerate(CHART)}


class State(StrEnum):
    """``pending`` holds what it would take; ``posted`` counts; ``voided`` never did."""

    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class AccountKey:
    """Which account: of whom, of what kind, towards whom, in which currency. There is one of each."""

    org_id: UUID
    kind: AccountKind
    counterparty_id: UUID | None = None
    currency: str = CNY


@dataclass(frozen=True, slots=True)
class Posting:
    """``amount`` minor units on one account: debit positive, credit negative, never 0."""

    account_id: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that moves between accounts, at least two; of each organisation the postings sum to 0 in each currency.

    ``id`` is made by whoever asks (UUIDv7) and is the key by which a repetition is known. ``kind`` names the posting template,
    ``subject`` what it is about (an order line), ``rules`` the versions of rules that set the amounts, ``day`` the day on
    which it counts.
    """

    id: UUID
    kind: str
    day: date
    postings: tuple[Posting, ...]
    subject: UUID
    rules: tuple[str, ...] = ()
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """A transfer as it stands. ``replayed``: it was there before, with the same content."""

    id: UUID
    state: State
    day: date
    replayed: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one chain of a batch: its transfers, or why none of them stands."""

    done: tuple[Done, ...] = ()
    refused: "LedgerRefusal | None" = None


@dataclass(frozen=True, slots=True)
class Account:
    """``balance`` counts what is posted, ``held`` what pending transfers would take; ``balance - held`` never falls below
    ``floor`` (None: no floor). ``counterparty``: towards whom, where the kind has one."""

    id: UUID
    org_id: UUID
    kind: AccountKind
    counterparty_id: UUID | None
    counterparty: Text | None
    currency: str
    balance: int
    held: int
    floor: int | None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting of a statement; ``balance`` is the account's after it."""

    transfer_id: UUID
    day: date
    kind: str
    subject_id: UUID
    amount: int
    balance: int
    reverses_id: UUID | None

    @property
    def debit(self) -> int | None:
        return self.amount if self.amount > 0 else None

    @property
    def credit(self) -> int | None:
        return -self.amount if self.amount < 0 else None


@dataclass(frozen=True, slots=True)
class Statement:
    """What an account moved in a month: from ``opening`` by ``debits`` and ``credits`` (both ≥ 0) to ``closing``."""

    account: Account
    month: date
    opening: int
    debits: int
    credits: int
    lines: tuple[StatementLine, ...]
    count: int

    @property
    def net(self) -> int:
        return self.debits - self.credits

    @property
    def closing(self) -> int:
        return self.opening + self.net


@dataclass(frozen=True, slots=True)
class TrialLine:
    """One account of a month's trial balance, from its postings and not as stored: ``opening`` before the month, then what it
    moved by ``debits`` and ``credits`` (both ≥ 0)."""

    account: Account
    opening: int
    debits: int
    credits: int

    @property
    def closing(self) -> int:
        return self.opening + self.debits - self.credits


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the books don't agree with themselves; ``subject_id`` is the account, transfer or closing that is named."""

    subject_id: UUID
    text: Text


@dataclass(frozen=True, slots=True)
class Audit:
    """What replaying the whole ledger from zero found."""

    accounts: int
    transfers: int
    drifts: tuple[Drift, ...] = field(default_factory=tuple)

    @property
    def ok(self) -> bool:
        return not self.drifts


@dataclass(frozen=True, slots=True)
class Closing:
    """The books are closed through ``through``: so many transfers counted until then, moving ``turnover`` (sum of debits)
    in each currency."""

    id: UUID
    through: date
    transfers: int
    turnover: Mapping[str, int]


class LedgerRefusal:
    """What the database's own guards refuse, whichever of the five kinds of error it is."""


class Unbalanced(Invalid, LedgerRefusal):
    text = Text(
        zh="一笔账至少两条分录；每家单位、每个币种的借贷要相等，同一账户只记一条。",
        en="A transfer has at least two postings, one an account; of each organisation they sum to 0 in each currency.",
    )


class TransferIdUsed(Invalid, LedgerRefusal):
    text = Text(
        zh="这个编号已用于另一笔账。请换一个新的。",
        en="This id was used for another transfer. Take a new one.",
    )


class CurrencyUnknown(Invalid, LedgerRefusal):
    text = Text(zh="不支持这个币种。", en="This currency isn't kept here.")


class NotAMonth(Invalid):
    title = Text(zh="月份不对", en="Not a month")
    text = Text(zh="月份写作 2026-11。", en="Write the month as 2026-11.")


class DayInvalid(Invalid):
    text = Text(zh="只能结到已经过去的日子。", en="Books can be closed only through a day that is over.")


class AccountNotFound(NotFound, LedgerRefusal):
    text = Text(zh="没有这个账户，或您看不到它。", en="No such account, or none you can see.")


class TransferNotFound(NotFound, LedgerRefusal):
    text = Text(zh="没有这笔账，或您看不到它。", en="No such transfer, or none you can see.")


class FloorReached(Refused, LedgerRefusal):
    text = Text(
        zh="余额不够：已扣除预留的金额，账户不能低于限额。",
        en="Not enough: counting what is held, the account may not fall below its limit.",
    )


class PeriodClosed(Refused, LedgerRefusal):
    text = Text(
        zh="这个日期已经结账，请记在结账日之后。",
        en="The books are closed for that day. Post it on a later one.",
    )


class ReversedAlready(Refused, LedgerRefusal):
    text = Text(zh="这笔账已经冲销过了。", en="This transfer is reversed already.")


class NotPosted(Refused, LedgerRefusal):
    text = Text(
        zh="只能冲销已入账的账，冲销本身不能再冲销。",
        en="Only a posted transfer that is no reversal itself can be reversed.",
    )


class NotPending(Refused, LedgerRefusal):
    text = Text(zh="这笔账已经入账或作废。", en="This transfer is posted or voided already.")


class ChainIncomplete(Refused, LedgerRefusal):
    text = Text(
        zh="这几笔账连在一起，只能一起入账或一起作废。",
        en="These transfers are chained: they are posted or voided together.",
    )


class CustomersMoney(Refused, LedgerRefusal):
    text = Text(
        zh="运营方不能欠客户的钱：平台不代管、不归集资金。",
        en="An operator can't owe customers' money: the platform never holds or pools it.",
    )


class ClosedAlready(Refused, LedgerRefusal):
    text = Text(zh="已经结账到这一天或更晚。", en="The books are closed through that day or a later one.")


class NotAParty(Refused, LedgerRefusal):
    text = Text(
        zh="本单位的账不在其中，不能代别人记账。",
        en="None of it is in your own books: nobody posts for others alone.",
    )
