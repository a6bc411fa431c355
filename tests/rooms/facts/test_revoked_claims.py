"""What a wrong claimant granted in the firm's name is dark as soon as his claim is revoked, and granted again if that is undone."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.facts.live import is_shown
from staveworks.foundation.facts.models import Grant
from staveworks.foundation.facts.reading import reading
from staveworks.foundation.facts.types import Field, Grantee, Purpose
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.facts.usecases.restore_grants import restore_grants
from staveworks.foundation.parties.models import Agreement
from staveworks.foundation.parties.queries import actor_for, operator_service_for
from staveworks.foundation.parties.types import Actor
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.revoke_claim import revoke_claim, undo_revocation
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.jobs.reactions import REACTIONS
from tests.world import World, make_person, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def shows(world: World, reader: Actor, purpose: Purpose) -> bool:
    with reading(reader, purpose=purpose, fields=[Field.BARREL]) as log:
        seen = is_shown(world.qinghe.id, Field.BARREL)
        log.of([world.qinghe.id])
    return seen


def test_grants_end_with_the_claim_and_come_back_with_it(world: World) -> None:
    stranger = Actor(make_person("冯冒", phone="+8613805756666").id, None)
    claim = start_claim(stranger, org_id=world.qinghe.id, method="licence").id
    decide_claim(world.gao, claim_id=claim, grant=True)
    his = actor_for(stranger.person, world.qinghe.id)
    accept_agreement(his, shows=["barrel"])
    until = timezone.localdate() + timedelta(days=30)
    give_grant(
        his, to=Grantee(org_id=world.yuanda.id), purpose=Purpose.SUPPLY, fields=[Field.BARREL], until=until
    )
    assert shows(world, world.wu, Purpose.SUPPLY)
    revoke_claim(world.gao, claim_id=claim, reason="认错了")
    assert not shows(world, world.wu, Purpose.SUPPLY)
    service = operator_service_for(world.qinghe.id)
    assert restore_grants(service, subject=world.qinghe.id) == 0, "not undone"
    undo_revocation(world.gao, claim_id=claim)
    assert shows(world, world.gao, Purpose.OPERATION), "the agreement holds again"
    assert "staveworks.foundation.facts.usecases.restore_grants.restore_grants" in REACTIONS["firm.reclaimed"]
    assert [restore_grants(service, subject=world.qinghe.id) for _ in "ab"] == [1, 0], (
        "once, however often it runs"
    )
    assert shows(world, world.wu, Purpose.SUPPLY)
    with acting(org=world.qinghe.id):
        given, again = Grant.objects.filter(agreement=None).order_by("given_at")
        assert given.until == again.until == again.during.upper, "until the same day"
        assert again.given_by_id == stranger.person_id
        assert Agreement.objects.filter(withdrawn_at=None).count() == 1


def test_nothing_is_granted_in_the_name_of_an_unclaimed_firm(world: World) -> None:
    row = Grant(
        org_id=world.qinghe.id,
        grantee_id=world.yuanda.id,
        purpose="supply",
        fields=["barrel"],
        during=(None, None),
    )
    with (
        acting(org=world.qinghe.id),
        pytest.raises(IntegrityError, match="nobody has claimed"),
        transaction.atomic(),
    ):
        row.save(force_insert=True)
    give_grant(world.lin, to=Grantee(org_id=world.yuanda.id), purpose=Purpose.SUPPLY, fields=[Field.BARREL])
