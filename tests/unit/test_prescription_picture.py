"""The barrel with what is chosen: floors are lent, gains are the firm's own, and what binds is what the engine says."""

from staveworks.cluster.prescription.picturing import binding_of, picture_with
from staveworks.engine.prescription import Effect, Offer, Plank, Problem, reach
from staveworks.kit.data import SHIPPED
from staveworks.kit.planks import load_register

REGISTER = load_register(SHIPPED / "planks.yaml")
FLOOR = Offer("lab", 1, (Effect("rnd", "floor", 60),))
GAIN = Offer("course", 1, (Effect("rnd", "gain", 15),))


def problem(*planks: Plank) -> Problem:
    return Problem(planks, (FLOOR, GAIN), 10)


def test_what_is_lent_leaves_with_its_contract_and_what_is_learnt_stays() -> None:
    """20 + 15 learnt = 35 own, 60 with the laboratory; relative to a target of 80."""
    asked = problem(Plank("rnd", "stave", 20, 80), Plank("marketing", "stave", 90))
    barrel = picture_with(asked, (FLOOR, GAIN), firm="春晖", register=REGISTER)
    stave = barrel.staves[0]
    assert (stave.own, stave.low, stave.lent) == (43.75, 75.0, 31.25)
    assert (barrel.water.low, barrel.without_lending) == (75, 43.75)
    assert picture_with(asked, (GAIN,), firm="春晖", register=REGISTER).without_lending is None


def test_staves_stand_in_the_registers_order_and_a_strange_plank_is_named_by_its_code() -> None:
    asked = problem(Plank("zz", "stave", 90), Plank("marketing", "stave", 90), Plank("rnd", "stave", 20))
    barrel = picture_with(asked, (), firm="春晖", register=REGISTER)
    assert [stave.code for stave in barrel.staves] == ["rnd", "marketing", "zz"]
    assert barrel.staves[2].name.zh == "zz"


def test_the_lowest_stave_binds_or_the_hoop_that_lacks_most() -> None:
    hoops = (Plank("talent", "hoop", 50, weight=1), Plank("ip", "hoop", 60, weight=3))
    low, high = Plank("rnd", "stave", 20), Plank("rnd", "stave", 90)
    for planks, binds in (((low, *hoops), "rnd"), ((high, *hoops), "ip")):
        asked = problem(*planks)
        assert binding_of(asked, reach(asked, ())) == binds
    weakest = Problem((high, *hoops), (), 0, bearing="minimum")
    assert binding_of(weakest, reach(weakest, ())) == "talent"


def test_in_a_full_barrel_nothing_binds() -> None:
    full = problem(Plank("rnd", "stave", 100))
    assert binding_of(full, reach(full, ())) is None
