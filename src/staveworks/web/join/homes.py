"""What participants without a barrel have here now, and what comes: said honestly on their home page."""

from staveworks.foundation.parties.types import Kind
from staveworks.kit.text import Text

COMING = {
    Kind.BANK: Text(
        zh="融资申请、已核实的交易和额度会出现在这里，随融资机制一起到来。",
        en="Applications, verified trade and limits will stand here; they come with the financing mechanism.",
    ),
    Kind.ASSOCIATION: Text(
        zh="动议、标准和争议调解会出现在这里，随治理一起到来。",
        en="Motions, standards and disputes will stand here; they come with governance.",
    ),
    Kind.GOVERNMENT: Text(
        zh="每一元公共资金提升了什么会出现在这里，随政策项目一起到来。",
        en="What each yuan of public money lifted will stand here; it comes with public programmes.",
    ),
    Kind.PROVIDER: Text(
        zh="服务目录、订单和日程会出现在这里，随订购一起到来。",
        en="Your offers, orders and calendar will stand here; they come with ordering.",
    ),
    Kind.CITY: Text(
        zh="当天的预约、到货和停机会出现在这里，随预约机制一起到来。",
        en="Today's bookings, arrivals and downtime will stand here; they come with the booking mechanism.",
    ),
}
