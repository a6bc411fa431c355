"""Tasks behind the catalogue's port: what a buyer is asked, what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.goods import WHOLE, check_stock, goods_asked
from staveworks.mechanisms.tasks.models import Stock, Weekly
from staveworks.mechanisms.tasks.terms import (
    Rush,
    ServiceTerms,
    StockTerms,
    SubscriptionTerms,
    TestTerms,
    read_terms,
)
from staveworks.mechanisms.tasks.terms_form import terms_form
from staveworks.mechanisms.tasks.types.samples import Rest
from staveworks.mechanisms.tasks.weekly import WEEK_FIELD, check_weekly, week_asked
from staveworks.trade.catalogue.forms import closed_form, own_fields, own_needed
from staveworks.trade.catalogue.mechanisms import Buyer, PricePart, Quote
from staveworks.trade.catalogue.quoting import price_parts, quantity_asked, quantity_field, unit_of
from staveworks.trade.catalogue.requests import check_request
from staveworks.trade.catalogue.types import FixedPrice, OfferVersion, Price, QuantityInvalid

NOTE = {"type": "string", "maxLength": 1000, "x-zh": "说明", "x-en": "Note"}
ONE_PRICE = Text(zh="订阅是一口价，一期一价。", en="A subscription has one price for a period: a fixed one.")
BY_REPORTS = Text(
    zh="委托单交付的是报告：收样、录入结果后，在“样品与报告”里出报告。",
    en="A test order is delivered by its reports: receive the samples, record the results, then issue a report under "
    "“Samples and reports”.",
)
RUSHED = Text(zh="加急", en="Rush")
RUSH = Text(
    zh="加急（加 {percent}%，{n} 天出报告）",
    en="Rush (plus {percent} %, reported within {n} day)|Rush (plus {percent} %, reported within {n} days)",
)


class Tasks:
    """Ordered by a form, delivered within the lead time."""

    code = "task"
    name = Text(zh="填单办理", en="By form")
    has_calendar = False
    its_fields = ("quantity", "week", "samples", "tests", "rest", "rush", "note")

    def terms_form(self, *, provider: UUID) -> Mapping[str, Any]:
        stocks = Stock.objects.filter(org_id=provider).order_by("name")
        weekly = Weekly.objects.filter(org_id=provider).order_by("name")
        return terms_form(list(stocks), list(weekly))

    def check_terms(self, terms: Mapping[str, Any], *, provider: UUID, price: Price) -> None:
        read = read_terms(terms)
        if isinstance(read, StockTerms):
            check_stock(read, provider=provider, price=price)
        elif isinstance(read, TestTerms | ServiceTerms) and read.weekly_id is not None:
            check_weekly(read.weekly_id, provider=provider)
        elif isinstance(read, SubscriptionTerms) and not isinstance(price, FixedPrice):
            raise Invalid(ONE_PRICE, field="period")

    def form(self, version: OfferVersion) -> Mapping[str, Any]:
        """The offer's own form, with a note after it; before it the quantity, or what a test order asks."""
        terms = read_terms(version.content.terms or {})
        own = version.content.form
        tests = isinstance(terms, TestTerms)
        asked = test_fields(terms) if isinstance(terms, TestTerms) else quantity_field(version.content)
        if isinstance(terms, TestTerms | ServiceTerms) and terms.weekly_id:
            asked = asked | {"week": WEEK_FIELD}
        needed = [
            *(("samples", "tests") if tests else ()),
            *own_needed(own, its_fields=self.its_fields),
        ]
        note = NOTE | renewing(terms) if isinstance(terms, SubscriptionTerms) else NOTE
        fields = asked | own_fields(own, its_fields=self.its_fields) | {"note": note}
        return closed_form(fields, needed)

    def asks(self, version: OfferVersion) -> bool:
        return bool(self.form(version).get("required"))

    def quote(
        self, version: OfferVersion, request: Mapping[str, Any], *, buyer: Buyer, at: datetime
    ) -> Quote:
        check_request(self.form(version), request)
        content, terms = version.content, read_terms(version.content.terms or {})
        quantity = quantity_asked(content.price, request)
        if isinstance(terms, TestTerms) and unit_of(content.price):
            quantity = Decimal(len(request["samples"]) * len(request["tests"]))
        parts = price_parts(version, quantity, buyer)
        quote = Quote(
            parts=parts,
            price_fen=sum(part.amount_fen for part in parts),
            asks=(goods_asked(terms, quantity, buyer),) if isinstance(terms, StockTerms) else (),
            cancellation=content.cancellation,
            lead_time_days=content.lead_time_days,
        )
        if isinstance(terms, TestTerms) and terms.rush and request.get("rush"):
            quote = rushed(quote, terms.rush)
        if isinstance(terms, TestTerms | ServiceTerms) and terms.weekly_id:
            return in_a_week(quote, terms.weekly_id, quantity, str(request.get("week") or ""), buyer, at)
        return quote

    def own_delivery(self, version: OfferVersion) -> Text | None:
        """A test order's buyer has a report in hand when its time to accept begins."""
        return BY_REPORTS if isinstance(read_terms(version.content.terms or {}), TestTerms) else None

    def next_free(self, versions: Sequence[OfferVersion]) -> Mapping[UUID, datetime | None]:
        return {}


