"""Public words of the room: kinds, roles, the actor, and what is returned or refused."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotAllowed, NotFound, Refused
from staveworks.kit.text import Text


class Kind(StrEnum):
    """What an organisation is here; it may be several."""

    ENTERPRISE = "enterprise"
    BACKBONE = "backbone"
    PROVIDER = "provider"
    BANK = "bank"
    ASSOCIATION = "association"
    GOVERNMENT = "government"
    PLATFORM = "platform"
    CITY = "city"

    @property
    def text(self) -> Text:
        return KIND_TEXTS[self]


KIND_TEXTS = {
    Kind.ENTERPRISE: Text(zh="中小微企业", en="Small firm"),
    Kind.BACKBONE: Text(zh="骨干企业", en="Backbone firm"),
    Kind.PROVIDER: Text(zh="专业机构", en="Professional institution"),
    Kind.BANK: Text(zh="金融机构", en="Financial institution"),
    Kind.ASSOCIATION: Text(zh="行业协会", en="Association"),
    Kind.GOVERNMENT: Text(zh="地方政府", en="Local government"),
    Kind.PLATFORM: Text(zh="平台运营", en="Platform operator"),
    Kind.CITY: Text(zh="城市运营", en="City operator"),
}


class Role(StrEnum):
    """What a person is in an organisation."""

    OWNER = "owner"
    MANAGER = "manager"
    CLERK = "clerk"
    VIEWER = "viewer"
    INSPECTOR = "inspector"
    STEWARD = "steward"
    AGENT = "agent"
    AUDITOR = "auditor"

    @property
    def text(self) -> Text:
        return ROLE_TEXTS[self]


ROLE_TEXTS = {
    Role.OWNER: Text(zh="负责人", en="Owner"),
    Role.MANAGER: Text(zh="经理", en="Manager"),
    Role.CLERK: Text(zh="经办人", en="Clerk"),
    Role.VIEWER: Text(zh="只读", en="Viewer"),
    Role.INSPECTOR: Text(zh="核验员", en="Inspector"),
    Role.STEWARD: Text(zh="企业管家", en="Steward"),
    Role.AGENT: Text(zh="代办员", en="Agent"),
    Role.AUDITOR: Text(zh="审计员", en="Auditor"),
}
OPERATOR_ROLES = frozenset({Role.STEWARD, Role.AGENT, Role.AUDITOR})
OPERATOR_KINDS = frozenset({Kind.PLATFORM, Kind.CITY})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which organisation, and what she may do there.

    ``org_id`` is the organisation whose rows are touched; ``via_org_id`` the one through which she acts, where that
    is another (a mandate or stewardship); ``service`` names a program that acts as the operator; ``link_id`` the one-tap
    link by which she came, without signing in.
    """

    person_id: UUID | None
    org_id: UUID | None
    rights: frozenset[str] = field(default_factory=frozenset)
    kinds: frozenset[Kind] = field(default_factory=frozenset)
    roles: frozenset[Role] = field(default_factory=frozenset)
    via_org_id: UUID | None = None
    mandate_id: UUID | None = None
    service: str | None = None
    link_id: UUID | None = None

    def may(self, right: str) -> bool:
        return right in self.rights

    def require(self, right: str) -> None:
        """Raises ``RightMissing`` unless the actor has ``right``."""
        if right not in self.rights:
            raise RightMissing(right)

    @property
    def org(self) -> UUID:
        """The active organisation. Raises ``NoOrganisation`` where none is chosen."""
        if self.org_id is None:
            raise NoOrganisation
        return self.org_id

    @property
    def person(self) -> UUID:
        """Who acts. Raises ``NoOrganisation`` for nobody."""
        if self.person_id is None:
            raise NoOrganisation
        return self.person_id

    def narrowed_to(self, rights: frozenset[str]) -> "Actor":
        """The same actor with no more than ``rights`` (an API token's scopes)."""
        return replace(self, rights=self.rights & rights)


def title_of(name: str, name_en: str) -> Text:
    """An organisation's name as each language shows it; without an English name the registered one stands in both."""
    return Text(zh=name, en=name_en or name)


