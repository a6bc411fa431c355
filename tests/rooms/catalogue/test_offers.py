"""An offer is drafted, published, changes its price, is withdrawn; what was ordered keeps its version."""

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.parties.types import Actor, Kind, RightMissing, Role
from staveworks.trade.catalogue.models import Draft, Offer, Version
from staveworks.trade.catalogue.queries import (
    access_offer,
    access_version,
    list_own_offers,
    quote_version,
)
from staveworks.trade.catalogue.requests import RequestInvalid
from staveworks.trade.catalogue.types import (
    FixedPrice,
    Group,
    NotADraft,
    NothingToPublish,
    NotPublished,
    NotServed,
    OfferChanged,
    OfferInvalid,
    OfferNotFound,
    OfferNotPublished,
    OfferState,
)
from staveworks.trade.catalogue.usecases.draft_offer import discard_draft, draft_offer, edit_draft
from staveworks.trade.catalogue.usecases.publish_offer import change_price, publish_offer, withdraw_offer
from tests.trading import PLAIN, document, publish
from tests.world import World, join, make_firm, make_person, make_world

DEARER = {"kind": "fixed", "amount_fen": 72_000}


@pytest.fixture(autouse=True)
def _mechanisms(settings: Any) -> None:
    settings.MECHANISMS = PLAIN


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lab(world: World) -> Actor:
    """方敏, owner of a laboratory in Shaoxing."""
    return join(make_person("方敏"), make_firm("中纺检测", Kind.PROVIDER, city="330600"), Role.OWNER)


def published_events(actor: Actor) -> list[tuple[str, dict[str, Any]]]:
    with acting(org=actor.org_id):
        return list(
            Event.objects.filter(type__startswith="offer.").order_by("id").values_list("type", "data")
        )


class TestDrafting:
    def test_a_draft_may_lack_anything_and_nobody_else_knows_of_it(self, world: World, lab: Actor) -> None:
        offer = draft_offer(lab, content={"title": {"zh": "半成品"}})
        edit_draft(lab, offer_id=offer, content={"title": {"zh": "面料检测"}})
        assert access_offer(lab, offer_id=offer).draft == {"title": {"zh": "面料检测"}}
        with pytest.raises(OfferNotFound):
            access_offer(world.lin, offer_id=offer)

    def test_others_can_neither_edit_nor_publish_it(self, world: World, lab: Actor) -> None:
        offer = draft_offer(lab, content=document())
        for act in (publish_offer, withdraw_offer, discard_draft):
            with pytest.raises(OfferNotFound):
                act(world.wu, offer_id=offer)
        with pytest.raises(OfferNotFound):
            edit_draft(world.wu, offer_id=offer, content=document())
        assert publish_offer(lab, offer_id=offer).number == 1

    def test_a_clerk_reads_but_does_not_publish(self, world: World, lab: Actor) -> None:
        version = publish(lab)
        assert access_offer(world.zhou, offer_id=version.offer_id).version == version
        with pytest.raises(RightMissing):
            draft_offer(world.zhou, content=document())

    def test_an_unknown_entry_is_refused_at_once(self, lab: Actor) -> None:
        with pytest.raises(OfferInvalid) as refused:
            draft_offer(lab, content={"titel": {}})
        assert refused.value.field == "titel"

    def test_a_draft_can_be_thrown_away_what_was_published_cannot(self, lab: Actor) -> None:
        draft, published = draft_offer(lab, content=document()), publish(lab).offer_id
        discard_draft(lab, offer_id=draft)
        with pytest.raises(OfferNotFound):
            access_offer(lab, offer_id=draft)
        with pytest.raises(NotADraft):
            discard_draft(lab, offer_id=published)


