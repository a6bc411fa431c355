"""Two people of one provider publish at the same moment: versions follow each other, none is lost and none has two contents."""

import threading
from uuid import UUID

import psycopg
import pytest

from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.trade.catalogue import owned
from staveworks.trade.catalogue.models import Offer, Version
from staveworks.trade.catalogue.types import OfferChanged, OfferVersion
from staveworks.trade.catalogue.usecases import publish_offer as publishing
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.trading import PLAIN, publish
from tests.world import join, make_firm, make_person


@pytest.fixture
def lab(committed: Clone, monkeypatch: pytest.MonkeyPatch) -> Actor:
    from django.conf import settings

    monkeypatch.setattr(settings, "MECHANISMS", PLAIN)
    return join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER), Role.OWNER)


def change(lab: Actor, offer: UUID, fen: int) -> OfferVersion:
    price = {"kind": "fixed", "amount_fen": fen}
    return publishing.change_price(lab, offer_id=offer, price=price, groups=None, number=1)


def test_of_two_changes_of_one_price_the_second_is_told(lab: Actor) -> None:
    offer = publish(lab).offer_id
    results = at_once(*(lambda fen=fen: change(lab, offer, fen) for fen in (70_000, 71_000, 72_000)))
    assert sum(isinstance(result, OfferVersion) for result in results) == 1
    assert sum(isinstance(result, OfferChanged) for result in results) == 2


def test_without_lock_and_constraint_one_number_has_two_prices(
    lab: Actor, committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    offer = publish(lab).offer_id
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("ALTER TABLE catalogue_version DROP CONSTRAINT catalogue_version_numbered")
    both_have_looked = threading.Barrier(2, timeout=20)

    def look(actor: Actor, offer_id: UUID) -> Offer:
        found = Offer.objects.get(id=offer_id)
        both_have_looked.wait()
        return found

    monkeypatch.setattr(publishing, "lock_own", look)
    monkeypatch.setattr(publishing, "_move", lambda *_, **__: None)
    at_once(*(lambda fen=fen: change(lab, offer, fen) for fen in (70_000, 71_000)))
    assert Version.objects.filter(offer_id=offer, number=2).count() == 2
    assert owned.lock_own is not look
