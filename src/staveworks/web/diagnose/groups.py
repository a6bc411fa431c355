"""The questions of an assessment in groups of one page each: by plank, or all together where a rubric has none."""

from dataclasses import dataclass

from staveworks.cluster.barrel.queries import AssessmentView
from staveworks.engine.barrel import Leaf
from staveworks.kit.planks import Plank, Register
from staveworks.kit.text import Text
from staveworks.web.diagnose.registers import register_in_force

REST = "rest"
REST_NAME = Text(zh="其他", en="Other questions")
ALL_NAME = Text(zh="全部题目", en="All questions")


@dataclass(frozen=True, slots=True)
class Group:
    """One page of questions."""

    code: str
    name: Text
    plank: Plank | None
    leaves: tuple[Leaf, ...]
    answered: int

    @property
    def asked(self) -> int:
        return len(self.leaves)

    @property
    def done(self) -> bool:
        return self.answered == self.asked


def group_of(view: AssessmentView, leaf: Leaf) -> str:
    return leaf.plank or REST


def groups(view: AssessmentView, register: Register) -> list[Group]:
    """In the rubric's order; never empty ones."""
    codes = dict.fromkeys(group_of(view, leaf) for leaf in view.rubric.leaves)
    return [_group(view, code, register.get(code), alone=len(codes) == 1) for code in codes]


def steps(view: AssessmentView, now: str) -> list[tuple[Group, str]]:
    """Every group, and whether it is the one shown (``now``), ``done`` or comes ``next``."""
    found = groups(view, register_in_force())
    return [(each, "now" if each.code == now else "done" if each.done else "next") for each in found]


def _group(view: AssessmentView, code: str, plank: Plank | None, *, alone: bool) -> Group:
    leaves = tuple(leaf for leaf in view.rubric.leaves if group_of(view, leaf) == code)
    name = plank.name if plank else ALL_NAME if alone else REST_NAME
    if plank is None and code != REST:
        name = Text(zh=code, en=code)
    return Group(code, name, plank, leaves, sum(leaf.code in view.values for leaf in leaves))
