"""The demo's ordinary firms, drawn with a fixed seed. Pure: no database."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypinyin import lazy_pinyin
from stdnum.cn import uscc

LEGAL_FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "厂")


@dataclass(frozen=True, slots=True)
class DemoFirm:
    """One invented firm; ``short`` says how far below its own standing (points) a plank lies in its city."""

    name: str
    name_en: str
    uscc: str
    city: str
    city_name: str
    address: str
    contact: str
    phone: str
    business_type: str
    products: str
    staff: int
    standing: float
    short: dict[str, float]


def draw_firms(world: dict[str, Any], seed: int) -> list[DemoFirm]:
    """All ordinary firms of all cities, the same for the same seed; every name and code stands once."""
    chance = random.Random(seed)  # noqa: S311 - a demo, not a secret
    return [firm for city in world["cities"] for firm in _firms_of(city, world, chance)]


def _firms_of(city: dict[str, Any], world: dict[str, Any], chance: random.Random) -> Iterator[DemoFirm]:
    brands = [a + b for a in world["brands"] for b in world["brand_ends"] if a != b]
    chance.shuffle(brands)
    trades = [trade for trade, count in city["trades"].items() for _ in range(count)]
    chance.shuffle(trades)
    for number, brand in zip(range(city["firms"]), brands, strict=False):
        yield _firm(city, world, chance, brand, trades[number % len(trades)], number)


def _firm(
    city: dict[str, Any], world: dict[str, Any], chance: random.Random, brand: str, trade: str, number: int
) -> DemoFirm:
    words = world["trades"][trade]
    small, large = words["staff"]
    staff = round(small + (large - small) * chance.random() ** 2.2)
    return DemoFirm(
        name=chance.choice(city["prefixes"])
        + brand
        + chance.choice(words["zh"])
        + chance.choice(LEGAL_FORMS),
        name_en=f"{''.join(lazy_pinyin(brand)).capitalize()} {words['en']}",
        uscc=_code(city["code"], number),
        city=city["code"],
        city_name=city["county"],
        address=f"{chance.choice(city['towns'])}工业路 {chance.randint(1, 400)} 号",
        contact=chance.choice(world["families"]) + chance.choice(world["given"]),
        phone=f"+86139{city['code'][:2]}{number:02d}{chance.randint(1000, 9999)}"[:14],
        business_type=trade,
        products="、".join(words["products"]),
        staff=staff,
        standing=min(80.0, max(22.0, chance.gauss(48, 11) + min(8, staff / 40))),
        short={plank: depth * chance.uniform(0.4, 1.3) for plank, depth in city["short"].items()},
    )


def _code(city: str, number: int) -> str:
    """A code that is valid by its check digit and names no real firm (registry part 0000…)."""
    body = f"91{city}MA0{number:04d}X"[:16].ljust(16, "0")
    body += "0"
    return body[:17] + str(uscc.calc_check_digit(body[:17]))
