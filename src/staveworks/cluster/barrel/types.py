"""Public words of the room: kinds and states, what is returned, what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from staveworks.foundation.facts.types import Grade
from staveworks.kit.errors import Invalid, NotAllowed, NotFound, Refused
from staveworks.kit.intervals import Interval
from staveworks.kit.text import Text

if TYPE_CHECKING:  # a command that computes nothing needs no mathematics loaded
    from staveworks.engine.barrel import LevelSpan, Rubric

Value = int | float | list[int] | str  # option number from 0, list of them, number, or "n/a"


class Kind(StrEnum):
    """How much is asked: the eight questions of the quick start, or all."""

    QUICK = "quick"
    FULL = "full"

    @property
    def text(self) -> Text:
        return KIND_TEXTS[self]


KIND_TEXTS = {
    Kind.QUICK: Text(zh="八题快测", en="Quick start"),
    Kind.FULL: Text(zh="完整诊断", en="Full assessment"),
}


class State(StrEnum):
    OPEN = "open"
    FINISHED = "finished"
    SUPERSEDED = "superseded"
    SET_ASIDE = "set_aside"

    @property
    def text(self) -> Text:
        return STATE_TEXTS[self]


STATE_TEXTS = {
    State.OPEN: Text(zh="填写中", en="under way"),
    State.FINISHED: Text(zh="已完成", en="finished"),
    State.SUPERSEDED: Text(zh="已被新的取代", en="superseded"),
    State.SET_ASIDE: Text(zh="不算数", en="set aside"),
}


class Size(StrEnum):
    """Sizes of industrial firms by staff: the classes of 工信部联企业〔2011〕300号."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def text(self) -> Text:
        return SIZE_TEXTS[self]


SIZE_TEXTS = {
    Size.MICRO: Text(zh="微型，不足 20 人", en="micro, below 20 people"),
    Size.SMALL: Text(zh="小型，20–299 人", en="small, 20–299 people"),
    Size.MEDIUM: Text(zh="中型，300–999 人", en="medium, 300–999 people"),
    Size.LARGE: Text(zh="大型，1,000 人以上", en="large, 1,000 people and more"),
}


@dataclass(frozen=True, slots=True)
class PlankState:
    """One plank of a diagnosis. ``own`` is the wood (absolute, before holes), ``height`` what counts (relative, after)."""

    code: str
    kind: Literal["stave", "hoop"]
    own: Interval
    verified: Interval
    height: Interval
    target: float
    needed: bool
    weight: float
    answered: int
    asked: int
    hole: float | None

    @property
    def wood(self) -> Interval:
        """The wood relative to the target, before holes: what the picture draws."""
        return self._relative(self.own)

    @property
    def verified_relative(self) -> Interval:
        return self._relative(self.verified)

    def _relative(self, interval: Interval) -> Interval:
        if self.target <= 0:
            return Interval.point(100.0)
        low, likely, high = interval.low, interval.likely, interval.high
        if high <= self.target == 100:
            return interval
        target = self.target
        return Interval(
            100 * min(1.0, low / target), 100 * min(1.0, likely / target), 100 * min(1.0, high / target)
        )


SETTLED = 0.05
"""A level whose interval is narrower is known: half of the last figure that is shown of it."""


@dataclass(frozen=True, slots=True)
class DiagnosisCard:
    """What a firm's assessment came to: all that a table, a map or the API shows of a barrel."""

    org_id: UUID
    assessment_id: UUID
    at: datetime
    finished: bool
    water: Interval
    mean: Interval
    unevenness: Interval
    bearing: Interval
    verified_water: Interval
    binding: str | None
    next_to_bind: tuple[str, ...]
    planks: Mapping[str, PlankState]
    answered: int
    asked: int

    @property
    def settled(self) -> bool:
        """Whether no open question can move the water level any more, as far as a tenth of a point shows."""
        return self.water.width < SETTLED

    @property
    def staves(self) -> list[PlankState]:
        return [plank for plank in self.planks.values() if plank.kind == "stave"]

    @property
    def hoops(self) -> list[PlankState]:
        return [plank for plank in self.planks.values() if plank.kind == "hoop"]


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """What an assessment came to in points, with its level where the rubric has levels: of every rubric."""

    score: Interval
    level: "LevelSpan | None"
    answered: int
    asked: int

    @property
    def open(self) -> int:
        return self.asked - self.answered


@dataclass(frozen=True, slots=True)
class AssessmentCard:
    """One line of a firm's history of assessments. ``outdated``: a newer edition of its rubric is in force.

    ``scored`` is None before the first answer; ``diagnosis`` also where the rubric has no planks (``by_planks``).
    ``questions``: how many the rubric has. ``merged``: the name of the entry whose it was, where that was merged into the firm:
    a record to read, whose answers the next assessment begins with.
    """

    id: UUID
    org_id: UUID
    rubric: str
    edition: str
    sha256: str
    rubric_name: Text
    kind: Kind
    state: State
    profile: str
    adjustments: Mapping[str, float]
    adjustment_reason: str
    started_at: datetime
    saved_at: datetime | None
    finished_at: datetime | None
    rescored: bool
    outdated: bool
    by_planks: bool
    questions: int
    scored: ScoreCard | None
    diagnosis: DiagnosisCard | None
    merged: Text | None = None

    @property
    def under_way(self) -> bool:
        """It may be answered: an open one of an entry that was merged is a record."""
        return self.state == State.OPEN and self.merged is None

    @property
    def takes_papers(self) -> bool:
        return self.state in (State.OPEN, State.FINISHED) and self.merged is None

    @property
    def date(self) -> datetime:
        return self.finished_at or self.saved_at or self.started_at


