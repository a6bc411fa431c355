"""Where the answers of a quick start are kept: in a visitor's session, or in a firm's assessment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from staveworks.cluster.barrel.editions import DEFAULT_RUBRIC
from staveworks.cluster.barrel.queries import access_assessment
from staveworks.cluster.barrel.types import Value
from staveworks.cluster.barrel.usecases.save_answer import save_answer
from staveworks.cluster.barrel.visiting import Visit, find_chances, score_visitor
from staveworks.engine.barrel import Leaf, Rubric, check_answer, load_rubric
from staveworks.foundation.parties.types import Actor

KEY = "quick_start"


class Sheet(Protocol):
    """Eight questions and what has been answered."""

    @property
    def rubric(self) -> Rubric: ...
    @property
    def answers(self) -> Mapping[str, Value]: ...
    def save(self, leaf: Leaf, value: Value) -> None: ...
    def result(self) -> Visit: ...
    def step_url(self, step: int) -> str: ...
    def result_url(self) -> str: ...


@dataclass(frozen=True)
class VisitorSheet:
    """Kept in the session, for as long as it lasts; given to the firm when she registers or claims one."""

    request: HttpRequest

    @property
    def rubric(self) -> Rubric:
        return load_rubric(DEFAULT_RUBRIC)

    @property
    def kept(self) -> dict[str, object]:
        found: dict[str, object] = self.request.session.get(KEY, {})
        return found

    @property
    def profile(self) -> str:
        return str(self.kept.get("profile", ""))

    @property
    def answers(self) -> Mapping[str, Value]:
        found: Mapping[str, Value] = self.kept.get("answers", {})  # type: ignore[assignment]
        return found

    def begin(self, profile: str) -> None:
        self.request.session[KEY] = {"profile": profile, "answers": dict(self.answers)}

    def save(self, leaf: Leaf, value: Value) -> None:
        check_answer(self.rubric, leaf.code, value)
        answers = dict(self.answers) | {leaf.code: value}
        self.request.session[KEY] = {"profile": self.profile, "answers": answers}

    def forget(self) -> None:
        self.request.session.pop(KEY, None)

    def result(self) -> Visit:
        return score_visitor(self.answers, profile=self.profile)

    def step_url(self, step: int) -> str:
        return reverse("start_step", args=[step])

    def result_url(self) -> str:
        return reverse("start_result")


class FirmSheet:
    """The firm's open assessment."""

    def __init__(self, actor: Actor, assessment: UUID) -> None:
        self.actor, self.assessment = actor, assessment
        self.view = access_assessment(actor, assessment_id=assessment)

    @property
    def rubric(self) -> Rubric:
        return self.view.rubric

    @property
    def answers(self) -> Mapping[str, Value]:
        return self.view.values

    def save(self, leaf: Leaf, value: Value) -> None:
        save_answer(self.actor, assessment_id=self.assessment, leaf=leaf.code, value=value)

    def result(self) -> Visit:
        diagnosis = self.view.card.diagnosis
        if diagnosis is None:
            return score_visitor(self.answers, profile=self.view.card.profile)
        return Visit(diagnosis, find_chances(self.actor, assessment_id=self.assessment))

    def step_url(self, step: int) -> str:
        return reverse("quick", args=[step])

    def result_url(self) -> str:
        return reverse("quick_result")
