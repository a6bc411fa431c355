"""What stands on pages about prices and milestones, word by word."""

from decimal import Decimal

from staveworks.kit.text import Text
from staveworks.mechanisms.tasks.mechanism import RUSH
from staveworks.trade.catalogue.types import Tier, TieredPrice, TimePrice, UnitPrice
from staveworks.web.order.prices import least_text, price_text, tier_rows
from staveworks.web.order.project_forms import PARTS, MilestonesForm


def test_a_tier_names_its_unit_without_a_plural() -> None:
    tiers = (Tier(Decimal(0), 9_000), Tier(Decimal(10), 8_000))
    price = TieredPrice(Text(zh="色", en="colour"), "all_units", tiers)
    assert [label for label, _ in tier_rows(price, Decimal(1))] == [
        Text(zh="起步价", en="at first"),
        Text(zh="10 色起", en="from 10 (colour)"),
    ]


def test_the_smallest_order_says_how_much_it_is() -> None:
    loom = TimePrice(step_price_fen=6_600, step_minutes=30, minimum_minutes=60)
    assert (price_text(loom).en, least_text(loom)) == (
        "¥66.00 / 30 minutes",
        Text(zh="1 小时起", en="from 1 hour"),
    )
    parcels = UnitPrice(Text(zh="单", en="parcel"), 260, minimum=Decimal(100))
    assert least_text(parcels) == Text(zh="100 单起", en="from 100 (parcel)")
    assert least_text(UnitPrice(Text(zh="单", en="parcel"), 260)) is None


def test_one_day_is_a_day() -> None:
    said = [RUSH.format(n=days, percent="50").en for days in (1, 2)]
    assert [each.rpartition("within ")[2] for each in said] == ["1 day)", "2 days)"]


def test_nothing_of_the_first_milestone_is_called_optional() -> None:
    form = MilestonesForm(2)
    assert [[getattr(form.fields[f"{part}_{at}"], "needed", None) for part in PARTS] for at in (0, 1)] == [
        [True] * len(PARTS),
        [False] * len(PARTS),
    ]
