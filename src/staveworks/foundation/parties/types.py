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
    is another (a mandate or stewardship); ``service`` names a program that acts as the operator.
    """

    person_id: UUID | None
    org_id: UUID | None
    rights: frozenset[str] = field(default_factory=frozenset)
    kinds: frozenset[Kind] = field(default_factory=frozenset)
    roles: frozenset[Role] = field(default_factory=frozenset)
    via_org_id: UUID | None = None
    mandate_id: UUID | None = None
    service: str | None = None

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

    def narrowed_to(self, rights: frozenset[str]) -> "Actor":
        """The same actor with no more than ``rights`` (an API token's scopes)."""
        return replace(self, rights=self.rights & rights)


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


class RightMissing(NotAllowed):
    """The actor's roles, mandate or scopes don't include the right."""

    def __init__(self, right: str) -> None:
        super().__init__(
            Text(zh="您没有这项权限（{right}）。", en="You don't have this right ({right}).").format(
                right=right
            )
        )
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


class UsccInvalid(Invalid):
    """A unified social credit code whose length, characters or check digit are wrong."""


class UsccTaken(Refused):
    text = Text(
        zh="这个统一社会信用代码已登记在另一家企业名下。",
        en="This USCC is already registered for another firm.",
    )
