"""The table of rights: right × role × kind of organisation. Pages, docs and the tests' matrix are generated from it."""

from collections.abc import Iterable
from dataclasses import dataclass

from staveworks.foundation.parties.types import OPERATOR_KINDS, Kind, Role
from staveworks.kit.text import Text

O, M, C, V, I = Role.OWNER, Role.MANAGER, Role.CLERK, Role.VIEWER, Role.INSPECTOR  # noqa: E741
S, G, A = Role.STEWARD, Role.AGENT, Role.AUDITOR
ALL_KINDS = frozenset(Kind)
FIRMS = frozenset({Kind.ENTERPRISE, Kind.BACKBONE, Kind.PROVIDER})


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
        _right("roster.read", "查看名册", "See rosters", "OMCVSA", OPERATOR_KINDS),
        _right("roster.import", "导入名册", "Import rosters", "OMS", OPERATOR_KINDS),
        _right("duplicate.decide", "处理重复企业", "Decide duplicates", "OMS", OPERATOR_KINDS),
        _right("firm.read", "查看集群企业", "See the cluster's firms", "OMCVSGA", OPERATOR_KINDS),
        _right("firm.invite", "邀请企业认领", "Invite firms to claim", "OMSG", OPERATOR_KINDS),
        _right("firm.steward", "代管未认领企业", "Act for unclaimed firms", "OMSG", OPERATOR_KINDS),
        _right("claim.decide", "审核认领", "Decide claims", "OMS", OPERATOR_KINDS),
        _right("cluster.read", "查看集群概况", "See the cluster", "OMCVSGA", OPERATOR_KINDS),
    )
}


def rights_of(roles: Iterable[Role], kinds: Iterable[Kind]) -> frozenset[str]:
    """What a person with ``roles`` may do in an organisation of ``kinds``."""
    held, here = frozenset(roles), frozenset(kinds)
    return frozenset(right.code for right in RIGHTS.values() if right.roles & held and right.kinds & here)


MANDATED = frozenset(right.code for right in RIGHTS.values() if right.mandated)
STEWARDED = frozenset(right.code for right in RIGHTS.values() if right.steward)


def roles_for(kinds: Iterable[Kind]) -> list[Role]:
    """The roles that an organisation of ``kinds`` has: those that the table gives a right of its own there."""
    here = frozenset(kinds)
    special = {
        Role.STEWARD: OPERATOR_KINDS,
        Role.INSPECTOR: RIGHTS["assessment.attest"].kinds,
    }
    return [role for role in Role if special.get(role, ALL_KINDS) & here]
