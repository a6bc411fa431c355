"""What to buy: hand-made cases, every choice tried on small ones, another solver on larger ones, and a check that bites."""

from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from staveworks.engine.prescription import (
    TIE,
    Effect,
    Offer,
    Plank,
    Problem,
    Voucher,
    check_prescription,
    explain_chosen,
    explain_unchosen,
    frontier,
    net_of,
    prescribe,
    reach,
    read_problem,
)
from staveworks.engine.prescription.model import Model
from staveworks.kit.errors import Invalid
from tests.unit.prescriptions import FLOOR, GAIN, best, choices, market, problems


def firm(*offers: Offer, budget: int = 100, objective: Any = "level", **own: float) -> Problem:
    """Three staves, no hoop; own heights 20, 40, 60 unless given."""
    held = {"low": 20.0, "middle": 40.0, "high": 60.0} | own
    planks = tuple(Plank(code, "stave", height) for code, height in held.items())
    return Problem(planks, offers, budget, objective)


def offer(code: str, price: int, *effects: tuple[str, Any, float], **more: Any) -> Offer:
    return Offer(code, price, tuple(Effect(*effect) for effect in effects), **more)


def ids(problem: Problem) -> list[str]:
    answer = prescribe(problem)
    assert answer.status == "optimal"
    assert check_prescription(problem, answer) == []
    return [each.id for each in answer.chosen]


