"""Public words of the room: what may be shown, for what purpose, and what is returned or refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from staveworks.foundation.parties.types import Kind
from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


class Field(StrEnum):
    """What a grant opens; what a policy asks for (``db.operations.sees``)."""

    OUTLINE = "outline"
    PROFILE = "profile"
    LEVEL = "level"
    BARREL = "barrel"
    ASSESSMENT = "assessment"
    DOCUMENTS = "documents"

    @property
    def text(self) -> Text:
        return FIELD_TEXTS[self]

    @property
    def name_short(self) -> Text:
        """Without what it holds: 概况, outline."""
        zh, _, _ = self.text.zh.partition("：")
        en, _, _ = self.text.en.partition(":")
        return Text(zh=zh, en=en.lower())


FIELD_TEXTS = {
    Field.OUTLINE: Text(zh="概况：业态、人数、产品、网站", en="Outline: trade, staff, products, website"),
    Field.PROFILE: Text(
        zh="全部资料：概况，加上联系人、电话、邮箱、地址",
        en="Whole profile: the outline, with contact, phone, e-mail, address",
    ),
    Field.LEVEL: Text(zh="水位：高低，卡在哪块板", en="Water level: how high, and which plank holds it down"),
    Field.BARREL: Text(
        zh="整个木桶：水位，加上每块板的高度",
        en="Whole barrel: the water level, with the height of each plank",
    ),
    Field.ASSESSMENT: Text(
        zh="诊断答卷：整个木桶，加上每一题的答案",
        en="Assessments: the whole barrel, with the answer to each question",
    ),
    Field.DOCUMENTS: Text(zh="材料：答案后面的文件", en="Documents: the papers behind the answers"),
}
INCLUDED = {
    Field.PROFILE: {Field.OUTLINE},
    Field.BARREL: {Field.LEVEL},
    Field.ASSESSMENT: {Field.BARREL, Field.LEVEL},
}
"""Who has the answers can compute the barrel: the wider field takes the narrower one in; the database adds it to every grant (``sql/grants.sql``)."""


def plainly(fields: Iterable[str]) -> tuple[Field, ...]:
    """``fields`` in their order, without those that a wider one takes in."""
    given = {Field(field) for field in fields}
    taken_in = {narrow for wide in given for narrow in INCLUDED.get(wide, ())}
    return tuple(field for field in Field if field in given - taken_in)


class Purpose(StrEnum):
    """What shown data may be used for. A page or an endpoint reads for one purpose and sees what was granted for that one."""

    OPERATION = "operation"
    ATTESTATION = "attestation"
    FINANCE = "finance"
    PROGRAMMES = "programmes"
    SUPPLY = "supply"

    @property
    def text(self) -> Text:
        return PURPOSE_TEXTS[self]

    @property
    def name_short(self) -> Text:
        """Without what it is about: 集群运营, running the cluster."""
        zh, _, _ = self.text.zh.partition("：")
        en, _, _ = self.text.en.partition(":")
        return Text(zh=zh, en=en)


PURPOSE_TEXTS = {
    Purpose.OPERATION: Text(
        zh="集群运营：看集群短在哪里、安排公共服务、联系您",
        en="Running the cluster: to see what is short, arrange services and reach you",
    ),
    Purpose.ATTESTATION: Text(
        zh="核验：查看材料，证实答案", en="Attestation: to check papers and vouch for answers"
    ),
    Purpose.FINANCE: Text(zh="融资：评估和报价", en="Finance: to assess and quote"),
    Purpose.PROGRAMMES: Text(zh="公共项目：资格和成效", en="Public programmes: eligibility and effect"),
    Purpose.SUPPLY: Text(zh="供应链合作", en="Supply: to work together in a supply chain"),
}


GROUPS = (Kind.CITY, Kind.BANK, Kind.GOVERNMENT, Kind.ASSOCIATION)
"""Kinds of organisations that a grant may be given to as a whole. Of cities and governments: those of the firm's own place."""


GROUP_TEXTS = {
    Kind.CITY: Text(zh="本地的城市运营方（经平台确认）", en="City operators of your place, confirmed"),
    Kind.BANK: Text(zh="金融机构（经平台确认）", en="Financial institutions, confirmed"),
    Kind.GOVERNMENT: Text(zh="本地政府部门（经平台确认）", en="Local government of your place, confirmed"),
    Kind.ASSOCIATION: Text(zh="行业协会（经平台确认）", en="Associations, confirmed"),
}
CONFIRMED_KINDS = frozenset({*GROUPS, Kind.PROVIDER, Kind.BACKBONE})
"""What an organisation says of itself, and the platform's operator may confirm. A grant to a kind reaches it only then; a firm that
grants something to one organisation is told whether anybody has checked who that is."""


@dataclass(frozen=True, slots=True)
class Grantee:
    """To whom: one organisation, or a kind of organisations."""

    org_id: UUID | None = None
    kind: Kind | None = None

    def __post_init__(self) -> None:
        if (self.org_id is None) == (self.kind is None):
            raise ValueError("a grant goes to one organisation or to one kind")


@dataclass(frozen=True, slots=True)
class GrantCard:
    """A grant that a firm has given. ``fields`` without those that a wider one takes in; ``until`` is exclusive."""

    id: UUID
    grantee: Grantee
    grantee_name: Text
    purpose: Purpose
    fields: tuple[Field, ...]
    since: datetime
    until: datetime | None
    withdrawn_at: datetime | None
    by_agreement: bool

    def live_at(self, moment: datetime) -> bool:
        return self.withdrawn_at is None and (self.until is None or moment < self.until)


