"""What participants without a barrel have here now, and what comes: said honestly on their home page."""

from staveworks.foundation.parties.types import Kind
from staveworks.kit.text import Text

DESK = (
    ("line.serve", "lines", Text(zh="接单与交付", en="Lines to answer and deliver")),
    ("offer.manage", "own_offers", Text(zh="我的服务", en="Our offers")),
    ("line.serve", "calendar", Text(zh="可预约的资源与日程", en="What can be booked, and its calendar")),
    ("ledger.read", "earned", Text(zh="收入", en="Earned")),
)
"""Of who sells: right, name of the page, words; the first is what people come for, and who hasn't its right isn't at the desk."""

COMING = {
    Kind.BANK: Text(
        zh="融资申请、已核实的交易和额度会出现在这里，随融资机制一起到来。",
        en="Applications, verified trade and limits will stand here; they come with the financing mechanism.",
    ),
    Kind.PROVIDER: Text(
        zh="付款到账和服务的实测提升会出现在这里。",
        en="Payments received, and the measured lift of your services, will stand here.",
    ),
    Kind.CITY: Text(
        zh="当天的到货和与云端的连接状态会出现在这里。",
        en="Today's arrivals and the link to the cloud will stand here.",
    ),
}
