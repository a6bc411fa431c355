"""The barrel: from answers to plank heights, the water level and the best next question. Pure; import from here only."""

from staveworks.engine.barrel.answers import Answer, AnswerRefused, Answers, check_answer, say_answer
from staveworks.engine.barrel.assess import is_verified, score
from staveworks.engine.barrel.batch import Batch, score_many
from staveworks.engine.barrel.check import check_result
from staveworks.engine.barrel.loading import Library, list_rubrics, load_rubric
from staveworks.engine.barrel.parts import Part, parts_of
from staveworks.engine.barrel.peers import NO_PEERS, Peers
from staveworks.engine.barrel.profiles import (
    EVEN,
    Profile,
    TargetRefused,
    UnknownProfile,
    find_profile,
    load_profiles,
    read_profiles,
)
from staveworks.engine.barrel.questions import (
    Question,
    binding_chances,
    next_question,
    next_questions,
    rank_questions,
)
from staveworks.engine.barrel.result import (
    Barrel,
    ConditionOutcome,
    GateOutcome,
    GroupScore,
    HoleFound,
    LeafScore,
    LevelOutcome,
    LevelSpan,
    PlankHeight,
    Requirement,
    Result,
)
from staveworks.engine.barrel.rubric import GRADES, NOT_APPLICABLE, Count, Grade, Leaf, Option, Rubric
from staveworks.engine.barrel.sections import INPUTS, Section, sections_of
from staveworks.engine.barrel.source import RubricRefused, UnknownRubric
from staveworks.engine.barrel.steps import LevelGap, Step, level_gaps, next_steps
from staveworks.engine.barrel.views import batch_json, to_json

__all__ = [
    "EVEN",
    "GRADES",
    "INPUTS",
    "NOT_APPLICABLE",
    "NO_PEERS",
    "Answer",
    "AnswerRefused",
    "Answers",
    "Barrel",
    "Batch",
    "ConditionOutcome",
    "Count",
    "GateOutcome",
    "Grade",
    "GroupScore",
    "HoleFound",
    "Leaf",
    "LeafScore",
    "LevelGap",
    "LevelOutcome",
    "LevelSpan",
    "Library",
    "Option",
    "Part",
    "Peers",
    "PlankHeight",
    "Profile",
    "Question",
    "Requirement",
    "Result",
    "Rubric",
    "RubricRefused",
    "Section",
    "Step",
    "TargetRefused",
    "UnknownProfile",
    "UnknownRubric",
    "batch_json",
    "binding_chances",
    "check_answer",
    "check_result",
    "find_profile",
    "is_verified",
    "level_gaps",
    "list_rubrics",
    "load_profiles",
    "load_rubric",
    "next_question",
    "next_questions",
    "next_steps",
    "parts_of",
    "rank_questions",
    "read_profiles",
    "say_answer",
    "score",
    "score_many",
    "sections_of",
    "to_json",
]
