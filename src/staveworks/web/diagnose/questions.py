"""A question as a page shows it: how it is answered, what is answered, what was wrong."""

from dataclasses import dataclass, replace
from typing import Literal

from staveworks.cluster.barrel.queries import AssessmentView
from staveworks.cluster.barrel.types import AnswerState, Value
from staveworks.engine.barrel import NOT_APPLICABLE, Leaf, Rubric, say_answer
from staveworks.foundation.facts.types import Grade
from staveworks.kit.text import Text
from staveworks.web.diagnose.sources import Source, origin_of, source_of

MANY, LONG = 6, 14  # answers, characters: more than these stand below each other


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    text: Text
    chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionCard:
    """``anchor`` is the element's id; ``shown`` is what stands in the number field; ``source`` says what else may answer
    it, ``origin`` from which rubric it is taken over. ``known``: it follows from another rubric's answers."""

    leaf: Leaf
    anchor: str
    control: Literal["radio", "ticks", "number"]
    choices: tuple[Choice, ...]
    state: AnswerState
    shown: str = ""
    error: Text | None = None
    source: Source | None = None
    origin: Rubric | None = None
    known: bool = False

    @property
    def answered(self) -> bool:
        return self.state.value is not None

    @property
    def rows(self) -> bool:
        """Long or many answers stand below each other."""
        texts = [each.text for each in self.choices]
        return len(texts) > MANY or any(len(text.zh) > LONG or len(text.en) > 2 * LONG for text in texts)

    @property
    def wanted(self) -> Text:
        """Who may vouch for it."""
        return Grade(self.leaf.attest).text

    @property
    def evidence_helps(self) -> bool:
        return Grade(self.leaf.attest) != Grade.SELF

    @property
    def not_applicable(self) -> bool:
        return self.state.value == NOT_APPLICABLE

    @property
    def words(self) -> Text | None:
        """The answer in words."""
        return None if self.state.value is None else say_answer(self.leaf, self.state.value)


def question_card(
    rubric: Rubric, leaf: Leaf, state: AnswerState | None = None, *, error: Text | None = None, sent: str = ""
) -> QuestionCard:
    held = state or AnswerState(leaf.code, None)
    control: Literal["radio", "ticks", "number"] = "number"
    if leaf.kind == "multi":
        control = "ticks"
    elif leaf.options:
        control = "radio"
    return QuestionCard(
        leaf=leaf,
        anchor=f"q{rubric.index[leaf.code]}",
        control=control,
        choices=_choices(leaf, held.value),
        state=held,
        shown=sent or _shown(held.value),
        error=error,
    )


def question_of(
    view: AssessmentView, code: str, *, error: Text | None = None, sent: str = ""
) -> QuestionCard:
    leaf = view.rubric.leaf(code)
    found = question_card(view.rubric, leaf, view.answers.get(code), error=error, sent=sent)
    known = not found.answered and view.result.leaves[code].answered
    return replace(found, source=source_of(view, leaf), origin=origin_of(view, leaf), known=known)


def _choices(leaf: Leaf, value: Value | None) -> tuple[Choice, ...]:
    held = value if isinstance(value, list) else [value]
    found = [Choice(str(i), option.text, i in held) for i, option in enumerate(leaf.options)]
    if leaf.may_be_not_applicable:
        text = Text(zh="不适用", en="Not applicable")
        found.append(Choice(NOT_APPLICABLE, text, value == NOT_APPLICABLE))
    return tuple(found)


def _shown(value: Value | None) -> str:
    return f"{value:g}" if isinstance(value, int | float) else ""
