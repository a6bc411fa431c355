"""The demo's capacity: the same draw for the same seed, over all trades, ready to be dispatched."""

from staveworks.db.clock import database_now, database_today
from staveworks.demo.capacity import declare_capacity, traded, trades
from staveworks.kit.industries import load_industries
from staveworks.mechanisms.dispatch.domain.windows import monday_of
from staveworks.mechanisms.dispatch.queries import dispatchable_capacity
from tests.world import World, make_firm


def test_firms_of_all_trades_declare_the_same_for_the_same_seed(world: World) -> None:
    kinds = sorted(trades())
    seen = []
    for mark in "甲乙":
        firms = [(make_firm(f"{mark}{n}", city="330603").id, kinds[n % len(kinds)]) for n in range(9)]
        assert declare_capacity(traded(firms), 7) > 9
        found = dispatchable_capacity(
            world.gao, from_day=monday_of(database_today()), buckets=12, now=database_now()
        )
        mine = {firm for firm, _ in firms}
        seen.append(
            [
                (each.operation, each.name, each.grade, each.capabilities, each.hours)
                for each in found.centres
                if each.firm in mine
            ]
        )
    assert seen[0] == seen[1]
    assert all(sum(hours) > 0 for *_, hours in seen[0])


def test_what_the_demo_draws_is_in_the_industry_packs() -> None:
    industries = load_industries()
    for kinds in trades().values():
        for kind in kinds:
            pack = industries.pack_of(kind["operation"])
            assert pack
            assert set(kind["families"]) <= {family.code for family in pack.families_at(kind["operation"])}
            assert set(kind["certificates"]) <= {each.code for each in pack.certificates}
