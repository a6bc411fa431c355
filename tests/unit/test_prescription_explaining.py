"""A recorded answer's reasons are worked out once, for as long as basis, budget and answer are the same."""

from dataclasses import asdict
from typing import Any

from staveworks.cluster.prescription.domain import digest_of, problem_of
from staveworks.cluster.prescription.explaining import Recorded, explain
from staveworks.engine.prescription import explain_unchosen, prescribe

FIRM = {
    "planks": {"research": 20, "marketing": 60},
    "profile": {"research": 100, "marketing": 100},
    "weights": {},
    "kinds": {"research": "stave", "marketing": "stave"},
    "holes": {},
    "bearing": "mean",
}


def offer(id_: str, price_fen: int, plank: str) -> dict[str, Any]:
    name = {"zh": id_, "en": id_}
    more = {"name": name, "provider": name, "city": None, "lead_time_days": 3}
    return {"id": id_, "price_fen": price_fen, "effects": [{"plank": plank, "floor": 50}], **more}


LOOMS = "01a231ca-0000-7000-8000-000000000001"
FAIR = "01a231ca-0000-7000-8000-000000000002"


def document(price_fen: int = 1_000) -> dict[str, Any]:
    return {"firm": FIRM, "offers": [offer(LOOMS, price_fen, "research"), offer(FAIR, 500, "marketing")]}


def recorded(said: dict[str, Any], budget_fen: int = 5_000) -> Recorded:
    answer = prescribe(problem_of(said, budget_fen=budget_fen, objective="level"))
    result = asdict(answer.reached) | {
        "chosen": [each.id for each in answer.chosen],
        "status": answer.status,
    }
    return Recorded.of(
        digest_of(said, None), lambda: said, budget_fen=budget_fen, objective="level", result=result
    )


def test_the_same_record_is_explained_once() -> None:
    assert explain(recorded(document())) is explain(recorded(document()))


def test_its_reasons_are_the_engines() -> None:
    found = explain(recorded(document()))
    assert [each.offer.id for each in found.chosen] == [LOOMS]
    assert list(found.unchosen) == list(explain_unchosen(found.problem, found.answer.chosen))


def test_another_price_or_budget_is_another_record() -> None:
    found = recorded(document())
    assert found != recorded(document(price_fen=1_001))
    assert found != recorded(document(), budget_fen=5_001)
