"""Scores one firm in full: heights and verified heights, holes, gates, and every leaf for the drill-down."""

from collections.abc import Iterator, Mapping

from staveworks.engine.barrel.answers import Answers
from staveworks.engine.barrel.batch import Barrels, Batch, score_many
from staveworks.engine.barrel.columns import Floats
from staveworks.engine.barrel.heights import bored
from staveworks.engine.barrel.outcomes import gate_outcomes, group_scores, level_outcomes, level_span
from staveworks.engine.barrel.peers import NO_PEERS, Peers
from staveworks.engine.barrel.profiles import EVEN, Profile
from staveworks.engine.barrel.result import (
    Barrel,
    HoleFound,
    LeafScore,
    PlankHeight,
    Result,
)
from staveworks.engine.barrel.rubric import GRADES, Grade, Group, Leaf, PlankGroup, Rubric
from staveworks.kit.intervals import Interval

ALL, VERIFIED = 0, 1
"""The two columns of the batch: all answers, and only the verified ones."""


def score(
    rubric: Rubric,
    answers: Answers,
    *,
    profile: Profile = EVEN,
    peers: Peers = NO_PEERS,
    grades: Mapping[str, Grade] | None = None,
) -> Result:
    """Scores one firm. ``grades``: the highest grade at which an answer is attested, ``self`` where not given.

    Raises ``AnswerRefused`` for the first answer that is not valid.
    """
    proved = {
        code: value
        for code, value in answers.items()
        if is_verified(rubric, code, (grades or {}).get(code, "self"))
    }
    batch = score_many(rubric, [answers, proved], profiles=profile, peers=peers)
    for refusal in batch.refusals.values():
        raise refusal
    leaves = {leaf.code: leaf for leaf in _leaf_scores(batch)}
    gates = gate_outcomes(batch, ALL)
    return Result(
        rubric_id=rubric.id,
        edition=rubric.edition,
        sha256=rubric.sha256,
        score=interval(batch.score, ALL),
        level=level_span(batch, ALL),
        barrel=_barrel(batch, batch.barrels, profile, leaves) if batch.barrels else None,
        gates=gates,
        leaves=leaves,
        verified_score=interval(batch.score, VERIFIED),
        verified_level=level_span(batch, VERIFIED),
        levels=level_outcomes(batch, ALL, gates),
        groups=group_scores(batch, ALL),
    )


def is_verified(rubric: Rubric, code: str, grade: Grade) -> bool:
    """Whether an answer attested at ``grade`` counts for the verified height: at or above the rubric's threshold and
    the grade that the leaf itself asks for."""
    leaf = rubric.answerable.get(code)
    wanted = max(GRADES.index(rubric.threshold), GRADES.index(leaf.attest) if leaf else 0)
    return GRADES.index(grade) >= wanted


def interval(values: Floats, firm: int) -> Interval:
    low, likely, high = (float(value) for value in values[:, firm])
    return Interval(low, min(max(likely, low), high), high)


def _leaf_scores(batch: Batch) -> Iterator[LeafScore]:
    weights = _weights(batch.rubric)
    for leaf in batch.rubric.leaves:
        part, answered = batch.sheet.parts.get(leaf.code), batch.sheet.answered[leaf.code]
        yield LeafScore(
            code=leaf.code,
            score=interval(part.value, ALL) if part else None,
            weight=weights.get(leaf.code, 0.0),
            answered=bool(answered[ALL]),
            applicable=part is None or part.present is None or bool(part.present[ALL]),
            verified=bool(answered[VERIFIED]),
        )


def _weights(rubric: Rubric) -> dict[str, float]:
    groups = [rubric.root] if rubric.root else [each.group for each in rubric.plank_groups]
    return {code: weight for group in groups for code, weight in _weights_below(group, 1.0)}


def _weights_below(node: Group | Leaf, weight: float) -> Iterator[tuple[str, float]]:
    if isinstance(node, Leaf):
        yield node.code, weight
    else:
        for branch in node.children:
            yield from _weights_below(branch.node, weight * branch.weight)


def _barrel(batch: Batch, barrels: Barrels, profile: Profile, leaves: Mapping[str, LeafScore]) -> Barrel:
    holes = tuple(_holes(batch))
    planks = [
        _plank(plank, place, barrels, profile, holes, [leaves[leaf.code] for leaf in plank.group.leaves()])
        for place, plank in enumerate(batch.rubric.plank_groups)
    ]
    binding = barrels.binding_codes(ALL)
    water = barrels.water
    return Barrel(
        planks={plank.code: plank for plank in planks},
        bearing=interval(water.bearing, ALL),
        water_level=interval(water.level, ALL),
        mean_level=interval(water.mean, ALL),
        unevenness=interval(water.unevenness, ALL),
        verified_water_level=interval(water.level, VERIFIED),
        binding=binding[0] if binding else None,
        next_to_bind=tuple(binding[1:]),
        holes=holes,
    )


def _plank(
    plank: PlankGroup,
    place: int,
    barrels: Barrels,
    profile: Profile,
    holes: tuple[HoleFound, ...],
    leaves: list[LeafScore],
) -> PlankHeight:
    heights = barrels.heights
    asked = [leaf for leaf in leaves if leaf.applicable]
    return PlankHeight(
        code=plank.plank,
        kind=plank.kind,
        own=interval(heights.own[:, place], ALL),
        verified=interval(heights.own[:, place], VERIFIED),
        height=interval(heights.relative[:, place], ALL),
        target=profile.target(plank.plank),
        weight=plank.weight,
        needed=bool(heights.needed[place, ALL]),
        answered=sum(leaf.answered for leaf in asked),
        asked=len(asked),
        hole=min((hole.height for hole in holes if hole.plank == plank.plank and hole.sure), default=None),
    )


def _holes(batch: Batch) -> Iterator[HoleFound]:
    """Holes that are there for sure, and those that the likely answers would bore."""
    for hole in batch.rubric.holes:
        low, likely, high = (bool(each) for each in bored(hole, batch.sheet.parts)[:, ALL])
        if low and (likely or high):
            yield HoleFound(hole.plank, hole.leaf, hole.height, high, hole.text)