@dataclass(frozen=True, slots=True)
class OrganisationCard:
    """What a list or a switch shows of an organisation."""

    id: UUID
    name: str
    kinds: tuple[Kind, ...]
    city_code: str | None
    city_name: Text | None
    uscc: str | None
    steward_id: UUID | None
    claimed_at: datetime | None
    demo: bool
    name_en: str = ""

    @property
    def title(self) -> Text:
        return title_of(self.name, self.name_en)


@dataclass(frozen=True, slots=True)
class Choice:
    """An organisation a person may act for: by her role, or ``mandated``, through ``via_org_id`` if that one was."""

    card: OrganisationCard
    via_org_id: UUID | None = None
    mandated: bool = False


@dataclass(frozen=True, slots=True)
class Footing:
    """As whom a person acts now, if anything lets her, and the organisations that she may choose from."""

    actor: Actor | None
    choices: list[Choice]


class RightMissing(NotAllowed):
    """The actor's roles, mandate or scopes don't include ``right``; pages name it in words, the API by its code."""

    def __init__(self, right: str) -> None:
        super().__init__()
        self.right = right


class NoOrganisation(NotAllowed):
    text = Text(zh="请先选择一个单位。", en="Choose an organisation first.")


class OrganisationNotFound(NotFound):
    text = Text(zh="没有这个单位，或您看不到它。", en="No such organisation, or none you can see.")


class LastOwner(Refused):
    text = Text(
        zh="这是最后一位负责人。请先指定另一位，再离开。",
        en="This is the last owner. Name another one first, then leave.",
    )


class NameMissing(Invalid):
    text = Text(zh="请填名称。", en="Enter a name.")


class ContactInvalid(Invalid):
    text = Text(zh="请填手机号或邮箱。", en="Enter a phone number or an e-mail address.")


class ContactTaken(Refused):
    text = Text(zh="已有人用它登录。", en="Somebody else signs in with it.")


class PhoneInvalid(Invalid):
    text = Text(
        zh="手机号读不懂。中国大陆 11 位，境外请带国家代码，如 +84。",
        en="Can't read this phone number. Abroad, start with the country code, such as +84.",
    )


class EmailInvalid(Invalid):
    text = Text(zh="邮箱写得不完整。", en="The e-mail address is not complete.")


class WebsiteInvalid(Invalid):
    text = Text(
        zh="网址要以 http:// 或 https:// 开头，如 https://example.cn。",
        en="A website starts with http:// or https://, such as https://example.cn.",
    )


class UsccInvalid(Invalid):
    """A unified social credit code whose length, characters or check digit are wrong."""


class UsccTaken(Refused):
    text = Text(
        zh="这个统一社会信用代码已登记在另一家企业名下。",
        en="This USCC is already registered for another firm.",
    )


class FirmUnclaimed(Refused):
    """The firm stands in a roster; ``org_id`` is the one to claim."""

    text = Text(
        zh="这家企业已在名册里，还没有人认领。请认领它，不必重新登记。",
        en="This firm is in a roster already and unclaimed. Claim it instead of registering it again.",
    )

    def __init__(self, org_id: UUID) -> None:
        super().__init__(field="uscc")
        self.org_id = org_id


class FoundedTooOften(Refused):
    text = Text(
        zh="今天登记的单位太多了，请明天再登记。要登记多家企业，请联系集群运营方，由运营方导入名册。",
        en="Too many organisations registered today. Come back tomorrow; for a list of firms ask the operator to import it.",
    )


class KindMissing(Invalid):
    text = Text(zh="请至少选一类。", en="Choose at least one kind.")


class CityUnknown(Invalid):
    text = Text(zh="没有这个城市代码。", en="No such city code.")


class RoleUnknown(Invalid):
    text = Text(zh="这类单位没有这个角色。", en="This kind of organisation doesn't have this role.")


class MemberNotFound(NotFound):
    text = Text(zh="没有这位成员。", en="No such member.")


class InvitationNotFound(NotFound):
    text = Text(
        zh="这个邀请已失效：用过、撤回或过了期。请让对方再发一次。",
        en="This invitation no longer works: used, withdrawn or expired. Ask for a new one.",
    )


class AgentNotFound(NotFound):
    text = Text(
        zh="没有找到。人要先注册，单位请填统一社会信用代码。",
        en="Not found. A person has to register first; for an organisation enter its USCC.",
    )


