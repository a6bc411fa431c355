"""The table of rights: right × role × kind of organisation. Pages, docs and the tests' matrix are generated from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from staveworks.foundation.parties.types import OPERATOR_KINDS, Actor, Kind, RightMissing, Role
from staveworks.kit.text import Text

O, M, C, V, I = Role.OWNER, Role.MANAGER, Role.CLERK, Role.VIEWER, Role.INSPECTOR  # noqa: E741
S, G, A = Role.STEWARD, Role.AGENT, Role.AUDITOR
ALL_KINDS = frozenset(Kind)
FIRMS = frozenset({Kind.ENTERPRISE, Kind.BACKBONE, Kind.PROVIDER})
SELLERS = ALL_KINDS - {Kind.GOVERNMENT}


@dataclass(frozen=True, slots=True)
class Right:
    """One row of the table: who (roles) may do it where (kinds); ``mandated`` may be handed to an agent."""

    code: str
    text: Text
    roles: frozenset[Role]
    kinds: frozenset[Kind] = ALL_KINDS
    mandated: bool = False
    steward: bool = False
    """The operator's steward has it for a firm that nobody has claimed."""


def _right(
    code: str, zh: str, en: str, roles: str, kinds: frozenset[Kind] = ALL_KINDS, **flags: bool
) -> Right:
    letters = {"O": O, "M": M, "C": C, "V": V, "I": I, "S": S, "G": G, "A": A}
    return Right(code, Text(zh=zh, en=en), frozenset(letters[letter] for letter in roles), kinds, **flags)


RIGHTS = {
    right.code: right
    for right in (
        _right(
            "organisation.read",
            "查看单位资料",
            "See the organisation",
            "OMCVISGA",
            mandated=True,
            steward=True,
        ),
        _right(
            "organisation.edit", "修改单位资料", "Edit the organisation", "OM", mandated=True, steward=True
        ),
        _right("people.read", "查看成员", "See members", "OMCVISGA"),
        _right("people.manage", "邀请成员、改角色", "Invite people, change roles", "O"),
        _right("mandate.give", "委托代办", "Give a mandate", "O"),
        _right("agreement.manage", "管理入会约定", "Manage the membership agreement", "O", FIRMS),
        _right("token.manage", "管理接口令牌", "Manage API tokens", "OM"),
        _right("audit.read", "查看操作记录", "Read the audit trail", "OMA", mandated=False),
        _right("barrel.read", "查看木桶", "See the barrel", "OMCVIG", FIRMS, mandated=True, steward=True),
        _right(
            "assessment.read",
            "查看诊断答卷",
            "Read assessments",
            "OMCVIG",
            FIRMS,
            mandated=True,
            steward=True,
        ),
        _right(
            "assessment.answer", "填写诊断", "Answer an assessment", "OMC", FIRMS, mandated=True, steward=True
        ),
        _right(
            "assessment.attest",
            "核验答案",
            "Attest answers",
            "OI",
            OPERATOR_KINDS | {Kind.PROVIDER, Kind.ASSOCIATION},
        ),
        _right("offer.read", "查看服务目录", "See the catalogue", "OMCVISGA", mandated=True, steward=True),
        _right("offer.manage", "发布服务、定价", "Publish offers, set prices", "OM", SELLERS, mandated=True),
        _right("order.read", "查看订单", "See orders", "OMCVSA", mandated=True),
        _right(
            "order.place",
            "开订单、下单、验收",
            "Place orders, accept what is delivered",
            "OMC",
            mandated=True,
        ),
        _right("order.approve", "审批订单", "Approve orders", "OM"),
        _right("order.limit", "定审批限额", "Set the limit for approval", "O"),
        _right(
            "line.serve", "接单、交付", "Answer and deliver what was ordered", "OMC", SELLERS, mandated=True
        ),
        _right("request.read", "查看需求与合同", "See requests and contracts", "OMCVSA"),
        _right("request.manage", "发布需求、定标", "Publish requests, award them", "OM"),
        _right("change.sign", "签合同变更", "Sign changes of contracts", "OM"),
        _right("proposal.make", "密封和开启方案", "Seal and open proposals", "OM", SELLERS),
        _right("dispute.decide", "裁定争议", "Decide disputes", "OMS", OPERATOR_KINDS),
        _right(
            "prescription.read", "查看处方", "See prescriptions", "OMCVIG", FIRMS, mandated=True, steward=True
        ),
        _right(
            "prescription.make", "开处方", "Make prescriptions", "OMC", FIRMS, mandated=True, steward=True
        ),
        _right(
            "prescription.accept",
            "把处方放进订单草稿",
            "Put prescriptions into the order draft",
            "OMC",
            FIRMS,
            mandated=True,
        ),
        _right("voucher.grant", "发放补贴券", "Grant vouchers", "OMS", OPERATOR_KINDS),
        _right("roster.read", "查看名册", "See rosters", "OMCVSA", OPERATOR_KINDS),
        _right("roster.import", "导入名册", "Import rosters", "OMS", OPERATOR_KINDS),
        _right("duplicate.decide", "处理重复企业", "Decide duplicates", "OMS", OPERATOR_KINDS),
        _right("firm.read", "查看集群企业", "See the cluster's firms", "OMCVSGA", OPERATOR_KINDS),
        _right("firm.invite", "邀请企业认领", "Invite firms to claim", "OMSG", OPERATOR_KINDS),
        _right("firm.steward", "代管未认领企业", "Act for unclaimed firms", "OMSG", OPERATOR_KINDS),
        _right("claim.decide", "审核认领", "Decide claims", "OMS", OPERATOR_KINDS),
        _right(
            "support.ask",
            "向运营方求助",
            "Ask the operator",
            "OMCVIGA",
            ALL_KINDS - {Kind.PLATFORM},
            mandated=True,
        ),
        _right("support.answer", "答复求助", "Answer tickets", "OMCSG", OPERATOR_KINDS),
        _right(
            "grant.read", "查看企业授权给本单位的资料", "See what firms grant this organisation", "OMCVISGA"
        ),
        _right("correction.decide", "答复更正申请", "Answer requests for correction", "OMS", OPERATOR_KINDS),
        _right(
            "kind.confirm", "确认机构类别", "Confirm what institutions are", "OMS", frozenset({Kind.PLATFORM})
        ),
        _right("rule.adopt", "制定规则", "Adopt rules", "O", frozenset({Kind.PLATFORM})),
        _right("figures.read", "查看公布的集群数据", "See published figures of the cluster", "OMCVISGA"),
        _right("cluster.read", "查看集群概况", "See the cluster", "OMCVSGA", OPERATOR_KINDS),
        _right("message.read", "查看消息投递", "See the delivery of messages", "OMSA", OPERATOR_KINDS),
        _right(
            "message.manage",
            "管理消息模板与渠道",
            "Manage message templates and channels",
            "OM",
            OPERATOR_KINDS,
        ),
        _right("sink.read", "查看本机收件箱", "Read the local sink", "O", OPERATOR_KINDS),
        _right("ledger.read", "查看账目", "See the books", "OMCVA"),
        _right("ledger.close", "结账", "Close the books", "O", frozenset({Kind.PLATFORM})),
        _right("capacity.read", "查看本企业产能", "See the firm's capacity", "OMCV", FIRMS, mandated=True),
        _right("capacity.declare", "申报产能", "Declare capacity", "OMC", FIRMS, mandated=True),
        _right("capacity.confirm", "确认产能", "Confirm capacity", "OMC", FIRMS, mandated=True),
        _right(
            "capacity.dispatch",
            "排产：查看各企业的产能和报价",
            "Dispatch: see firms' capacity and prices",
            "OM",
            frozenset({Kind.PLATFORM}),
        ),
        _right("capacity.heat", "查看空闲产能分布", "See where free hours are", "OMCVSA", OPERATOR_KINDS),
        _right("dispatch.read", "查看排产", "See dispatch runs", "OMA", frozenset({Kind.PLATFORM})),
        _right(
            "dispatch.run",
            "排产、假设、公布方案",
            "Run dispatch, ask what if, publish plans",
            "OM",
            frozenset({Kind.PLATFORM}),
        ),
        _right(
            "work.read", "查看派给本企业的活", "See work planned for the firm", "OMCV", FIRMS, mandated=True
        ),
        _right("robot.manage", "连接群机器人", "Connect group robots", "OM"),
    )
}


