"""春晖织造 with two short staves, a laboratory that sells, and what a voucher pays."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from staveworks.cluster.barrel.usecases.save_answers import save_answers
from staveworks.cluster.barrel.usecases.start_assessment import start_assessment
from staveworks.cluster.programmes.types import Voucher
from staveworks.cluster.programmes.usecases.grant_voucher import grant_voucher
from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.trade.catalogue.types import OfferVersion
from tests.rooms.barrel.conftest import data_folder, small_rubric, world
from tests.rooms.barrel.test_answering import everything
from tests.trading import PLAIN, publish
from tests.world import CHUNHUI_USCC, World, join, make_firm, make_person

__all__ = ["data_folder", "small_rubric", "world"]

SHORT = {"logistics.a": 1, "logistics.b": 0, "marketing.a": 2, "marketing.b": 0}
"""logistics stands at 12.5, marketing at 25, everything else at 100."""


@pytest.fixture(autouse=True)
def _mechanisms(settings: Any) -> None:
    settings.MECHANISMS = PLAIN


@pytest.fixture
def lab(world: World) -> Actor:
    """方敏, who sells."""
    return join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER, city="330600"), Role.OWNER)


def sell(
    seller: Actor, title: str, plank: str, kind: str, amount: int, fen: int, **more: Any
) -> OfferVersion:
    return publish(
        seller,
        title={"zh": title, "en": title},
        planks=[plank],
        effects=[{"plank": plank, "kind": kind, "amount": amount}],
        price={"kind": "fixed", "amount_fen": fen},
        **more,
    )


def assess(actor: Actor, **answers: int) -> UUID:
    assessment = start_assessment(actor)
    said = everything() | SHORT | {code.replace("_", "."): value for code, value in answers.items()}
    save_answers(actor, assessment_id=assessment, answers=said)
    return assessment


def grant(world: World, *, cap_fen: int | None = None, until: date = date(2099, 1, 1)) -> Voucher:
    return grant_voucher(world.gao, uscc=CHUNHUI_USCC, programme="innovation", cap_fen=cap_fen, until=until)
