"""What the rail, the bottom bar of a phone and the tabs of a page lead to, in three tables.

An entry is shown to whoever has its right (any of several) in an organisation of one of its kinds; one whose address doesn't
exist (yet) is left out, so that a later journey appears by its address alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import Resolver404, resolve

from staveworks.foundation.facts.queries import count_corrections_to_decide
from staveworks.foundation.notices.todo_queries import count_yours
from staveworks.foundation.parties.queries import count_open_claims
from staveworks.foundation.parties.rights import FIRMS, SELLERS
from staveworks.foundation.parties.types import OPERATOR_KINDS, Actor, Kind
from staveworks.foundation.rosters.duplicates import count_pairs
from staveworks.foundation.support.queries import count_turns
from staveworks.kit.text import Text

Count = Callable[[Actor], int]
EVERYBODY = frozenset(Kind)
NO_OPERATORS = EVERYBODY - OPERATOR_KINDS
PROVIDERS = frozenset({Kind.PROVIDER, Kind.BACKBONE})
"""Who sells before it buys: its desk begins among the tabs of the catalogue; everybody else's begins with its own offers."""
FOR_CALLERS = OPERATOR_KINDS | {Kind.PROVIDER, Kind.ASSOCIATION}
"""Who takes orders by telephone for firms that let it."""
INSTITUTIONS = frozenset({Kind.BANK, Kind.GOVERNMENT, Kind.ASSOCIATION, Kind.PROVIDER, Kind.BACKBONE})
"""To whom firms show themselves, besides the operator with its table of firms."""
OFFICES = INSTITUTIONS - {Kind.PROVIDER, Kind.BACKBONE}
"""Who watches the cluster as a whole; the rail of the others is full."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``right``: a code of the table of rights, several with a space between them, or none for everybody.

    ``under``: other addresses that belong to it, so that it stays lit there.
    """

    label: Text
    url: str
    icon: str
    right: str
    kinds: frozenset[Kind] | None = None
    count: Count | None = None
    under: tuple[str, ...] = ()


TODO = Entry(Text(zh="待办", en="To-dos"), "/todo/", "inbox", "", count=count_yours)
HELP = Entry(Text(zh="求助", en="Help"), "/support/", "help", "support.ask support.answer", count=count_turns)

RAIL: list[Entry] = [
    TODO,
    Entry(
        Text(zh="集群", en="Cluster"), "/cluster/", "map-2", "cluster.read", under=("/figures/", "/dispatch/")
    ),
    Entry(Text(zh="集群数据", en="Cluster figures"), "/figures/", "map-2", "figures.read", OFFICES),
    Entry(Text(zh="企业", en="Firms"), "/cluster/firms/", "building-factory-2", "firm.read"),
    Entry(
        Text(zh="拓展", en="Growth"),
        "/growth/",
        "trending-up",
        "firm.read",
        under=("/rosters/", "/claims/", "/corrections/"),
    ),
    Entry(Text(zh="待核验", en="To attest"), "/diagnose/attest/", "clipboard-check", "assessment.attest"),
    Entry(Text(zh="我的木桶", en="My barrel"), "/barrel/", "barrel", "barrel.read", under=("/prescribe/",)),
    Entry(Text(zh="诊断", en="Assessments"), "/diagnose/", "clipboard-list", "assessment.read"),
    Entry(
        Text(zh="服务", en="Services"),
        "/offers/",
        "building-store",
        "offer.read",
        under=(
            *("/orders/", "/desk/", "/lines/", "/earned/", "/disputes/"),
            *("/requests/", "/contracts/", "/tasks/", "/s/", "/subscriptions/", "/wishes/"),
        ),
    ),
    Entry(
        Text(zh="我的产能", en="My capacity"),
        "/capacity/",
        "building-warehouse",
        "capacity.read",
        frozenset({Kind.ENTERPRISE}),
        under=("/work/",),
    ),
    Entry(Text(zh="授权", en="Sharing"), "/sharing/", "lock-open", "agreement.manage"),
    Entry(
        Text(zh="授权给我们", en="Granted to us"),
        "/shown/",
        "eye",
        "grant.read",
        INSTITUTIONS - {Kind.PROVIDER},
    ),
    Entry(Text(zh="排产", en="Dispatch"), "/dispatch/", "timeline", "dispatch.read"),
    HELP,
    Entry(Text(zh="规则", en="Rules"), "/rules/", "gavel", "organisation.read", frozenset({Kind.CITY})),
    Entry(Text(zh="成员", en="Members"), "/members/", "users", "people.read", NO_OPERATORS),
    Entry(
        Text(zh="设置", en="Settings"),
        "/settings/",
        "settings",
        "organisation.read",
        under=(
            *("/agreement/", "/audit/", "/books/", "/known/", "/mandates/", "/members/", "/rules/"),
            "/vouchers/",
        ),
    ),
]
"""In the order of the rail, at most nine for any kind of organisation."""

