"""Which question to ask next: the one whose answer is expected to narrow the water level most.

Narrowing = (high − low of the water level now) − (the same after the answer, in expectation over the peers' answers, else
over the flat prior). Ties, which are common as long as several planks are wide open, go to the question that narrows a
plank which may still bind; a rubric without planks narrows its score instead. Where nothing can be narrowed any more, the
rest is asked in the rubric's order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from staveworks.engine.barrel.answers import Answers
from staveworks.engine.barrel.batch import Barrels, Batch, score_many
from staveworks.engine.barrel.columns import Flags, Floats
from staveworks.engine.barrel.deciding import decide_gates
from staveworks.engine.barrel.heights import heights_of, leaking, plank_part, relative_to
from staveworks.engine.barrel.level import Frame, binding_of, shares
from staveworks.engine.barrel.peers import FLAT, NO_PEERS, Peers
from staveworks.engine.barrel.profiles import EVEN, Profile, targets_of
from staveworks.engine.barrel.rubric import FULL, Group, Leaf, Rubric
from staveworks.engine.barrel.scoring import Part, combine

ENDS = [0, 2]
"""The rows low and high of an interval."""

TIE = 1e-4
"""Weight of the second criterion: too small to outvote a narrowing that one would notice."""


@dataclass(frozen=True, slots=True)
class Question:
    """An unanswered leaf and by how many points its answer is expected to narrow the water level (or the score)."""

    code: str
    narrowing: float


def rank_questions(
    rubric: Rubric, answers: Answers, *, profile: Profile = EVEN, peers: Peers = NO_PEERS
) -> list[Question]:
    """The questions worth asking, best first; empty when nothing is open. Raises ``AnswerRefused``."""
    batch = score_many(rubric, [answers], profiles=profile, peers=peers)
    for refusal in batch.refusals.values():
        raise refusal
    first, second = _worth(batch, [profile], peers)
    worth = (first + TIE * second)[:, 0]
    order = np.argsort(-worth, kind="stable")
    return [
        Question(rubric.leaves[row].code, float(first[row, 0])) for row in order if np.isfinite(worth[row])
    ]


def next_question(
    rubric: Rubric, answers: Answers, *, profile: Profile = EVEN, peers: Peers = NO_PEERS
) -> str | None:
    """The code of the best question, or None when nothing is open. Raises ``AnswerRefused``."""
    ranked = rank_questions(rubric, answers, profile=profile, peers=peers)
    return ranked[0].code if ranked else None


def next_questions(
    batch: Batch, *, profiles: Profile | Sequence[Profile] = EVEN, peers: Peers = NO_PEERS
) -> list[str | None]:
    """The best question of each firm of a batch scored with the same profiles and peers."""
    chosen = [profiles] if isinstance(profiles, Profile) else profiles
    first, second = _worth(batch, chosen, peers)
    worth = first + TIE * second
    best, codes = worth.argmax(axis=0), [leaf.code for leaf in batch.rubric.leaves]
    open_ = np.isfinite(worth.max(axis=0))
    return [codes[row] if some else None for row, some in zip(best.tolist(), open_.tolist(), strict=True)]


def _worth(batch: Batch, profiles: Sequence[Profile], peers: Peers) -> tuple[Floats, Floats]:
    """First and second criterion, (leaves, firms); −∞ where there is nothing to ask."""
    rubric, count = batch.rubric, batch.sheet.count
    closed = np.array([_closed(batch, leaf) for leaf in rubric.leaves]).reshape(len(rubric.leaves), count)
    first = np.zeros((len(rubric.leaves), count))
    second = first.copy()
    if batch.barrels:
        targets = targets_of(rubric.planks, profiles)
        for place, plank in enumerate(rubric.plank_groups):
            rows = _open_rows(rubric, plank.group, closed)
            if rows:
                first[rows], second[rows] = _plank_worth(
                    batch, batch.barrels, place, rows, targets[place], peers
                )
    elif rubric.root and (rows := _open_rows(rubric, rubric.root, closed)):
        first[rows] = _score_worth(batch, rubric.root, rows, peers)
    return np.where(closed, -np.inf, first), second


def _open_rows(rubric: Rubric, group: Group, closed: Flags) -> list[int]:
    """The leaves of a group that some firm has not answered."""
    rows = [rubric.index[leaf.code] for leaf in group.leaves()]
    return [row for row in rows if not closed[row].all()]


def _closed(batch: Batch, leaf: Leaf) -> Flags:
    """Where a leaf needn't be asked: answered, or read only by gates that are all decided."""
    answered = batch.sheet.answered[leaf.code]
    counted = {code for level in batch.rubric.levels for count in level.counts for code in count.codes}
    if leaf not in batch.rubric.inputs or leaf.code in counted:
        return answered
    readers = [gate.code for gate in batch.rubric.gates if leaf.code in gate.condition.answers()]
    if not readers:
        return answered
    verdicts = decide_gates(batch.rubric, batch.sheet.columns, batch.score)
    decided = [verdicts[code].sure == verdicts[code].possible for code in readers]
    return np.asarray(answered | np.logical_and.reduce(decided))


