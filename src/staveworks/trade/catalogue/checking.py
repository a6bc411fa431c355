"""What a document can only be held against while it is written: the register, the cities, the rules, the programmes, the mechanism."""

from datetime import date
from uuid import UUID

from staveworks.foundation.parties.models import City
from staveworks.foundation.rules.queries import entry_in_force
from staveworks.kit.errors import Invalid
from staveworks.kit.planks import Register
from staveworks.kit.text import Text
from staveworks.trade.catalogue.forms import check_form
from staveworks.trade.catalogue.mechanisms import mechanism_of
from staveworks.trade.catalogue.programmes import programmes
from staveworks.trade.catalogue.types import Content, MechanismUnknown, OfferInvalid

TAX = "tax.rates"
TAXES = {
    "goods": Text(zh="销售货物、加工", en="Goods and processing"),
    "transport": Text(zh="交通运输", en="Transport"),
    "services": Text(zh="现代服务", en="Services"),
    "small_scale": Text(zh="小规模纳税人", en="Small-scale taxpayer"),
    "exempt": Text(zh="免税", en="Exempt"),
}
"""What an offer may say of its tax; the rates are the rule's."""

NO_PLANK = Text(zh="没有“{code}”这块板。", en="There is no plank “{code}”.")
NO_CITY = Text(zh="没有这个城市代码。", en="There is no city of this code.")
NO_TAX = Text(zh="没有这种税率。", en="There is no such tax rate.")
NO_PROGRAMME = Text(zh="没有“{code}”这个补贴项目。", en="There is no programme “{code}”.")
LAPSED = Text(zh="这张证书已过期。", en="This certificate has expired.")


def check_content(content: Content, *, register: Register, provider: UUID, today: date) -> None:
    """Raises ``OfferInvalid`` at the field; what the mechanism refuses stands at ``terms.…``."""
    for place, plank in enumerate(content.planks):
        if plank not in register:
            raise OfferInvalid(NO_PLANK.format(code=plank), field=f"planks.{place}")
    if content.city is not None and not City.objects.filter(code=content.city).exists():
        raise OfferInvalid(NO_CITY, field="city")
    if content.tax not in TAXES:
        raise OfferInvalid(NO_TAX, field="tax")
    for place, code in enumerate(content.programmes):
        if code not in programmes():
            raise OfferInvalid(NO_PROGRAMME.format(code=code), field=f"programmes.{place}")
    for place, certificate in enumerate(content.certificates):
        if certificate.lapsed(today):
            raise OfferInvalid(LAPSED, field=f"certificates.{place}.valid_until")
    _check_delivery(content, provider)


def _check_delivery(content: Content, provider: UUID) -> None:
    """What only the way of delivery knows: which questions are its own, which terms it takes."""
    try:
        mechanism = mechanism_of(content.mechanism)
    except MechanismUnknown as unknown:
        raise OfferInvalid(unknown.text, field="mechanism") from None
    if content.form is not None:
        check_form(content.form, its_fields=mechanism.its_fields)
    try:
        mechanism.check_terms(content.terms or {}, provider=provider, price=content.price)
    except Invalid as wrong:
        raise OfferInvalid(wrong.text, field=".".join(filter(None, ("terms", wrong.field)))) from wrong


def tax_rate(code: str) -> int:
    """Basis points of the tax in force now: 600 is 6 %. Raises ``RuleUnknown``."""
    return int(entry_in_force(TAX, code))
