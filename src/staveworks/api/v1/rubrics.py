"""Rubrics with every question in both languages, and the target profiles of business types."""

from typing import Annotated

from pydantic import Field

from staveworks.api.authentication import Call
from staveworks.api.operation import PUBLIC, Resource
from staveworks.api.shapes import Out, Words
from staveworks.cluster.barrel.editions import offered_rubrics
from staveworks.engine.barrel import (
    Leaf,
    Profile,
    Rubric,
    load_profiles,
    load_rubric,
    sections_of,
)
from staveworks.kit.text import Text

router = Resource("rubrics")
profiles_router = Resource("rubrics")


class OptionOut(Out):
    """``number``: what an answer says, from 0. ``exclusive``: stands alone."""

    number: int
    text: Words
    exclusive: bool


class LeafOut(Out):
    """One question; ``code`` is the key of its answer in every rubric that asks it."""

    code: str
    kind: str
    name: Words
    question: Words
    help: Words | None
    evidence: Words
    attest: Annotated[
        str, Field(description="Who may attest it: self, document, platform, inspector or higher.")
    ]
    options: list[OptionOut]
    unit: Words | None
    least: float | None
    most: float | None
    plank: str | None
    may_be_not_applicable: bool
    quick: bool
    origin: str


class RubricCard(Out):
    """One edition; ``sha256`` is that of its file. ``about``: what it is; ``gives``: what the firm gets."""

    id: str
    edition: str
    name: Words
    source: Words
    sha256: str
    planks: list[str]
    questions: int
    about: Words | None
    gives: Words | None
    minutes: int | None


class SectionOut(Out):
    """One page of questions: a plank's, a branch's, or those that only gates and levels read."""

    code: str
    name: Words
    leaves: list[str]


class RubricOut(RubricCard):
    sections: list[SectionOut]
    leaves: list[LeafOut]


class Rubrics(Out):
    items: list[RubricCard]


class ProfileOut(Out):
    """``targets``: plank → the height that this business needs; a plank that is not named needs 100."""

    code: str
    name: Words
    description: Words
    targets: dict[str, float]


class Profiles(Out):
    items: list[ProfileOut]


@router.read("", says=Text(zh="列出诊断量表", en="List rubrics"), door=PUBLIC, answer=Rubrics)
def list_all_rubrics(request: Call) -> Rubrics:
    """The rubrics in force."""
    return Rubrics(items=[RubricCard.model_validate(_card(load_rubric(each))) for each in offered_rubrics()])


@router.read("/{rubric}", says=Text(zh="查看诊断量表", en="Get a rubric"), door=PUBLIC, answer=RubricOut)
def get_rubric(request: Call, rubric: str) -> RubricOut:
    """A rubric with all its questions in the order of asking."""
    found = load_rubric(rubric)
    leaves = [show_leaf(leaf) for leaf in found.leaves]
    return RubricOut.model_validate(_card(found) | {"sections": _sections(found), "leaves": leaves})


@profiles_router.read("", says=Text(zh="列出目标画像", en="List profiles"), door=PUBLIC, answer=Profiles)
def list_profiles(request: Call) -> Profiles:
    """The target profiles of business types."""
    return Profiles(items=[_profile(each) for each in load_profiles().values()])


def _card(rubric: Rubric) -> dict[str, object]:
    return {
        "id": rubric.id,
        "edition": rubric.edition,
        "name": Words.of(rubric.name),
        "source": Words.of(rubric.source),
        "sha256": rubric.sha256,
        "planks": list(rubric.planks),
        "questions": len(rubric.leaves),
        "about": Words.maybe(rubric.about),
        "gives": Words.maybe(rubric.gives),
        "minutes": rubric.minutes,
    }


def _sections(rubric: Rubric) -> list[SectionOut]:
    return [
        SectionOut(code=each.code, name=Words.of(each.name), leaves=[leaf.code for leaf in each.leaves])
        for each in sections_of(rubric)
    ]


def show_leaf(leaf: Leaf) -> LeafOut:
    """A question as the API shows it."""
    return LeafOut(
        code=leaf.code,
        kind=leaf.kind,
        name=Words.of(leaf.name),
        question=Words.of(leaf.question),
        help=Words.maybe(leaf.help),
        evidence=Words.of(leaf.evidence),
        attest=leaf.attest,
        options=[
            OptionOut(number=number, text=Words.of(option.text), exclusive=option.exclusive)
            for number, option in enumerate(leaf.options)
        ],
        unit=Words.maybe(leaf.unit),
        least=leaf.least,
        most=leaf.most,
        plank=leaf.plank,
        may_be_not_applicable=leaf.may_be_not_applicable,
        quick=leaf.quick,
        origin=leaf.origin,
    )


def _profile(profile: Profile) -> ProfileOut:
    return ProfileOut(
        code=profile.code,
        name=Words.of(profile.name),
        description=Words.of(profile.description),
        targets=dict(profile.targets),
    )
