"""Projects behind the catalogue's port."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from staveworks.kit.errors import Invalid
from staveworks.kit.text import Text
from staveworks.mechanisms.projects.models import Milestone
from staveworks.trade.catalogue.forms import closed_form, own_fields, own_needed
from staveworks.trade.catalogue.mechanisms import OF_A_CONTRACT, Buyer, PricePart, Quote
from staveworks.trade.catalogue.quoting import price_parts, quantity_asked, quantity_field
from staveworks.trade.catalogue.requests import RequestInvalid, check_request
from staveworks.trade.catalogue.types import OfferVersion, Price

NO_TERMS = Text(zh="这种交付方式没有这一项。", en="This way of delivery has no such entry.")
NO_MILESTONE = Text(zh="没有这个节点，或它已经改过。", en="No such milestone, or it was changed.")
BRIEF = {"type": "string", "minLength": 10, "maxLength": 4000, "x-zh": "要做什么", "x-en": "What it is about"}


class Projects:
    """Agreed on before work begins, delivered by milestones."""

    code = "project"
    name = Text(zh="项目委托", en="Project")
    has_calendar = False
    its_fields = ("brief", "quantity", OF_A_CONTRACT)

    def terms_form(self, *, provider: UUID) -> Mapping[str, Any]:
        """None: everything is agreed on with each buyer."""
        return {"type": "object"}

    def check_terms(self, terms: Mapping[str, Any], *, provider: UUID, price: Price) -> None:
        for key in terms:
            raise Invalid(NO_TERMS, field=key)

    def form(self, version: OfferVersion) -> Mapping[str, Any]:
        """What it is about, then the offer's own form."""
        own = version.content.form
        asked = {"brief": BRIEF} | quantity_field(version.content)
        fields = asked | own_fields(own, its_fields=self.its_fields)
        return closed_form(fields, ["brief", *own_needed(own, its_fields=self.its_fields)])

    def asks(self, version: OfferVersion) -> bool:
        return bool(self.form(version).get("required"))

    def quote(
        self, version: OfferVersion, request: Mapping[str, Any], *, buyer: Buyer, at: datetime
    ) -> Quote:
        """A milestone of a contract costs what was agreed; everything else what the offer says."""
        content = version.content
        if OF_A_CONTRACT in request:
            return _as_agreed(version, request[OF_A_CONTRACT], buyer)
        check_request(self.form(version), request)
        parts = price_parts(version, quantity_asked(content.price, request), buyer)
        return Quote(
            parts=parts,
            price_fen=sum(part.amount_fen for part in parts),
            asks=(),
            cancellation=content.cancellation,
            lead_time_days=content.lead_time_days,
        )

    def next_free(self, versions: Sequence[OfferVersion]) -> Mapping[UUID, datetime | None]:
        return {}


def _as_agreed(version: OfferVersion, milestone: Any, buyer: Buyer) -> Quote:
    """Of a contract between this buyer and this provider that stands, under this offer, as it is in force."""
    try:
        its = UUID(str(milestone))
    except ValueError:
        raise RequestInvalid(NO_MILESTONE, field=OF_A_CONTRACT) from None
    row = Milestone.objects.filter(
        id=its,
        buyer_org_id=buyer.org_id,
        provider_org_id=version.provider_org,
        contract__offer_id=version.offer_id,
        contract__set_aside_at=None,
    ).first()
    if row is None or Milestone.objects.filter(
        contract_id=row.contract_id, place=row.place, version__gt=row.version
    ).exclude(price_fen=row.price_fen):
        raise RequestInvalid(NO_MILESTONE, field=OF_A_CONTRACT)
    due = datetime.combine(row.due_date, time.max, tzinfo=timezone.get_current_timezone())
    return Quote(
        parts=(PricePart(Text(zh=row.title, en=row.title), Decimal(1), row.price_fen, row.price_fen),),
        price_fen=row.price_fen,
        asks=(),
        cancellation=version.content.cancellation,
        lead_time_days=version.content.lead_time_days,
        due_at=due,
    )


MECHANISM = Projects()