NEWCOMERS = [
    Entry(Text(zh="开始", en="Start"), "/welcome/", "home", ""),
    TODO,
    Entry(Text(zh="认领企业", en="Claim a firm"), "/join/claim/", "user-check", ""),
    Entry(Text(zh="登记单位", en="Register"), "/join/firm/", "building", ""),
    Entry(Text(zh="求助", en="Help"), "/support/", "help", ""),
    Entry(Text(zh="我的账号", en="My account"), "/accounts/security/", "user-circle", ""),
]
"""For those who belong to no organisation yet."""

HOME = Entry(Text(zh="首页", en="Home"), "/", "home", "")
WORK = [
    Entry(Text(zh="集群数据", en="Cluster figures"), "/figures/", "map-2", "figures.read", INSTITUTIONS),
    Entry(Text(zh="企业", en="Firms"), "/cluster/firms/", "building-factory-2", "firm.read"),
    Entry(Text(zh="诊断", en="Assess"), "/diagnose/", "clipboard-list", "assessment.read"),
    Entry(Text(zh="成员", en="Members"), "/members/", "users", "people.read"),
    Entry(Text(zh="认领", en="Claim"), "/join/claim/", "user-check", ""),
]
"""The second place of the bottom bar: the first of these that applies."""
SCAN = Entry(Text(zh="扫码", en="Scan"), "/scan/", "qrcode", "")

TABS: dict[str, list[Entry]] = {
    "services": [
        Entry(Text(zh="目录", en="Catalogue"), "/offers/", "", "offer.read"),
        Entry(Text(zh="订单", en="Orders"), "/orders/", "", "order.read"),
        Entry(Text(zh="候补", en="Waiting lists"), "/wishes/", "", "order.read"),
        Entry(Text(zh="订阅", en="Subscriptions"), "/subscriptions/", "", "order.read"),
        Entry(Text(zh="需求", en="Requests"), "/requests/", "", "request.read"),
        Entry(Text(zh="检测", en="Tests"), "/tasks/", "", "order.read"),
        Entry(Text(zh="我的服务", en="My offers"), "/desk/offers/", "", "offer.manage"),
        Entry(Text(zh="接单", en="To deliver"), "/lines/", "", "line.serve", PROVIDERS),
        Entry(Text(zh="收入", en="Earned"), "/earned/", "", "ledger.read", PROVIDERS),
        Entry(Text(zh="争议", en="Disputes"), "/disputes/", "", "dispute.decide"),
        Entry(Text(zh="审批限额", en="Limit"), "/orders/limit/", "", "order.read"),
    ],
    "desk": [
        Entry(Text(zh="目录", en="Catalogue"), "/offers/", "", "offer.read"),
        Entry(Text(zh="我的服务", en="My offers"), "/desk/offers/", "", "offer.manage"),
        Entry(Text(zh="接单", en="To deliver"), "/lines/", "", "line.serve"),
        Entry(Text(zh="日历", en="Calendar"), "/desk/calendar/", "", "line.serve"),
        Entry(Text(zh="库存", en="Stock"), "/desk/stock/", "", "line.serve", SELLERS),
        Entry(Text(zh="产能", en="Capacity"), "/capacity/", "", "capacity.read", PROVIDERS),
        Entry(Text(zh="收入", en="Earned"), "/earned/", "", "ledger.read", SELLERS),
        Entry(Text(zh="代客下单", en="For callers"), "/desk/callers/", "", "offer.read", FOR_CALLERS),
    ],
    "dispatch": [
        Entry(Text(zh="排产", en="Runs"), "/dispatch/", "", "dispatch.read"),
        Entry(Text(zh="待排订单", en="Demand"), "/dispatch/demand/", "", "dispatch.read"),
        Entry(Text(zh="空闲产能", en="Free capacity"), "/dispatch/heat/", "", "capacity.heat"),
        Entry(Text(zh="各家产能", en="Firms"), "/dispatch/capacity/", "", "capacity.dispatch"),
    ],
    "capacity": [
        Entry(Text(zh="我的产能", en="My capacity"), "/capacity/", "", "capacity.read"),
        Entry(Text(zh="派给我们的活", en="Work for us"), "/work/", "", "work.read"),
    ],
    "growth": [
        Entry(Text(zh="进展", en="Progress"), "/growth/", "", "firm.read"),
        Entry(Text(zh="名册", en="Rosters"), "/rosters/", "", "roster.read", count=count_pairs),
        Entry(Text(zh="认领", en="Claims"), "/claims/", "", "claim.decide", count=count_open_claims),
        Entry(
            Text(zh="更正", en="Corrections"),
            "/corrections/",
            "",
            "correction.decide",
            count=count_corrections_to_decide,
        ),
        Entry(Text(zh="电话名单", en="Call list"), "/growth/calls/", "", "firm.invite"),
        Entry(Text(zh="柜台", en="Counter"), "/growth/counter/", "", "firm.invite"),
    ],
    "settings": [
        Entry(Text(zh="单位资料", en="Organisation"), "/settings/", "", "organisation.read"),
        Entry(Text(zh="已知信息", en="What is known"), "/known/", "", "organisation.read", FIRMS),
        Entry(Text(zh="入会约定", en="Agreement"), "/agreement/", "", "organisation.read", FIRMS),
        Entry(Text(zh="成员", en="Members"), "/members/", "", "people.read", OPERATOR_KINDS),
        Entry(
            Text(zh="授权给我们", en="Granted to us"), "/shown/", "", "grant.read", frozenset({Kind.PROVIDER})
        ),
        Entry(Text(zh="账目", en="Books"), "/books/", "", "ledger.read"),
        Entry(Text(zh="代办委托", en="Mandates"), "/mandates/", "", "people.read"),
        Entry(Text(zh="接口令牌", en="API tokens"), "/settings/tokens/", "", "token.manage"),
        Entry(Text(zh="消息", en="Messages"), "/settings/messages/", "", "message.read"),
        Entry(Text(zh="群机器人", en="Group robots"), "/settings/robots/", "", "robot.manage"),
        Entry(Text(zh="补贴券", en="Vouchers"), "/vouchers/", "", "voucher.grant"),
        Entry(Text(zh="机构确认", en="Institutions"), "/settings/institutions/", "", "kind.confirm"),
        Entry(Text(zh="角色与权限", en="Roles and rights"), "/settings/rights/", "", "organisation.read"),
        Entry(Text(zh="规则", en="Rules"), "/rules/", "", "organisation.read", EVERYBODY - {Kind.CITY}),
        Entry(Text(zh="操作记录", en="Audit trail"), "/audit/", "", "audit.read"),
    ],
    "messages": [
        Entry(Text(zh="投递", en="Deliveries"), "/settings/messages/", "", "message.read"),
        Entry(Text(zh="模板", en="Templates"), "/settings/messages/templates/", "", "message.read"),
        Entry(Text(zh="渠道", en="Channels"), "/settings/messages/channels/", "", "message.manage"),
        Entry(Text(zh="停发的地址", en="Suppressed"), "/settings/messages/suppressed/", "", "message.read"),
        Entry(Text(zh="本机收件箱", en="Local sink"), "/settings/messages/sink/", "", "sink.read"),
    ],
    "inbox": [
        Entry(Text(zh="收到的", en="Inbox"), "/messages/", "", ""),
        Entry(Text(zh="发给我的", en="Sent to me"), "/messages/sent/", "", ""),
        Entry(Text(zh="怎样通知我", en="How to reach me"), "/messages/preferences/", "", ""),
    ],
}
"""The tabs on the pages of one entry, each of them one address."""