class TestByHand:
    def test_the_shortest_plank_is_lifted_and_nothing_above_the_water_is_bought(self) -> None:
        """20 → 50 costs 30; then 40 holds the water, and lifting 60 as well would be wood above it."""
        problem = firm(offer("lab", 30, ("low", FLOOR, 50)), offer("shine", 10, ("high", GAIN, 30)))
        assert ids(problem) == ["lab"]
        assert prescribe(problem).reached.vector == (40, 50, 60, 100)

    def test_leximin_goes_on_with_the_next_lowest(self) -> None:
        problem = firm(
            offer("lab", 30, ("low", FLOOR, 50)), offer("shine", 10, ("high", GAIN, 30)), objective="leximin"
        )
        assert ids(problem) == ["lab", "shine"]

    def test_a_floor_and_gains_are_not_added(self) -> None:
        """max(20 + 25, 50) = 50: the gain is for nothing beside the floor."""
        problem = firm(
            offer("lab", 30, ("low", FLOOR, 50)),
            offer("course", 5, ("low", GAIN, 25)),
            middle=90.0,
            high=90.0,
        )
        assert ids(problem) == ["lab"]
        assert reach(problem, problem.offers).water_level == 50

    def test_gains_are_added(self) -> None:
        both = [offer("one", 5, ("low", GAIN, 10)), offer("two", 5, ("low", GAIN, 10))]
        assert prescribe(firm(*both)).reached.water_level == 40

    def test_the_cheaper_of_two_equals_then_the_sooner(self) -> None:
        dear, cheap = offer("dear", 9, ("low", FLOOR, 40)), offer("cheap", 8, ("low", FLOOR, 40))
        assert ids(firm(dear, cheap)) == ["cheap"]
        late = replace(dear, id="late", price_fen=8, lead_time_days=30)
        assert ids(firm(late, replace(cheap, lead_time_days=7))) == ["cheap"]

    def test_the_budget_holds_to_the_fen(self) -> None:
        """Millions of yuan, one fen too dear: far below what the solver's arithmetic can see."""
        price = 987_654_321_987
        lab = offer("lab", price, ("low", FLOOR, 50))
        assert ids(firm(lab, budget=price)) == ["lab"]
        assert ids(firm(lab, budget=price - 1)) == []

    def test_what_a_solver_lets_through_beyond_the_budget_is_forbidden(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A solver that sees no budget at all stands for one that can't see a fen."""
        monkeypatch.setattr(Model, "keep_within", lambda model, budget_fen: None)
        lab, course = offer("lab", 101, ("low", FLOOR, 50)), offer("course", 99, ("low", FLOOR, 30))
        assert ids(firm(lab, course)) == ["course"]

    def test_a_voucher_is_reckoned_exactly_and_rounded_down(self) -> None:
        """⌊7 · 0.3⌋ = 2; and 0.29 · 100 is 29, which a float makes 28.999…"""
        assert offer("a", 7, voucher=Voucher(Decimal("0.3"), 100)).net_fen == 5
        assert offer("b", 100, voucher=Voucher(Decimal("0.29"), 100)).net_fen == 71
        assert offer("c", 100, voucher=Voucher(Decimal("0.29"), 20)).net_fen == 80

    def test_the_frontier_ends_at_full_height_though_gains_go_beyond_it(self) -> None:
        planks = (Plank("low", "stave", 80), Plank("modest", "stave", 90, 50))
        problem = Problem(planks, (offer("course", 11, ("low", GAIN, 95)),), 100)
        points = [(each.budget_fen, each.water_level) for each in islice(frontier(problem), 3)]
        assert points == [(0, 80), (11, 100)]

    def test_offers_of_one_programme_share_its_cap(self) -> None:
        """Each alone would get 50 off; both together get 60 of the programme, so they cost 140 and not 100."""
        voucher = Voucher(Decimal("0.5"), 60, "innovation")
        lab = offer("lab", 100, ("low", FLOOR, 50), voucher=voucher)
        shop = offer("shop", 100, ("middle", FLOOR, 50), voucher=voucher)
        assert net_of([lab, shop]) == 140
        assert ids(firm(lab, shop, budget=140)) == ["lab", "shop"]
        assert ids(firm(lab, shop, budget=139)) == ["lab"]
        points = [(each.budget_fen, each.water_level) for each in frontier(firm(lab, shop))]
        assert points == [(0, 20), (50, 40), (140, 50)]

    def test_a_programme_has_one_cap(self) -> None:
        offers = [offer(str(cap), 9, voucher=Voucher(Decimal("0.5"), cap, "innovation")) for cap in (1, 2)]
        with pytest.raises(Invalid) as refused:
            firm(*offers)
        assert refused.value.field == "offers[1].voucher.cap_fen"

    def test_what_is_lifted_past_a_hole_leaks(self) -> None:
        """The lab lifts the short plank to 50, where a hole at 30 lets the water out: the cheaper course is enough."""
        planks = (Plank("low", "stave", 20, hole=30), Plank("high", "stave", 60))
        lab, course = offer("lab", 9, ("low", FLOOR, 50)), offer("course", 5, ("low", GAIN, 12))
        problem = Problem(planks, (lab, course), 100)
        assert ids(problem) == ["course"]
        assert prescribe(problem).reached.water_level == 30
        assert [each.water_level for each in frontier(problem)] == [20, 30]

    def test_a_level_beyond_the_target_counts_as_the_target(self) -> None:
        planks = (Plank("modest", "stave", 30, 40), Plank("other", "stave", 90))
        problem = Problem(planks, (offer("lab", 1, ("modest", FLOOR, 95)),), 10)
        assert prescribe(problem).reached.heights == {"modest": 100, "other": 90}

    def test_what_requires_something_unavailable_is_not_bought(self) -> None:
        problem = firm(
            offer("lab", 1, ("low", FLOOR, 50), requires=("room",)),
            offer("room", 1, capacity=0),
            offer("circle", 1, ("low", FLOOR, 50), requires=("nobody",)),
        )
        assert ids(problem) == []
        assert [(each.offer.id, each.why, each.because) for each in explain_unchosen(problem, ())] == [
            ("lab", "needs_unavailable", ("room",)),
            ("room", "not_available", ()),
            ("circle", "needs_unavailable", ("nobody",)),
        ]

    def test_each_reason_is_given_where_it_holds(self) -> None:
        lab = offer("lab", 60, ("low", FLOOR, 50), family="labs")
        problem = firm(
            lab,
            offer("twin", 60, ("low", FLOOR, 90), family="labs"),
            offer("rival", 50, ("middle", FLOOR, 70), excludes=("lab",)),
            offer("shine", 10, ("high", GAIN, 30)),
            offer("press", 70, ("middle", FLOOR, 70)),
            offer("trial", 20, ("middle", FLOOR, 70), requires=("base",)),
            offer("base", 1, family="labs"),
            offer("palace", 101, ("low", FLOOR, 100)),
        )
        assert [
            (each.offer.id, each.why, each.because, each.lacking_fen)
            for each in explain_unchosen(problem, [lab])
        ] == [
            ("twin", "family_taken", ("lab",), 0),
            ("rival", "excluded", ("lab",), 0),
            ("shine", "level_stays", ("middle",), 0),
            ("press", "over_budget", (), 30),
            ("trial", "family_taken", ("lab", "base"), 0),
            ("base", "family_taken", ("lab",), 0),
        ]

    def test_no_offer_and_no_money_leave_the_barrel_as_it_is(self) -> None:
        assert ids(firm(budget=0)) == []


@given(problems())
@settings(max_examples=1_000, deadline=None)
def test_it_is_the_best_of_all_choices(problem: Problem) -> None:
    answer, expected = prescribe(problem), best(problem)
    depth = 1 if problem.objective == "level" else None
    assert answer.reached.vector[:depth] == pytest.approx(expected.vector[:depth], abs=TIE)
    assert (answer.reached.net_fen, answer.reached.lead_time_days) == (
        expected.net_fen,
        expected.lead_time_days,
    )
    assert (answer.status, answer.gap <= TIE) == ("optimal", True)
    assert answer.net_bound_fen == answer.reached.net_fen
    assert check_prescription(problem, answer) == []


@given(problems(most=3), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=3))
@settings(max_examples=200, deadline=None)
def test_of_offers_that_do_the_same_at_the_same_price_the_soonest_choice_is_taken(
    problem: Problem, days: list[tuple[int, int]]
) -> None:
    """Every offer thrice, in other days each: most answers are one of several that cost as much."""
    twins = tuple(
        replace(each, id=f"{each.id} {other}", lead_time_days=other)
        for each, others in zip(problem.offers, days, strict=False)
        for other in sorted(set(others))
    )
    manifold = replace(problem, offers=problem.offers + twins)
    assert prescribe(manifold).reached.lead_time_days == best(manifold).lead_time_days


