"""The barrel: from answers to plank heights, the water level and the best next question. Pure; import from here only."""

from staveworks.engine.barrel.answers import Answer, AnswerRefused, Answers, check_answer, say_answer
from staveworks.engine.barrel.assess import is_verified, score
from staveworks.engine.barrel.batch import Batch, score_many
from staveworks.engine.barrel.check import check_result
from staveworks.engine.barrel.loading import Library, list_rubrics, load_rubric
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
    GateOutcome,
    HoleFound,
    LeafScore,
    LevelSpan,
    PlankHeight,
    Result,
)
from staveworks.engine.barrel.rubric import GRADES, NOT_APPLICABLE, Grade, Leaf, Option, Rubric
from staveworks.engine.barrel.source import RubricRefused, UnknownRubric
from staveworks.engine.barrel.views import batch_json, to_json

__all__ = [
    "EVEN",
    "GRADES",
    "NOT_APPLICABLE",
    "NO_PEERS",
    "Answer",
    "AnswerRefused",
    "Answers",
    "Barrel",
    "Batch",
    "GateOutcome",
    "Grade",
    "HoleFound",
    "Leaf",
    "LeafScore",
    "LevelSpan",
    "Library",
    "Option",
    "Peers",
    "PlankHeight",
    "Profile",
    "Question",
    "Result",
    "Rubric",
    "RubricRefused",
    "TargetRefused",
    "UnknownProfile",
    "UnknownRubric",
    "batch_json",
    "binding_chances",
    "check_answer",
    "check_result",
    "find_profile",
    "is_verified",
    "list_rubrics",
    "load_profiles",
    "load_rubric",
    "next_question",
    "next_questions",
    "rank_questions",
    "read_profiles",
    "say_answer",
    "score",
    "score_many",
    "to_json",
]