@dataclass(frozen=True, slots=True)
class EvidenceItem:
    """A paper behind an answer. ``scan``: what the malware scanner said of it."""

    id: UUID
    file_id: UUID
    name: str
    media_type: str
    size: int
    note: str
    added_at: datetime
    scan: Text


@dataclass(frozen=True, slots=True)
class AttestationItem:
    grade: Grade
    by_org: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class AnswerState:
    """One leaf's answer as it stands: ``value`` None is unanswered."""

    leaf: str
    value: Value | None
    answered_at: datetime | None = None
    carried: bool = False
    evidence: tuple[EvidenceItem, ...] = ()
    attestations: tuple[AttestationItem, ...] = ()

    @property
    def grade(self) -> Grade:
        return max(
            (each.grade for each in self.attestations), key=lambda grade: grade.rank, default=Grade.SELF
        )

    @property
    def waits(self) -> bool:
        """Papers were handed in and nobody has vouched for the answer yet."""
        return self.value is not None and bool(self.evidence) and self.grade == Grade.SELF


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that another organisation, or whoever had a mandate (``by`` None), gave in the firm's name; not yet confirmed."""

    change: UUID
    rubric: str
    leaf: str
    question: Text
    value: Value
    says: Text
    by: Text | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    assessment_id: UUID
    leaf: str
    at: datetime
    answered: int
    asked: int


@dataclass(frozen=True, slots=True)
class PeerBand:
    """Where the middle half of the firms of the same business type (and size, if known) stands, as last published: their
    water levels, or their scores where the rubric has no planks.

    ``firms``: at least so many. 10 stands for "10 or less", 90 for "90 or more".
    """

    firms: int
    same_size: bool
    low: float
    median: float
    high: float
    planks: Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class PlankChange:
    """A plank, or a branch of a rubric without planks, at two dates.

    ``difference`` is of the likely heights; None where one of them does not exist.
    """

    code: str
    before: Interval | None
    after: Interval | None

    @property
    def difference(self) -> float | None:
        return None if self.before is None or self.after is None else self.after.likely - self.before.likely


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    leaf: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two assessments of one firm by one rubric, or one assessment under two editions. ``rubric`` is the later edition.

    ``planks`` and ``water`` where it maps planks; else ``groups``: the points of each branch, by its code.
    """

    earlier: AssessmentCard
    later: AssessmentCard
    rubric: "Rubric"
    water: PlankChange
    score: PlankChange
    planks: tuple[PlankChange, ...]
    groups: tuple[PlankChange, ...]
    answers: tuple[AnswerDifference, ...]


class DifferentRubrics(Invalid):
    text = Text(
        zh="这两次诊断用的不是同一套评价标准，不能相比。",
        en="These two assessments follow different rubrics and can't be compared.",
    )


class AssessmentNotFound(NotFound):
    text = Text(zh="没有这份诊断，或您看不到它。", en="No such assessment, or none you can see.")


class AssessmentFinished(Refused):
    text = Text(
        zh="这份诊断已完成，不能再改。请重新做一份，原来的答案会带过去。",
        en="This assessment is finished and can't be changed. Start a new one; its answers are taken over.",
    )


class NotOwnAnswers(Refused):
    text = Text(
        zh="只有企业自己的人能确认别人替它答的题。",
        en="Only the firm’s own people confirm what was answered for it.",
    )


class AnswersChanged(Refused):
    text = Text(
        zh="有的答案刚刚变了，还没有确认。请看过现在的答案再确认。",
        en="Some of these answers have just changed; nothing is confirmed. Look at them as they are now.",
    )


class AssessmentSetAside(Refused):
    text = Text(
        zh="这份诊断是在已收回的认领下填写的，只留作记录。",
        en="This assessment was filled in under a claim that was revoked; it is kept for the record only.",
    )


class NothingAnswered(Refused):
    text = Text(zh="一题都没有答，还不能完成。", en="Nothing is answered yet.")


class NotYetAnswered(Refused):
    text = Text(zh="这题还没有答，先答再附材料。", en="Answer the question first, then add evidence.")


class ReasonMissing(Invalid):
    text = Text(zh="改了目标，请写一句理由。", en="Say in a sentence why the targets differ.")


class EvidenceFileNotFound(NotFound):
    text = Text(zh="没有这个文件。", en="No such file.")


class GradeUnknown(Invalid):
    text = Text(zh="请选“材料属实”或“现场核验”。", en="Choose papers checked or inspected.")


class NoPaper(Refused):
    text = Text(zh="这题没有附材料，无从核对。", en="No paper stands behind this answer.")


class PlatformOnly(NotAllowed):
    text = Text(
        zh="“平台数据”只由平台自己的记录产生。", en="Only the platform's own records make platform data."
    )


class OwnAttestation(Refused):
    text = Text(zh="不能核验自己单位的答案。", en="You can't attest your own organisation's answers.")


class EditionInForce(Refused):
    text = Text(zh="这份诊断用的已是现行版本。", en="This assessment already uses the edition in force.")