class AgentIsSelf(Invalid):
    text = Text(zh="不能委托自己。", en="You can't give a mandate to yourself.")


class MandateRightsInvalid(Invalid):
    text = Text(zh="请选择可以委托的权限。", en="Choose rights that can be handed over.")


class MandateDateInvalid(Invalid):
    text = Text(zh="到期日从今天起，最长三年。", en="The last day is from today on, three years at most.")


class MandateNotFound(NotFound):
    text = Text(zh="没有这项委托，或已结束。", en="No such mandate, or it has ended.")


class ScopesInvalid(Invalid):
    text = Text(zh="请选择您自己也有的权限。", en="Choose from the rights you have yourself.")


class TokenNotFound(NotFound):
    text = Text(zh="没有这个令牌，或已停用。", en="No such token, or it was withdrawn.")


class AgreementNotFound(NotFound):
    text = Text(zh="没有生效的约定。", en="No agreement is in force.")


class GrantUnknown(Invalid):
    text = Text(zh="约定里没有这一项。", en="The agreement has no such item.")


class OperatorLinkUsed(NotFound):
    text = Text(
        zh="这个链接已失效。只有第一位运营者用它；之后请让负责人邀请您。",
        en="This link no longer works. Only the first operator uses it; later ones are invited by an owner.",
    )


class ClaimedAlready(Refused):
    text = Text(
        zh="这家企业已有人认领。如有疑问，请联系集群服务公司。",
        en="Somebody has claimed this firm already. If that is wrong, tell the cluster's operator.",
    )


class ClaimNotFound(NotFound):
    text = Text(zh="没有这项认领，或已办完。", en="No such claim, or it is decided already.")


class FirmHeldElsewhere(Refused):
    text = Text(
        zh="这条记录已并入另一家运营方代管的企业。请查找那家企业，重新认领。",
        en="This entry was merged into a firm that another operator holds. Find that firm and claim it.",
    )


class ClaimRevokedBefore(Refused):
    text = Text(
        zh="您对这家企业的认领曾被收回。要再认领，请提交营业执照，由人核对。",
        en="Your claim of this firm was revoked before. Claim it with the licence, on which a person decides.",
    )


class ClaimNotGranted(Refused):
    text = Text(
        zh="这项认领没有交接，或已收回。", en="This claim was not granted, or it has been revoked already."
    )


class ClaimNotRevoked(Refused):
    text = Text(
        zh="这项认领没有收回，或已恢复。",
        en="This claim was not revoked, or it has been restored already.",
    )


class RevocationBuiltUpon(Refused):
    text = Text(
        zh="这家企业之后又有人认领，或已并入另一家，不能恢复原来的认领。",
        en="The firm was claimed or merged since; the former claim can't be restored.",
    )


class ClaimantGone(Refused):
    text = Text(
        zh="原来的负责人都已注销账号，恢复后没有人能管这家企业。请让现在的负责人重新认领。",
        en="The former owners have deleted their accounts: nobody could act for the firm. Let its owner of today claim it.",
    )


class ClaimExpired(Refused):
    text = Text(
        zh="验证码过期或试得太多。请重新开始认领。",
        en="The code expired or was tried too often. Start the claim again.",
    )


class ClaimTooOften(Refused):
    text = Text(
        zh="今天认领得太多了，请明天再来。",
        en="Too many claims today. Come back tomorrow.",
    )


class ClaimReasonMissing(Invalid):
    text = Text(zh="请写明理由，对方会看到。", en="Give a reason; the claimant will read it.")


class NoPhoneHeld(Refused):
    text = Text(
        zh="名册里没有这家企业的电话，请用信函或营业执照。",
        en="No phone is held about this firm. Use a letter or the licence.",
    )


class CodeWrong(Invalid):
    """``left`` tries remain."""

    def __init__(self, left: int) -> None:
        super().__init__(
            Text(
                zh="验证码不对，还可以试 {n} 次。",
                en="The code is wrong. {n} try left.|The code is wrong. {n} tries left.",
            ).format(n=left),
            field="code",
        )
        self.left = left


class ClaimLinkInvalid(NotFound):
    text = Text(
        zh="这个认领链接已失效：用过或过了期。请让运营方再发一次。",
        en="This claim link no longer works: used or expired. Ask the operator for a new one.",
    )