class TestPublishing:
    def test_everybody_reads_it_from_then_on(self, world: World, lab: Actor) -> None:
        version = publish(lab, city="330600")
        seen = access_offer(world.lin, offer_id=version.offer_id)
        assert (seen.state, seen.version, seen.draft, seen.own) == (
            OfferState.PUBLISHED,
            version,
            None,
            False,
        )
        assert seen.provider.zh == "中纺检测"
        assert published_events(lab)[-1] == ("offer.published", {"version": str(version.id), "number": 1})

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"planks": ["tea"]}, "planks.0"),
            ({"city": "000001"}, "city"),
            ({"tax": "none"}, "tax"),
            ({"programmes": ["nothing"]}, "programmes.0"),
            ({"mechanism": "teleport"}, "mechanism"),
            ({"terms": {"tea": 1}}, "terms.tea"),
            (
                {"certificates": [{"name": {"zh": "CMA"}, "valid_until": "2020-01-01"}]},
                "certificates.0.valid_until",
            ),
            ({"price": {"kind": "fixed"}}, "price.amount_fen"),
        ],
    )
    def test_what_is_wrong_is_refused_at_its_field_and_stays_in_the_draft(
        self, lab: Actor, wrong: dict[str, Any], field: str
    ) -> None:
        offer = draft_offer(lab, content=document(**wrong))
        with pytest.raises(OfferInvalid) as refused:
            publish_offer(lab, offer_id=offer)
        assert refused.value.field == field
        assert access_offer(lab, offer_id=offer).draft == document(**wrong)
        edit_draft(lab, offer_id=offer, content=document())
        assert publish_offer(lab, offer_id=offer).number == 1

    def test_a_further_version_leaves_the_first_as_it_was(self, world: World, lab: Actor) -> None:
        first = publish(lab)
        edit_draft(lab, offer_id=first.offer_id, content=document(title={"zh": "耐磨与起球检测"}))
        (row,) = list_own_offers(lab)
        assert (row.changed, row.number) == (True, 1)
        second = publish_offer(lab, offer_id=first.offer_id)
        assert second.number == 2
        assert access_version(world.lin, version_id=first.id) == first
        assert access_offer(world.lin, offer_id=first.offer_id).version == second
        assert not list_own_offers(lab)[0].changed

    def test_the_same_is_not_published_twice(self, lab: Actor) -> None:
        version = publish(lab)
        with pytest.raises(NothingToPublish):
            publish_offer(lab, offer_id=version.offer_id)

    def test_withdrawn_it_is_still_read_but_not_ordered_and_comes_back_as_it_was(
        self, world: World, lab: Actor
    ) -> None:
        version = publish(lab)
        withdraw_offer(lab, offer_id=version.offer_id)
        assert access_offer(world.lin, offer_id=version.offer_id).state is OfferState.WITHDRAWN
        with pytest.raises(OfferNotPublished):
            quote_version(world.lin, version_id=version.id, request={})
        with pytest.raises(NotPublished):
            withdraw_offer(lab, offer_id=version.offer_id)
        assert publish_offer(lab, offer_id=version.offer_id) == version
        assert quote_version(world.lin, version_id=version.id, request={}).price_fen == 68_000


class TestChangingThePrice:
    def test_makes_a_version_and_the_old_price_can_no_longer_be_asked(self, world: World, lab: Actor) -> None:
        first = publish(lab)
        second = change_price(lab, offer_id=first.offer_id, price=DEARER, groups=None, number=1)
        assert second.content.price == FixedPrice(72_000)
        assert access_version(world.lin, version_id=first.id).content.price == FixedPrice(68_000)
        with pytest.raises(OfferNotPublished):
            quote_version(world.lin, version_id=first.id, request={})
        assert quote_version(world.lin, version_id=second.id, request={}).price_fen == 72_000

    def test_other_edits_stay_in_the_draft(self, lab: Actor) -> None:
        first = publish(lab)
        edit_draft(lab, offer_id=first.offer_id, content=document(title={"zh": "还没写完"}))
        second = change_price(lab, offer_id=first.offer_id, price=DEARER, groups=None, number=1)
        assert second.content.title == first.content.title
        draft = access_offer(lab, offer_id=first.offer_id).draft
        assert draft is not None
        assert (draft["title"], draft["price"]) == ({"zh": "还没写完"}, DEARER)

    def test_who_saw_an_older_version_is_told(self, lab: Actor) -> None:
        first = publish(lab)
        change_price(lab, offer_id=first.offer_id, price=DEARER, groups=None, number=1)
        with pytest.raises(OfferChanged):
            change_price(lab, offer_id=first.offer_id, price=DEARER, groups=None, number=1)

    def test_not_of_a_draft_and_not_to_the_same(self, lab: Actor) -> None:
        draft = draft_offer(lab, content=document())
        with pytest.raises(NotPublished):
            change_price(lab, offer_id=draft, price=DEARER, groups=None, number=0)
        version = publish(lab)
        with pytest.raises(NothingToPublish):
            change_price(lab, offer_id=version.offer_id, price=document()["price"], groups=None, number=1)


