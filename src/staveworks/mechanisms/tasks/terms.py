"""What an offer that is delivered by a form says of itself: ``terms`` of its version, as its provider wrote them.

    {"kind": "test", "tests": [{"code": "force", "item": {"zh": "断裂强力", "en": "Breaking force"}, "method": "GB/T 3923.1-2013"}],
     "most_samples": 20, "retention_days": 30, "rush": {"ratio": "0.5", "days": 1}}

    {"kind": "stock", "stock": "…"}    goods from stock: the id of what the provider keeps (``usecases/keep_stock.py``)

    {"kind": "subscription", "period": "month", "notice_days": 30}    month or quarter; the price is one period's

Nothing at all: a service that is ordered by the offer's own form. Such a service, and tests, may be limited to so many units a week:

    {"weekly": "…"}    the id of the provider's weekly capacity (``usecases/keep_weekly.py``), of all offers that name it together
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.types.results import Method
from staveworks.mechanisms.tasks.types.subscriptions import Period

NO_TERMS = Text(zh="这种交付方式没有这一项。", en="This way of delivery has no such entry.")
NO_KIND = Text(
    zh="种类只能是 test（检测）、stock（现货）或 subscription（订阅）。",
    en="The kind can only be test, stock or subscription.",
)
NO_PERIOD = Text(zh="周期是 month（月）或 quarter（季度）。", en="A period is a month or a quarter.")
NO_WEEKLY = Text(zh="先登记每周产能，再选它。", en="Record the weekly capacity first, then choose it.")
NO_STOCK = Text(zh="先登记库存，再选它。", en="Record the stock first, then choose it.")
NO_TESTS = Text(zh="至少列一项检测。", en="Name at least one test.")
NO_WORDS = Text(zh="中英文都要写，最多 120 字。", en="Write it in both languages, at most 120 characters.")
NO_METHOD = Text(zh="写明方法标准，最多 120 字。", en="Name the method, at most 120 characters.")
NO_CODE = Text(
    zh="代码各不相同，最多 40 个字母、数字。", en="Codes differ, of at most 40 letters and figures."
)
NO_NUMBER = Text(zh="应为 {least} 到 {most} 的整数。", en="A whole number from {least} to {most}.")
NO_RATIO = Text(
    zh="加急加价比例，大于 0，不超过 5。", en="The surcharge: more than 0, at most 5 times the price."
)

KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset({"weekly"}),
    "test": frozenset({"kind", "tests", "most_samples", "retention_days", "rush", "weekly"}),
    "stock": frozenset({"kind", "stock"}),
    "subscription": frozenset({"kind", "period", "notice_days"}),
}
EVERY = frozenset().union(*KEYS.values())
"""The entries of each kind, and of all."""


@dataclass(frozen=True, slots=True)
class Rush:
    """For a surcharge of ``ratio`` of the price it is done within ``days``."""

    ratio: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class TestTerms:
    """``retention_days``: how long samples are kept after the last report."""

    methods: tuple[Method, ...]
    most_samples: int
    retention_days: int
    rush: Rush | None
    weekly_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """A service by the offer's own form, so many units a week."""

    weekly_id: UUID


@dataclass(frozen=True, slots=True)
class StockTerms:
    """Goods from stock."""

    stock_id: UUID


@dataclass(frozen=True, slots=True)
class SubscriptionTerms:
    """One price each period; a new one is announced ``notice_days`` ahead."""

    period: Period
    notice_days: int


type Terms = TestTerms | StockTerms | ServiceTerms | SubscriptionTerms


def read_terms(terms: Mapping[str, Any]) -> Terms | None:
    """None: a service by the offer's own form. Raises ``Invalid`` at the field that is wrong."""
    kind = terms.get("kind", "")
    known = KEYS.get(kind) if isinstance(kind, str) else None
    for key in terms:
        if key not in (known or EVERY):
            raise Invalid(NO_TERMS, field=key)
    if terms and known is None:
        raise Invalid(NO_KIND, field="kind")
    if kind == "stock":
        return StockTerms(_id(terms.get("stock"), "stock", NO_STOCK))
    if kind == "test":
        return _test(terms)
    if kind == "subscription":
        if terms.get("period") not in list(Period):
            raise Invalid(NO_PERIOD, field="period")
        return SubscriptionTerms(
            Period(terms["period"]), _whole(terms.get("notice_days", 30), "notice_days", 1, 365)
        )
    return ServiceTerms(_weekly(terms)) if "weekly" in terms else None


def _test(terms: Mapping[str, Any]) -> TestTerms:
    return TestTerms(
        methods=_methods(terms.get("tests")),
        most_samples=_whole(terms.get("most_samples", 20), "most_samples", 1, 200),
        retention_days=_whole(terms.get("retention_days", 30), "retention_days", 0, 3650),
        rush=_rush(terms.get("rush")),
        weekly_id=_weekly(terms) if terms.get("weekly") else None,
    )


def _weekly(terms: Mapping[str, Any]) -> UUID:
    return _id(terms.get("weekly"), "weekly", NO_WEEKLY)


def _id(said: Any, field: str, otherwise: Text) -> UUID:
    try:
        return UUID(str(said))
    except ValueError:
        raise Invalid(otherwise, field=field) from None


def _methods(said: Any) -> tuple[Method, ...]:
    if not isinstance(said, list) or not said:
        raise Invalid(NO_TESTS, field="tests")
    methods = tuple(_method(each, f"tests.{place}") for place, each in enumerate(said))
    codes = [each.code for each in methods]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            raise Invalid(NO_CODE, field=f"tests.{place}.code")
    return methods


def _method(said: Any, place: str) -> Method:
    entry = said if isinstance(said, dict) else {}
    code, item, method = entry.get("code"), entry.get("item"), entry.get("method")
    if not isinstance(code, str) or not code.replace("_", "").replace("-", "").isalnum() or len(code) > 40:
        raise Invalid(NO_CODE, field=f"{place}.code")
    words = item if isinstance(item, dict) else {}
    zh, en = clean(words.get("zh")), clean(words.get("en"))
    if not zh or not en or max(len(zh), len(en)) > 120:
        raise Invalid(NO_WORDS, field=f"{place}.item")
    name = clean(method)
    if not name or len(name) > 120:
        raise Invalid(NO_METHOD, field=f"{place}.method")
    return Method(code, Text(zh=zh, en=en), name)


def _rush(said: Any) -> Rush | None:
    if said is None:
        return None
    entry = said if isinstance(said, dict) else {}
    try:
        ratio = Decimal(str(entry.get("ratio")))
    except InvalidOperation:
        ratio = Decimal(0)
    if not ratio.is_finite() or not 0 < ratio <= 5:
        raise Invalid(NO_RATIO, field="rush.ratio")
    return Rush(ratio, _whole(entry.get("days"), "rush.days", 0, 365))


def _whole(said: Any, field: str, least: int, most: int) -> int:
    if not isinstance(said, int) or isinstance(said, bool) or not least <= said <= most:
        raise Invalid(NO_NUMBER.format(least=least, most=most), field=field)
    return said


def clean(said: Any) -> str:
    """Without blanks around and doubled inside: how items and methods are compared with a scope."""
    return " ".join(said.split()) if isinstance(said, str) else ""
