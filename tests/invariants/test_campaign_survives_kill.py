"""kill -9 of the worker and the database while a campaign is sent: no message is lost, none is sent twice, no limit is passed.

With the product's own processes. ``benchmarks/campaign.py`` does the same with 10,000 messages.
"""

import pytest

from tests.campaign import CLAIMED, a_house, run_campaign

COUNT, A_MINUTE, AT_ONCE = 300, 1200, 30
"""So many that sending them without a limit would break it, within ten seconds too."""
KILLS = ["worker", "database", "worker"]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]


def test_a_campaign_survives_kills_of_worker_and_database() -> None:
    with a_house() as house:
        found = run_campaign(house, count=COUNT, kills=KILLS, a_minute=A_MINUTE, at_once=AT_ONCE)
        addresses = house.ask("SELECT count(DISTINCT address) FROM notices_sink_entry")[0][0]
    assert found.kills == len(KILLS), "every kill hit a campaign that was under way"
    assert found.taken == addresses == COUNT, "none lost, none twice"
    assert found.states == {"sent": COUNT}
    # What a killed sender had handed over and not written down came again with its token, and the sink took it once.
    assert found.repeated <= found.unknown <= len(KILLS) * 2 * CLAIMED
    for seconds in (1, 5, 10):
        assert found.most_within(seconds) <= AT_ONCE + A_MINUTE / 60 * seconds + CLAIMED
