"""What the demo lends can be booked: every resource is open, has a next free time, and its price can be asked."""

import pytest
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.demo.offers import services
from staveworks.mechanisms.booking.mechanism import MECHANISM
from staveworks.trade.catalogue.mechanisms import Buyer
from staveworks.trade.catalogue.types import Group
from tests.trading import make_market
from tests.world import make_world


@pytest.mark.django_db
def test_every_booking_of_the_demo_has_a_next_free_time_and_a_price() -> None:
    world = make_world()
    versions = [each for each in make_market() if each.content.mechanism == "booking"]
    assert len(versions) == sum(entry["how"] == "booking" for entry in services()["offers"])
    free, buyer = MECHANISM.next_free(versions), Buyer(world.lin, world.chunhui.id, Group.MEMBER)
    for version in versions:
        starts_at = free[version.offer_id]
        assert starts_at is not None, version.content.title
        with acting(org=world.chunhui.id):
            quote = MECHANISM.quote(
                version, {"starts_at": starts_at.isoformat()}, buyer=buyer, at=timezone.now()
            )
        assert quote.starts_at == starts_at
