"""Searching 100,000 offers, beside a plain full-text query for the same words on the same table in the same run.

    .venv/bin/python benchmarks/catalogue.py [offers]

The demo's sixty offers are published through use cases and then copied row by row with other prices, cities, lead times and a
dozen made-up words each, so that every word of the sixty stands in more than a thousand offers: harder than a real catalogue of
this size, whose words are more various. The searches are the labelled ones of the golden test. The plain query matches the same words as they
are segmented, ranks and gives twenty; ours understands them, counts every filter, ranks and gives twenty cards.
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
import django

django.setup()

import psycopg  # noqa: E402
import yaml  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from staveworks.db.embedded.server import EmbeddedServer  # noqa: E402
from staveworks.db.schema import migrate  # noqa: E402
from staveworks.db.transaction import acting  # noqa: E402
from staveworks.engine.prescription import Plank, Problem  # noqa: E402
from staveworks.foundation.parties.types import Actor  # noqa: E402
from staveworks.trade.catalogue.search import Order, Wanted, search_offers  # noqa: E402
from staveworks.trade.catalogue.search.words import asked, is_chinese  # noqa: E402
from tests.database import django_on  # noqa: E402
from tests.trading import EVERY_WAY, make_market  # noqa: E402
from tests.world import make_world  # noqa: E402

RESULT = Path(__file__).parent / "results" / "catalogue.json"
QUERIES = Path(__file__).parent.parent / "tests" / "golden" / "catalogue" / "queries.yaml"
OFFERS, ROUNDS = 100_000, 3
LIMITS_MS = {"words": 250, "words_and_filters": 250, "browse_by_fit": 700}
"""p50 that a page can bear, on two shared cores."""
COPIES = """
CREATE TEMPORARY TABLE copies AS
    SELECT gen_random_uuid() AS offer, gen_random_uuid() AS version, l.*, n, random() AS chance
    FROM catalogue_listing l CROSS JOIN generate_series(1, %(each)s) n;
INSERT INTO catalogue_offer (id, provider_org_id, state, number) SELECT offer, provider_org_id, 'published', 1 FROM copies;
INSERT INTO catalogue_version (id, offer_id, provider_org_id, number, mechanism, city_id, planks, content, published_at)
    SELECT c.version, c.offer, c.provider_org_id, 1, v.mechanism, v.city_id, v.planks, v.content, now()
    FROM copies c JOIN catalogue_version v ON v.id = c.version_id;
