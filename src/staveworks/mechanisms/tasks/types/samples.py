"""Samples and their custody: where a sample is, what may follow, what becomes of it afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from staveworks.kit.errors import Invalid, NotFound, Refused
from staveworks.kit.text import Text


class TaskStep(StrEnum):
    """What happened to a sample; its place in the chain of custody is the last of them."""

    RECEIVED = "received"
    MOVED = "moved"
    IN_TEST = "in_test"
    RETURNED = "returned"
    DESTROYED = "destroyed"

    @property
    def text(self) -> Text:
        return STEP_TEXTS[self]


STEP_TEXTS = {
    TaskStep.RECEIVED: Text(zh="已收样", en="Received"),
    TaskStep.MOVED: Text(zh="已移交", en="Moved"),
    TaskStep.IN_TEST: Text(zh="检测中", en="In test"),
    TaskStep.RETURNED: Text(zh="已退回", en="Returned"),
    TaskStep.DESTROYED: Text(zh="已销毁", en="Destroyed"),
}


AWAITED = Text(zh="待收样", en="Not yet received")


HERE = (TaskStep.RECEIVED, TaskStep.MOVED, TaskStep.IN_TEST)
"""The sample is with the laboratory."""


FOLLOWS: Mapping[TaskStep | None, tuple[TaskStep, ...]] = {
    None: (TaskStep.RECEIVED,),
    TaskStep.RECEIVED: (TaskStep.MOVED, TaskStep.IN_TEST, TaskStep.RETURNED, TaskStep.DESTROYED),
    TaskStep.MOVED: (TaskStep.MOVED, TaskStep.IN_TEST, TaskStep.RETURNED, TaskStep.DESTROYED),
    TaskStep.IN_TEST: (TaskStep.MOVED, TaskStep.RETURNED, TaskStep.DESTROYED),
    TaskStep.RETURNED: (),
    TaskStep.DESTROYED: (),
}
"""Which step may follow which; None: it hasn't arrived."""


class Rest(StrEnum):
    """What becomes of a sample after the days of retention."""

    RETURN = "return"
    DESTROY = "destroy"

    @property
    def text(self) -> Text:
        return REST_TEXTS[self]


REST_TEXTS = {
    Rest.RETURN: Text(zh="退回委托方", en="Send it back"),
    Rest.DESTROY: Text(zh="由检测方销毁", en="Destroy it"),
}


@dataclass(frozen=True, slots=True)
class CustodyStep:
    """One link of the chain. ``by``: the person's id, None once she is erased."""

    number: int
    step: TaskStep
    place: str
    note: str
    by: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Sample:
    """``code`` stands on its label. ``custody``: oldest first."""

    id: UUID
    number: int
    name: str
    code: str
    custody: tuple[CustodyStep, ...]

    @property
    def step(self) -> TaskStep | None:
        return self.custody[-1].step if self.custody else None

    @property
    def text(self) -> Text:
        return self.step.text if self.step else AWAITED


class SampleNotFound(NotFound):
    text = Text(zh="没有这个样品，或您看不到它。", en="No such sample, or none you can see.")


class StepRefused(Refused):
    """A step that can't follow the sample's last one."""

    def __init__(self, was: TaskStep | None, step: TaskStep) -> None:
        before = was.text if was else AWAITED
        super().__init__(
            Text(
                zh=f"这个样品现在是“{before.zh}”，不能再记“{step.text.zh}”。",
                en=f"The sample is “{before.en}” now, so “{step.text.en}” can't be recorded.",
            ),
            field="step",
        )


class NoSamples(Invalid):
    text = Text(zh="请至少选一个样品。", en="Choose at least one sample.")