type Value = str | int | float | list[str] | list[float] | list[int]


class Grade(StrEnum):
    """What stands behind a statement or an answer, ascending."""

    SELF = "self"
    DOCUMENT = "document"
    PLATFORM = "platform"
    INSPECTOR = "inspector"

    @property
    def rank(self) -> int:
        return list(Grade).index(self)

    @property
    def text(self) -> Text:
        return GRADE_TEXTS[self]


GRADE_TEXTS = {
    Grade.SELF: Text(zh="自报", en="self-reported"),
    Grade.DOCUMENT: Text(zh="材料已核", en="papers checked"),
    Grade.PLATFORM: Text(zh="平台数据", en="platform data"),
    Grade.INSPECTOR: Text(zh="现场核验", en="inspected"),
}


class Source(StrEnum):
    """Where a statement comes from; its ``source_id`` is the row, the assessment or the correction."""

    ROSTER = "roster"
    PROFILE = "profile"
    ASSESSMENT = "assessment"
    CORRECTION = "correction"

    @property
    def text(self) -> Text:
        return SOURCE_TEXTS[self]


SOURCE_TEXTS = {
    Source.ROSTER: Text(zh="名册", en="a roster"),
    Source.PROFILE: Text(zh="单位资料", en="the organisation’s data"),
    Source.ASSESSMENT: Text(zh="诊断", en="an assessment"),
    Source.CORRECTION: Text(zh="更正", en="a correction"),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement to be kept. ``value`` None takes back what the source said before. ``stated_by``: the organisation that says
    so, where that isn't the firm."""

    org_id: UUID
    field: str
    value: Value | None
    source: Source
    source_id: UUID
    stated_at: datetime
    grade: Grade = Grade.SELF
    stated_by: UUID | None = None
    source_name: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it is kept. ``rule``: the version of ``facts.validity`` that set ``valid_until``."""

    id: UUID
    field: str
    value: Value | None
    grade: Grade
    source: Source
    source_id: UUID
    stated_by: UUID | None
    stated_at: datetime
    valid_until: datetime | None
    recorded_at: datetime
    rule: str
    source_name: str

    def over_at(self, moment: datetime) -> bool:
        return self.valid_until is not None and self.valid_until <= moment


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a field: the statement that holds, others that differ, others that say the same."""

    field: str
    held: Statement
    differing: tuple[Statement, ...]
    agreeing: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class CorrectionCard:
    """A firm says that a statement about it is wrong; whoever stated it decides."""

    id: UUID
    firm: UUID
    firm_name: Text
    field: str
    stated: Value | None
    asked: str
    reason: str
    asked_at: datetime
    state: str
    answer: str
    decided_at: datetime | None


class GrantNotFound(NotFound):
    text = Text(zh="没有这项授权，或已经撤回。", en="No such grant, or it was withdrawn.")


class GrantOverlaps(Refused):
    text = Text(
        zh="刚刚已经为同一用途授权给对方。请刷新后再改。",
        en="A grant for the same purpose was given to them a moment ago. Reload and change that one.",
    )


class GrantOfAgreement(Refused):
    text = Text(
        zh="这项授权来自入会约定，请在入会约定里更改或撤回。",
        en="This grant comes from the membership agreement. Change or withdraw it there.",
    )


class FieldsMissing(Invalid):
    text = Text(zh="请至少选一项内容。", en="Choose at least one thing to show.")


class GranteeUnknown(Invalid):
    text = Text(
        zh="找不到这个单位。请填统一社会信用代码，或从列表里选一类。",
        en="No such organisation. Enter its USCC, or choose a kind from the list.",
    )


class GranteeIsSelf(Invalid):
    text = Text(zh="不必授权给自己。", en="There is no need to grant yourself.")


class UntilInvalid(Invalid):
    text = Text(zh="到期日从明天起，最长五年。", en="The last day is from tomorrow on, five years at most.")


class NotGranted(NotFound):
    text = Text(
        zh="没有这家企业，或它没有为这个用途授权给您的单位。",
        en="No such firm, or it shows your organisation nothing for this purpose.",
    )


class StatementNotFound(NotFound):
    text = Text(
        zh="没有这条信息，或它已经被更新。", en="No such statement, or a newer one has taken its place."
    )


class OwnStatement(Refused):
    text = Text(
        zh="这条是本单位自己填的，请直接在单位资料或诊断里改。",
        en="Your organisation stated this itself: change it in its data or the assessment.",
    )


class CorrectionAsked(Refused):
    text = Text(zh="这条已经申请更正，正在等对方答复。", en="A correction of this is asked for already.")


class CorrectionNotFound(NotFound):
    text = Text(zh="没有等您答复的这项更正。", en="No such correction waits for you.")


class ReasonMissing(Invalid):
    text = Text(zh="请写明理由，对方会看到。", en="Give a reason; the other side will read it.")


class KindNotStated(NotFound):
    text = Text(
        zh="这个单位没有登记为这一类，或没有确认过。",
        en="The organisation doesn't say it is of this kind, or nobody confirmed it.",
    )


class StaffInvalid(Invalid):
    text = Text(zh="人数请填整数。", en="Enter a whole number of people.")