INSERT INTO catalogue_listing (offer_id, version_id, provider_org_id, mechanism, city_id, planks, programmes, price_from_fen,
        lead_time_days, published_at, words)
    SELECT c.offer, c.version, c.provider_org_id, c.mechanism,
        CASE WHEN c.city_id IS NULL OR chance < 0.3 THEN c.city_id ELSE (SELECT cities[1 + floor(chance * 1e6)::int %% array_length(cities, 1)]
            FROM (SELECT array_agg(code ORDER BY code) AS cities FROM parties_city WHERE level = 2) p) END,
        c.planks, c.programmes, (c.price_from_fen * (0.5 + chance))::bigint, (c.lead_time_days * (0.5 + chance))::int, now(),
        c.words || setweight((SELECT string_agg(format('''w%%s'':%%s', floor(20000 * power(random(), 3) + 0 * c.n)::int, k), ' ')
            FROM generate_series(1, 12) k)::tsvector, 'C')
    FROM copies c;
INSERT INTO catalogue_listed_effect (listing_id, provider_org_id, plank, gain, floor)
    SELECT c.offer, c.provider_org_id, e.plank, least(100, e.gain * (0.5 + chance)), least(100, e.floor * (0.7 + 0.5 * chance))
    FROM copies c JOIN catalogue_listed_effect e ON e.listing_id = c.offer_id;
"""


def fill(superuser: str, offers: int) -> int:
    """Copies beside the sixty; how many there are then."""
    with psycopg.connect(superuser, autocommit=True) as connected:
        connected.execute("SET session_replication_role = replica")
        for statement in (COPIES % {"each": offers // 60}).split(";\n"):
            if statement.strip():
                connected.execute(statement)
        connected.execute("ANALYZE")
        found = connected.execute("SELECT count(*) FROM catalogue_listing").fetchone()
    assert found
    return int(found[0])


def barrel() -> Problem:
    heights = {"rnd": 40, "procurement": 22, "production": 60, "logistics": 35, "marketing": 30}
    hoops = {"consulting": 40, "finance": 30, "talent": 35, "ip": 15, "inspection": 25}
    staves = [Plank(code, "stave", float(own), 90.0) for code, own in heights.items()]
    return Problem((*staves, *(Plank(code, "hoop", float(own)) for code, own in hoops.items())), (), 0)


def plain(actor: Actor, words: str) -> None:
    """The words as they are segmented, all of them; ranked; twenty."""
    parts = [f"'{word}'" if is_chinese(word) else f"'{word}':*" for word in asked(words)]
    with acting(org=actor.org_id), connection.cursor() as cursor:
        cursor.execute(
            "SELECT offer_id, ts_rank(words, q) FROM catalogue_listing, CAST(%s AS tsquery) q WHERE words @@ q ORDER BY 2 DESC LIMIT 20",
            [" & ".join(parts)],
        )
        cursor.fetchall()


def timed(works: list[Callable[[], object]]) -> list[float]:
    """Milliseconds of each, over all rounds."""
    taken = []
    for _ in range(ROUNDS):
        for work in works:
            begun = time.perf_counter()
            work()
            taken.append((time.perf_counter() - begun) * 1000)
    return taken


def percentiles(taken: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return {"p50_ms": round(statistics.median(taken), 1), "p99_ms": round(cuts[98], 1)}


def measure(actor: Actor) -> dict[str, Any]:
    queries = [query["ask"] for query in yaml.safe_load(QUERIES.read_text("utf-8"))]
    mine = barrel()
    filters = {"planks": ("inspection", "ip", "procurement"), "prices": ("0-500", "500-2000")}
    kinds: dict[str, list[Callable[[], object]]] = {
        "plain": [lambda q=q: plain(actor, q) for q in queries],  # type: ignore[misc]
        "words": [lambda q=q: search_offers(actor, Wanted(words=q)) for q in queries],  # type: ignore[misc]
        "words_and_filters": [
            lambda q=q: search_offers(actor, Wanted(words=q, **filters))  # type: ignore[misc, arg-type]
            for q in queries
        ],
        "browse_by_fit": [
            lambda: search_offers(actor, Wanted(order=Order.FIT), barrel=mine),
            lambda: search_offers(actor, Wanted(planks=("procurement",), order=Order.FIT), barrel=mine),
        ]
        * 10,
    }
    for works in kinds.values():
        works[0]()
    return {kind: percentiles(timed(works)) for kind, works in kinds.items()}


def main() -> None:
    offers = int(sys.argv[1]) if sys.argv[1:] else OFFERS
    settings.MECHANISMS = EVERY_WAY
    with tempfile.TemporaryDirectory(prefix="staveworks-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedServer(folder / "home") as urls, django_on(urls):
            migrate()
            actor = make_world().lin
            make_market()
            count = fill(urls.superuser, offers)
            found = measure(actor)
    peer = found["plain"]["p50_ms"]
    result = {
        "command": "python benchmarks/catalogue.py",
        "offers": count,
        **found,
        "ratio_to_plain_p50": {kind: round(found[kind]["p50_ms"] / peer, 2) for kind in LIMITS_MS},
        "ratio_to_limit_p50": {
            kind: round(found[kind]["p50_ms"] / most, 2) for kind, most in LIMITS_MS.items()
        },
        "load_average": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(result, indent=2))
    if not sys.argv[1:]:
        RESULT.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