def _score_worth(batch: Batch, root: Group, rows: list[int], peers: Peers) -> Floats:
    after = np.empty((2, len(rows), len(FLAT), batch.sheet.count))
    for place, parts in enumerate(_imagined(batch, list(root.leaves()), rows, peers)):
        after[:, place] = combine(root, parts).value
    return np.asarray(batch.score[2] - batch.score[0] - (after[1] - after[0]).mean(axis=1))


def _plank_worth(
    batch: Batch, barrels: Barrels, place: int, rows: list[int], target: Floats, peers: Peers
) -> tuple[Floats, Floats]:
    """Expected narrowing of the water level by each open leaf of a plank; and of the plank, where it may still bind."""
    plank = batch.rubric.plank_groups[place]
    heights = np.empty((2, len(rows), len(FLAT), batch.sheet.count))
    for row, parts in enumerate(_imagined(batch, list(plank.group.leaves()), rows, peers)):
        own = plank_part(plank, parts).value
        heights[:, row] = leaking(batch.rubric.holes, plank.plank, relative_to(own, target), parts)
    now, needed = barrels.heights.relative[ENDS, place], barrels.heights.needed[place]
    level = _level_with(barrels, place, heights)
    width = (level[1] - level[0]).mean(axis=1)
    narrowing = barrels.water.level[2] - barrels.water.level[0] - width
    plank_narrowing = (now[1] - now[0]) - (heights[1] - heights[0]).mean(axis=1)
    may_bind = (now[0] < barrels.water.level[2]) & needed
    return np.where(needed, narrowing, 0.0), np.where(may_bind, plank_narrowing, 0.0)


def _imagined(
    batch: Batch, leaves: list[Leaf], rows: list[int], peers: Peers
) -> Iterator[Mapping[str, Part]]:
    """For each of ``rows`` in turn the low and high ends of ``leaves`` if it had one of the five scores of its outlook: of
    shape (2, 5, firms); the others stay (2, 1, firms) and are broadcast, so that nothing is copied."""
    parts = batch.sheet.parts
    known = {
        leaf.code: Part(parts[leaf.code].value[ENDS, None, :], parts[leaf.code].present) for leaf in leaves
    }
    codes = {batch.rubric.index[leaf.code]: leaf.code for leaf in leaves}
    for row in rows:
        outlook = np.array(peers.outlook(codes[row]))[None, :, None]
        scores = np.broadcast_to(outlook, (2, len(FLAT), batch.sheet.count))
        yield known | {codes[row]: Part(scores, known[codes[row]].present)}


def _level_with(barrels: Barrels, place: int, heights: Floats) -> Floats:
    """The ends of the water level if plank ``place`` had ``heights`` (2, leaves, scores, firms), all else as it is."""
    frame, needed = barrels.frame, barrels.heights.needed
    relative, bearing = barrels.heights.relative[ENDS], barrels.water.bearing[ENDS]
    others = [stave for stave in frame.staves if stave != place]
    lowest = np.where(needed[others], relative[:, others], FULL).min(axis=1, initial=FULL)
    if place in frame.staves:
        return np.asarray(np.minimum(heights, np.minimum(lowest, bearing)[:, None, None]))
    return np.asarray(np.minimum(_bearing_with(barrels, place, heights), lowest[:, None, None]))


def _bearing_with(barrels: Barrels, place: int, heights: Floats) -> Floats:
    frame, needed = barrels.frame, barrels.heights.needed
    relative, bearing = barrels.heights.relative[ENDS], barrels.water.bearing[ENDS]
    if frame.bearing == "minimum":
        others = [hoop for hoop in frame.hoops if hoop != place]
        lowest = np.where(needed[others], relative[:, others], FULL).min(axis=1, initial=FULL)
        return np.asarray(np.minimum(heights, lowest[:, None, None]))
    share = shares(frame, frame.hoops, needed)[frame.hoops.index(place)]
    return np.asarray(bearing[:, None, None] + share * (heights - relative[:, place][:, None, None]))


def binding_chances(
    rubric: Rubric,
    answers: Answers,
    *,
    profile: Profile = EVEN,
    peers: Peers = NO_PEERS,
    draws: int = 512,
    seed: int = 1,
) -> dict[str, float]:
    """How probable it is, by plank, that it binds: the share of ``draws`` in which it does when each open question is
    answered at random as the peers did (flat, where there are fewer than five), independently. Repeatable by ``seed``.

    Raises ``AnswerRefused``. Empty for a rubric without planks.
    """
    batch = score_many(rubric, [answers], profiles=profile, peers=peers)
    for refusal in batch.refusals.values():
        raise refusal
    if not batch.barrels:
        return {}
    random = np.random.default_rng(seed)
    drawn = {code: _drawn(part, code, peers, draws, random) for code, part in batch.sheet.parts.items()}
    heights = heights_of(rubric, drawn, targets_of(rubric.planks, [profile]))
    binding = binding_of(Frame.of(rubric), heights.relative[0], heights.needed)
    return {code: float(np.mean(binding == place)) for place, code in enumerate(rubric.planks)}


def _drawn(part: Part, code: str, peers: Peers, draws: int, random: np.random.Generator) -> Part:
    low, high = part.value[0, 0], part.value[2, 0]
    scores = random.choice(np.array(peers.scores.get(code, FLAT)), draws)
    present = None if part.present is None else np.repeat(part.present, draws)
    return Part(np.clip(scores, low, high)[None], present)