def renewing(terms: SubscriptionTerms) -> dict[str, str]:
    """What whoever orders a subscription agrees to, beside the last field of its form."""
    days, period = terms.notice_days, terms.period.text
    return {
        "x-help-zh": f"这是订阅：从接单起每{period.zh}自动下一单，直到一方结束；改价提前 {days} 天通知。",
        "x-help-en": f"This is a subscription: once confirmed it is ordered again each {period.en} until one side ends it; a new price is "
        f"announced {days} days ahead.",
    }


def in_a_week(
    quote: Quote, weekly_id: UUID, quantity: Decimal, said: str, buyer: Buyer, at: datetime
) -> Quote:
    """The quote with the week that it gets, by whose end it is due. Raises what ``week_asked`` raises."""
    if quantity % 1:
        raise QuantityInvalid(WHOLE, field="quantity")
    ask = week_asked(weekly_id, int(quantity), said, lead_time_days=quote.lead_time_days, buyer=buyer, at=at)
    assert ask.during
    return replace(quote, asks=(ask,), due_at=ask.during.ends_at)


def test_fields(terms: TestTerms) -> dict[str, Any]:
    """What a test order 委托单 asks: each test is made on each sample. Other tests on other samples are a line of their own."""
    rests = list(Rest)
    fields: dict[str, Any] = {
        "samples": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 120},
            "minItems": 1,
            "maxItems": terms.most_samples,
            "x-zh": "样品",
            "x-en": "Samples",
            "x-help-zh": "一行一个：品名、颜色、批号",
            "x-help-en": "One a line: what it is, its colour, its lot",
        },
        "tests": {
            "type": "array",
            "items": {
                "type": "string",
                "enum": [each.code for each in terms.methods],
                "x-names": {
                    each.code: {"zh": f"{each.item.zh} {each.method}", "en": f"{each.item.en} {each.method}"}
                    for each in terms.methods
                },
            },
            "minItems": 1,
            "uniqueItems": True,
            "x-zh": "检测项目和方法",
            "x-en": "Tests and methods",
        },
        "rest": {
            "type": "string",
            "enum": [str(each) for each in rests],
            "default": str(Rest.DESTROY),
            "x-names": {str(each): {"zh": each.text.zh, "en": each.text.en} for each in rests},
            "x-zh": "测完的样品",
            "x-en": "Samples afterwards",
            "x-help-zh": f"先留样 {terms.retention_days} 天",
            "x-help-en": f"Kept for {terms.retention_days} days first",
        },
    }
    if terms.rush:
        percent = f"{(terms.rush.ratio * 100).normalize():f}"
        fields["rush"] = {
            "type": "boolean",
            "x-zh": RUSH.format(n=terms.rush.days, percent=percent).zh,
            "x-en": RUSH.format(n=terms.rush.days, percent=percent).en,
        }
    return fields


def rushed(quote: Quote, rush: Rush) -> Quote:
    """The surcharge as a row of its own, rounded half up to the fen; and the shorter time."""
    extra = int((quote.price_fen * rush.ratio).quantize(Decimal(1), ROUND_HALF_UP))
    part = PricePart(RUSHED, Decimal(1), extra, extra)
    return replace(
        quote,
        parts=(*quote.parts, part),
        price_fen=quote.price_fen + extra,
        lead_time_days=min(rush.days, quote.lead_time_days),
    )


MECHANISM = Tasks()
