"""Tasks and projects as the catalogue sees them: what they ask, what they cost, what they refuse to be published with."""

from dataclasses import replace
from typing import Any

import pytest

from staveworks.foundation.parties.types import Actor, Kind, Role
from staveworks.trade.catalogue.mechanisms import mechanism_of, name_of
from staveworks.trade.catalogue.queries import quote_version
from staveworks.trade.catalogue.requests import RequestInvalid
from staveworks.trade.catalogue.types import OfferInvalid, PriceByQuote, QuantityInvalid
from tests.trading import publish
from tests.world import World, join, make_firm, make_person, make_world

KILO: dict[str, Any] = {
    "kind": "per_unit",
    "unit": {"zh": "公斤", "en": "kg"},
    "unit_price_fen": 333,
    "minimum": "2",
    "step": "0.5",
}
BRIEF = {"brief": "三款春夏花型，十月底前定稿"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def seller(world: World) -> Actor:
    return join(make_person("蒋海峰"), make_firm("三城联采", Kind.PROVIDER), Role.OWNER)


class TestTasks:
    def test_ask_for_the_quantity_and_the_offers_own_form(self, world: World, seller: Actor) -> None:
        form = {"type": "object", "required": ["colour"], "properties": {"colour": {"type": "string"}}}
        version = publish(seller, mechanism="task", price=KILO, form=form)
        assert list(mechanism_of("task").form(version)["properties"]) == ["quantity", "colour", "note"]
        quote = quote_version(world.lin, version_id=version.id, request={"quantity": "2.5", "colour": "红"})
        assert (quote.price_fen, quote.asks) == (833, ())
        with pytest.raises(RequestInvalid) as refused:
            quote_version(world.lin, version_id=version.id, request={"quantity": "2.5"})
        assert refused.value.field == "colour"

    @pytest.mark.parametrize("quantity", ["1", "2.3", "two", "NaN"])
    def test_refuse_a_quantity_at_its_field(self, world: World, seller: Actor, quantity: str) -> None:
        version = publish(seller, mechanism="task", price=KILO)
        assert quote_version(world.lin, version_id=version.id, request={}).price_fen == 666
        with pytest.raises(QuantityInvalid) as refused:
            quote_version(world.lin, version_id=version.id, request={"quantity": quantity})
        assert refused.value.field == "quantity"

    def test_refuse_what_costs_more_than_an_offer_may_say(self, world: World, seller: Actor) -> None:
        version = publish(seller, mechanism="task", price=KILO)
        for quantity in ("100000000000", "1e12"):
            with pytest.raises(QuantityInvalid) as refused:
                quote_version(world.lin, version_id=version.id, request={"quantity": quantity})
            assert refused.value.field == "quantity"

    @pytest.mark.parametrize(
        ("way", "name"),
        [("task", "week"), ("task", "quantity"), ("project", "brief"), ("booking", "minutes")],
    )
    def test_keep_their_own_questions(self, seller: Actor, way: str, name: str) -> None:
        """Refused in an offer's own form; in one from before they are the mechanism's as ever, and nothing else may be said."""
        shape = {"type": "array", "items": {"type": "string"}}
        own = {
            "type": "object",
            "properties": {name: shape, "colour": {"type": "string"}},
            "required": [name],
        }
        with pytest.raises(OfferInvalid) as refused:
            publish(seller, mechanism=way, price=KILO, form=own)
        assert refused.value.field == f"form.properties.{name}"
        version = publish(seller, mechanism="task", price={"kind": "fixed", "amount_fen": 100})
        before = replace(version, content=replace(version.content, form=own))
        form = mechanism_of(way).form(before)
        assert form["properties"].get(name) != shape
        assert "colour" in form["properties"]
        assert (name in form["required"]) is (name == "brief")
        assert form["additionalProperties"] is False

    @pytest.mark.parametrize("way", ["task", "project"])
    def test_are_not_published_with_terms_that_they_do_not_know(self, seller: Actor, way: str) -> None:
        with pytest.raises(OfferInvalid) as refused:
            publish(seller, mechanism=way, terms={"resource": "x"})
        assert refused.value.field == "terms.resource"


class TestProjects:
    def test_want_to_know_what_it_is_about(self, world: World, seller: Actor) -> None:
        version = publish(seller, mechanism="project")
        assert quote_version(world.lin, version_id=version.id, request=BRIEF).price_fen == 68_000
        with pytest.raises(RequestInvalid) as refused:
            quote_version(world.lin, version_id=version.id, request={})
        assert refused.value.field == "brief"

    def test_on_request_have_no_price_yet(self, world: World, seller: Actor) -> None:
        version = publish(seller, mechanism="project", price={"kind": "quote"})
        with pytest.raises(PriceByQuote):
            quote_version(world.lin, version_id=version.id, request=BRIEF)


def test_a_way_that_is_not_installed_any_more_is_named_by_its_code() -> None:
    assert name_of("task").zh == "填单办理"
    assert name_of("teleport").zh == "teleport"