def applies(entry: Entry, actor: Actor) -> bool:
    """Whether ``actor`` may go there, and there is something."""
    asked = entry.right.split()
    if asked and not any(map(actor.may, asked)):
        return False
    if entry.kinds is not None and not entry.kinds & actor.kinds:
        return False
    return exists(entry.url)


def exists(address: str) -> bool:
    """Whether the product has this address."""
    return _exists(address, settings.ROOT_URLCONF)


@cache
def _exists(address: str, among: object) -> bool:
    """Asked for every entry on every page, and never changing while the program runs."""
    try:
        resolve(address)
    except Resolver404:
        return False
    return True


def entries_for(actor: Actor) -> list[Entry]:
    """The rail of whoever acts; of a newcomer where she acts for nobody, or may see nothing there."""
    if actor.org_id is None:
        return [entry for entry in NEWCOMERS if exists(entry.url)]
    return [entry for entry in RAIL if applies(entry, actor)]


def bar_for(actor: Actor) -> list[Entry]:
    """Home, work, scan, to-do: the bottom bar of a phone, of what there is. *More* follows by itself."""
    work = next((entry for entry in WORK if applies(entry, actor)), None)
    return [entry for entry in (HOME, work, SCAN, TODO) if entry and exists(entry.url)]


def tabs_for(actor: Actor, name: str) -> list[Entry]:
    return [entry for entry in TABS[name] if applies(entry, actor)]


def lit(path: str, entries: list[Entry]) -> Entry | None:
    """The entry that the address lies under, the longest of several, so that /cluster/firms/ doesn't light up /cluster/ too."""
    under = [
        ((len(start), start == entry.url), entry)
        for entry in entries
        for start in (entry.url, *entry.under)
        if (path == "/" if start == "/" else path.startswith(start))
    ]
    return max(under, key=lambda found: found[0], default=((0, False), None))[1]