class TestWhatABuyerPays:
    groups = {"member": "1", "elsewhere": "1.2"}

    def test_depends_on_her_price_group(self, world: World, lab: Actor) -> None:
        version = publish(lab, city="330600", groups=self.groups)
        near = join(make_person("周蕙"), make_firm("柯桥织造", city="330603"), Role.OWNER)
        far = join(make_person("陈盛"), make_firm("盛泽喷织", city="320509"), Role.OWNER)
        assert access_offer(near, offer_id=version.offer_id).group is Group.MEMBER
        assert quote_version(near, version_id=version.id, request={}).price_fen == 68_000
        assert quote_version(far, version_id=version.id, request={}).price_fen == 81_600

    def test_whom_it_does_not_serve_it_refuses(self, world: World, lab: Actor) -> None:
        version = publish(lab, groups=self.groups)
        steward = world.gao_for(world.qinghe)
        assert access_offer(steward, offer_id=version.offer_id).group is Group.GUEST
        with pytest.raises(NotServed):
            quote_version(steward, version_id=version.id, request={})

    def test_a_request_is_held_against_the_form(self, world: World, lab: Actor) -> None:
        kilo = {"kind": "per_unit", "unit": {"zh": "公斤", "en": "kg"}, "unit_price_fen": 300}
        version = publish(lab, price=kilo)
        quote = quote_version(world.lin, version_id=version.id, request={"quantity": 40})
        assert (quote.price_fen, quote.parts[0].quantity) == (12_000, 40)
        with pytest.raises(RequestInvalid) as refused:
            quote_version(world.lin, version_id=version.id, request={"quantity": 0})
        assert refused.value.field == "quantity"


class TestTheDatabase:
    def test_keeps_versions_as_they_were(self, lab: Actor) -> None:
        version = publish(lab)
        for change in (
            lambda: Version.objects.filter(id=version.id).update(number=9),
            lambda: Version.objects.filter(id=version.id)._raw_delete("default"),
        ):
            with acting(org=lab.org_id), pytest.raises(ProgrammingError), transaction.atomic():
                change()

    def test_refuses_a_version_in_anothers_name(self, world: World, lab: Actor) -> None:
        offer = publish(lab).offer_id
        with pytest.raises(ProgrammingError, match="row-level security"):
            insert(world.wu, offer, provider=lab.org, number=2)
        with pytest.raises(IntegrityError):
            insert(world.wu, offer, provider=world.yuanda.id, number=2)
        insert(lab, offer, provider=lab.org, number=2)

    @pytest.mark.parametrize("number", [1, 3])
    def test_refuses_a_version_that_does_not_follow(self, lab: Actor, number: int) -> None:
        offer = publish(lab).offer_id
        with pytest.raises(IntegrityError, match="does not follow"):
            insert(lab, offer, provider=lab.org, number=number)

    @pytest.mark.parametrize(
        "values",
        [
            {"number": 2},
            {"number": 0, "state": "draft"},
            {"state": "draft"},
            {"state": "withdrawn", "number": 3},
        ],
    )
    def test_refuses_an_offer_without_its_version_or_back_to_a_draft(
        self, lab: Actor, values: dict[str, Any]
    ) -> None:
        offer = publish(lab).offer_id
        with acting(org=lab.org_id), pytest.raises(IntegrityError), transaction.atomic():
            Offer.objects.filter(id=offer).update(**values)

    def test_lets_nobody_touch_anothers_offer_or_draft(self, world: World, lab: Actor) -> None:
        offer = publish(lab).offer_id
        with acting(org=world.yuanda.id):
            assert Offer.objects.filter(id=offer).update(state="withdrawn") == 0
            assert not Draft.objects.filter(offer_id=offer).exists()
        with acting(org=lab.org_id):
            assert Offer.objects.filter(id=offer).update(state="withdrawn") == 1


def insert(actor: Actor, offer: UUID, *, provider: UUID, number: int) -> None:
    """A version straight into the table."""
    with acting(org=actor.org_id), transaction.atomic():
        Version.objects.create(
            offer_id=offer,
            provider_org_id=provider,
            number=number,
            mechanism="plain",
            planks=["ip"],
            content={},
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
