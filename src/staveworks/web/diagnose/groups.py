"""The questions of an assessment in groups of one page each: by plank, or by branch where a rubric has none."""

from dataclasses import dataclass

from staveworks.cluster.barrel.queries import AssessmentView
from staveworks.engine.barrel import Leaf, Section, sections_of
from staveworks.kit.planks import Plank, Register
from staveworks.kit.text import Text
from staveworks.web.diagnose.registers import register_in_force


@dataclass(frozen=True, slots=True)
class Group:
    """One page of questions. ``answered`` counts also what follows from another rubric's answers."""

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
    """The code of the group in which ``leaf`` is asked."""
    return next(
        each.code for each in sections_of(view.rubric) if leaf.code in {one.code for one in each.leaves}
    )


def groups(view: AssessmentView, register: Register) -> list[Group]:
    """In the rubric's order; never empty ones."""
    return [_group(view, section, register) for section in sections_of(view.rubric)]


def steps(view: AssessmentView, now: str) -> list[tuple[Group, str]]:
    """Every group, and whether it is the one shown (``now``), ``done`` or comes ``next``."""
    found = groups(view, register_in_force())
    return [(each, "now" if each.code == now else "done" if each.done else "next") for each in found]


@dataclass(frozen=True, slots=True)
class Best:
    """The question most worth answering next, and where it is asked."""

    group: str
    anchor: str
    name: Text


def best_of(view: AssessmentView) -> Best | None:
    """None when nothing is open."""
    if not view.questions:
        return None
    leaf = view.rubric.leaf(view.questions[0].code)
    return Best(group_of(view, leaf), f"q{view.rubric.index[leaf.code]}", leaf.name)


def _group(view: AssessmentView, section: Section, register: Register) -> Group:
    plank = register.get(section.code) if view.card.by_planks else None
    answered = sum(view.result.leaves[leaf.code].answered for leaf in section.leaves)
    name = plank.name if plank else section.name
    return Group(section.code, name, plank, section.leaves, answered)
