"""A rubric's questions in sections of one page each: its planks, or the branches of its root, then what only rules read."""

from dataclasses import dataclass

from staveworks.engine.barrel.rubric import Group, Leaf, Rubric
from staveworks.kit.text import Text

REST, INPUTS = "rest", "inputs"
REST_NAME = Text(zh="其他题目", en="Other questions")
INPUTS_NAME = Text(zh="另需的数据", en="Further figures")


@dataclass(frozen=True, slots=True)
class Section:
    """``code`` is the plank's, the branch's, ``REST`` (leaves directly under the root) or ``INPUTS``."""

    code: str
    name: Text
    leaves: tuple[Leaf, ...]


def sections_of(rubric: Rubric) -> tuple[Section, ...]:
    """In the rubric's order; never empty ones."""
    found = [Section(each.plank, each.group.name, tuple(each.group.leaves())) for each in rubric.plank_groups]
    if rubric.root:
        found += _branches(rubric.root)
    if rubric.inputs:
        found.append(Section(INPUTS, rubric.inputs_name or INPUTS_NAME, rubric.inputs))
    return tuple(found)


def _branches(root: Group) -> list[Section]:
    nodes = [branch.node for branch in root.children]
    found = [Section(each.code, each.name, tuple(each.leaves())) for each in nodes if isinstance(each, Group)]
    loose = tuple(each for each in nodes if isinstance(each, Leaf))
    name = REST_NAME if found else root.name
    return [*found, Section(REST, name, loose)] if loose else found