WITHOUT = Text(zh="您没有“{name}”的权限。", en="You don't have the right “{name}”.")


def refusal_of(missing: RightMissing) -> Text:
    """What a person is told: the right by its name, never by its code."""
    known = RIGHTS.get(missing.right)
    return WITHOUT.format_each(known.text) if known else missing.text


def rights_of(roles: Iterable[Role], kinds: Iterable[Kind]) -> frozenset[str]:
    """What a person with ``roles`` may do in an organisation of ``kinds``."""
    held, here = frozenset(roles), frozenset(kinds)
    return frozenset(right.code for right in RIGHTS.values() if right.roles & held and right.kinds & here)


MANDATED = frozenset(right.code for right in RIGHTS.values() if right.mandated)
STEWARDED = frozenset(right.code for right in RIGHTS.values() if right.steward)


AGENTS = frozenset({Role.OWNER, Role.MANAGER, Role.AGENT})
"""The roles whose holders act for the firms that gave their organisation a mandate."""
STEWARDING = "firm.steward"
"""The right by which one acts for a firm that nobody has claimed."""


def reach_of(actor: Actor) -> frozenset[str]:
    """All that the actor may do here, for unclaimed firms as their steward, and for firms that mandate her organisation."""
    reach = actor.rights
    if actor.may(STEWARDING):
        reach |= STEWARDED
    if actor.roles & AGENTS:
        reach |= MANDATED
    return reach


def roles_for(kinds: Iterable[Kind]) -> list[Role]:
    """The roles that an organisation of ``kinds`` has: those that the table gives a right of its own there."""
    here = frozenset(kinds)
    special = {
        Role.STEWARD: OPERATOR_KINDS,
        Role.INSPECTOR: RIGHTS["assessment.attest"].kinds,
    }
    return [role for role in Role if special.get(role, ALL_KINDS) & here]