@given(problems(most=5))
@settings(max_examples=150, deadline=None)
def test_the_frontier_names_every_budget_at_which_the_level_rises(problem: Problem) -> None:
    level = replace(problem, objective="level")
    dearest = sum(each.net_fen for each in problem.offers)
    points = list(islice(frontier(problem), dearest + 2))  # one more than there are budgets: it ends
    assert points[0].budget_fen == 0
    every = [reach(level, choice) for choice in choices(level, budget_fen=dearest)]
    for budget in range(dearest + 1):
        reached = max(each.water_level for each in every if each.net_fen <= budget)
        below = [point for point in points if point.budget_fen <= budget]
        assert below[-1].water_level == pytest.approx(reached, abs=2 * TIE)
    assert [point.water_level for point in points] == sorted({point.water_level for point in points})


@given(problems(), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_offers_decides_nothing_that_counts(problem: Problem, chance: Any) -> None:
    mixed = list(problem.offers)
    chance.shuffle(mixed)
    one, other = prescribe(problem).reached, prescribe(replace(problem, offers=tuple(mixed))).reached
    assert one.vector[0] == pytest.approx(other.vector[0], abs=TIE)
    assert (one.net_fen, one.lead_time_days) == (other.net_fen, other.lead_time_days)


@given(problems())
@settings(max_examples=100, deadline=None)
def test_more_money_never_lowers_the_water(problem: Problem) -> None:
    richer = replace(problem, budget_fen=problem.budget_fen + 25)
    assert prescribe(richer).reached.water_level >= prescribe(problem).reached.water_level - TIE


@given(problems())
@settings(max_examples=200, deadline=None)
def test_every_reason_is_true(problem: Problem) -> None:
    answer = prescribe(problem)
    for chosen in explain_chosen(problem, answer.chosen):
        assert chosen.level_without <= answer.reached.water_level + TIE
        assert all(low < high for low, high in chosen.lifts.values())
    named = {each.offer.id for each in explain_unchosen(problem, answer.chosen)}
    affordable = {each.id for each in problem.offers if each.net_fen <= problem.budget_fen}
    assert named == affordable - {each.id for each in answer.chosen}
    for unchosen in explain_unchosen(problem, answer.chosen):
        if unchosen.why == "over_budget":
            assert unchosen.lacking_fen > 0
        assert unchosen.why != "not_better", "an optimal answer leaves no free gain"


@pytest.mark.parametrize("seed", range(4))
def test_another_solver_finds_the_same_level_and_price(seed: int) -> None:
    """OR-Tools CP-SAT, exact in integers, on 60 offers before ten planks."""
    problem = market(seed, 60)
    answer = prescribe(problem)
    level, net = by_cp_sat(problem)
    assert answer.reached.water_level == pytest.approx(level, abs=1e-4)
    assert answer.reached.net_fen == net
    assert check_prescription(problem, answer) == []


SCALE = 1_000_000


def cp_height(model: cp_model.CpModel, x: dict[str, Any], problem: Problem, plank: Plank) -> Any:
    """The relative height of a plank, in millionths of a point."""
    unit = SCALE * 100 / plank.target
    gains: Any = round(plank.own * unit)
    floors = []
    for each in problem.available:
        for effect in each.effects:
            if effect.plank == plank.code and effect.kind == GAIN:
                gains += round(effect.amount * unit) * x[each.id]
            elif effect.plank == plank.code:
                floors.append(round(effect.amount * unit) * x[each.id])
    tall = model.new_int_var(0, 10**12, f"{plank.code} tall")
    model.add_max_equality(tall, [gains, *floors])
    height = model.new_int_var(0, 100 * SCALE, plank.code)
    model.add_min_equality(height, [tall, 100 * SCALE])
    return height


def by_cp_sat(problem: Problem) -> tuple[float, int]:
    model = cp_model.CpModel()
    x = {each.id: model.new_bool_var(each.id) for each in problem.available}
    for each in problem.available:
        for other in each.requires:
            model.add_implication(x[each.id], x[other])
        for other in each.excludes:
            if other in x:
                model.add_bool_or(x[each.id].Not(), x[other].Not())
    for family in {each.family for each in problem.available if each.family}:
        model.add_at_most_one(x[each.id] for each in problem.available if each.family == family)
    relative = {plank.code: cp_height(model, x, problem, plank) for plank in problem.needed}
    level = model.new_int_var(0, 100 * SCALE, "level")
    for stave in problem.staves:
        model.add(level <= relative[stave.code])
    model.add(len(problem.hoops) * level <= sum(relative[hoop.code] for hoop in problem.hoops))
    net = sum(each.net_fen * x[each.id] for each in problem.available)
    model.add(net <= problem.budget_fen)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    model.maximize(level)
    assert solver.solve(model) == cp_model.OPTIMAL
    highest = solver.value(level)
    model.add(level >= highest - 1)
    model.minimize(net)
    assert solver.solve(model) == cp_model.OPTIMAL
    return highest / SCALE, round(solver.objective_value)


def test_out_of_time_it_gives_the_best_so_far_with_its_bound() -> None:
    problem = market(0, 300, objective="leximin")
    answer = prescribe(problem, seconds=0.05)
    assert answer.status == "feasible"
    assert answer.bound >= prescribe(replace(problem, objective="level")).reached.water_level - TIE
    assert check_prescription(problem, answer) == []


def test_progress_is_told_while_the_level_rises() -> None:
    told: list[tuple[float, float]] = []
    answer = prescribe(market(1, 40), progress=lambda level, bound: told.append((level, bound)))
    assert [level for level, _ in told] == sorted(level for level, _ in told)
    assert told[-1] == pytest.approx((answer.reached.water_level, answer.bound), abs=TIE)


class TestTheCheckBites:
    problem = firm(
        offer("lab", 30, ("low", FLOOR, 50)),
        offer("course", 40, ("low", FLOOR, 50)),
        offer("twin", 30, ("middle", FLOOR, 50), family="f"),
        offer("other", 50, ("middle", FLOOR, 60), family="f", excludes=("lab",)),
    )

    def found(self, **changes: Any) -> list[str]:
        return check_prescription(self.problem, replace(prescribe(self.problem), **changes))

    def taking(self, *codes: str) -> list[str]:
        chosen = tuple(self.problem.by_id[code] for code in codes)
        return self.found(chosen=chosen, reached=reach(self.problem, chosen), bound=100.0, status="feasible")

    def test_a_true_answer_passes(self) -> None:
        assert self.found() == []

    def test_a_dearer_choice_is_not_the_best(self) -> None:
        chosen = (self.problem.by_id["course"], self.problem.by_id["twin"])
        answer = reach(self.problem, chosen)
        assert self.found(chosen=chosen, reached=answer, net_bound_fen=answer.net_fen) == [
            "['lab', 'twin'] does better."
        ]

    def test_rules_that_are_broken_are_named(self) -> None:
        assert "Two offers of one family are chosen." in self.taking("twin", "other")
        assert "other excludes another chosen one." in self.taking("lab", "other")
        assert "The budget is exceeded." in self.taking("lab", "course", "twin", "other")
        assert "An offer is chosen twice." in self.taking("lab", "lab")

    def test_figures_that_are_not_so_are_named(self) -> None:
        reached = prescribe(self.problem).reached
        assert self.found(reached=replace(reached, vector=(99.0, *reached.vector[1:]))) != []
        assert self.found(reached=replace(reached, net_fen=1)) != []
        assert self.found(bound=10.0) == ["A bound is passed by the answer itself."]


KINDS: dict[str, Any] = {"a": "stave", "b": "hoop"}


class TestReading:
    def test_only_planks_are_required(self) -> None:
        problem = read_problem({"planks": {"a": 10, "b": 20.5}}, [], budget_fen=5, kinds=KINDS)
        assert [(each.kind, each.own, each.target) for each in problem.planks] == [
            ("stave", 10, 100),
            ("hoop", 20.5, 100),
        ]

    def test_an_effect_on_a_plank_that_is_left_out_is_left_out(self) -> None:
        entry = {"id": "o", "price_fen": 1, "effects": [{"plank": "b", "floor": 5}]}
        assert read_problem({"planks": {"a": 10}}, [entry], budget_fen=5, kinds=KINDS).offers[0].effects == ()

    @pytest.mark.parametrize(
        ("firm", "offers", "field"),
        [
            ([], [], None),
            ({}, [], "planks"),
            ({"planks": {"a": 101}}, [], "planks.a.own"),
            ({"planks": {"a": True}}, [], "planks.a"),
            ({"planks": {"c": 1}}, [], "planks.c"),
            ({"planks": {"a": 1}, "profil": {}}, [], "profil"),
            ({"planks": {"a": 1}, "profile": {"a": 0}}, [], "planks"),
            ({"planks": {"a": 1}, "bearing": "most"}, [], "bearing"),
            ({"planks": {"a": 1, "b": 1}, "weights": {"b": 0}}, [], "weights"),
            ({"planks": {"a": 1}}, {}, "offers"),
            ({"planks": {"a": 1}}, [{}], "offers[0].effects"),
            ({"planks": {"a": 1}}, [{"id": "o", "effects": [], "price_fen": 1.5}], "offers[0].price_fen"),
            ({"planks": {"a": 1}}, [{"id": "o", "effects": [], "price_fen": -1}], "offers[0].price_fen"),
            (
                {"planks": {"a": 1}},
                [{"id": "o", "effects": [{"plank": "a", "floor": 1, "gain": 1}], "price_fen": 1}],
                "offers[0].effects[0]",
            ),
            (
                {"planks": {"a": 1}},
                [{"id": "o", "effects": [], "price_fen": 1, "voucher": {"ratio": 2, "cap_fen": 1}}],
                "offers[0].voucher.ratio",
            ),
            (
                {"planks": {"a": 1}},
                [{"id": "o", "effects": [], "price_fen": 1, "vouchers": {}}],
                "offers[0].vouchers",
            ),
            ({"planks": {"a": 1}}, [{"id": "o", "effects": [], "price_fen": 1}] * 2, "offers"),
        ],
    )
    def test_a_fault_is_named_by_its_path(self, firm: Any, offers: Any, field: str | None) -> None:
        with pytest.raises(Invalid) as refused:
            read_problem(firm, offers, budget_fen=5, kinds=KINDS)
        assert refused.value.field == field
