"""Giving and withdrawing: what may be given, to whom it reaches, that two at once leave one."""

import threading
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from staveworks.cluster.barrel.firms import find_firm
from staveworks.cluster.barrel.shown import access_shown
from staveworks.db.transaction import acting
from staveworks.foundation.facts.models import ConfirmedKind, Grant
from staveworks.foundation.facts.queries import list_grants, list_held
from staveworks.foundation.facts.types import (
    Field,
    FieldsMissing,
    Grantee,
    GranteeIsSelf,
    GranteeUnknown,
    GrantOfAgreement,
    GrantOverlaps,
    NotGranted,
    Purpose,
    UntilInvalid,
)
from staveworks.foundation.facts.usecases.confirm_kind import confirm_kind, unconfirm_kind
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.facts.usecases.withdraw_grant import withdraw_grant
from staveworks.foundation.parties.models import Organisation
from staveworks.foundation.parties.types import Kind, RightMissing
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement, withdraw_agreement
from tests.consent import (
    Tattler,
    grant,
    in_city,
    make_bank,
    make_tattler,
)
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import make_world


def live(tattler: Tattler) -> list[Grant]:
    with acting(org=tattler.firm.id):
        return list(Grant.objects.filter(org_id=tattler.firm.id, withdrawn_at=None))


def test_a_new_grant_takes_the_place_of_the_one_before(committed: Clone) -> None:
    tattler, bank = make_tattler(), make_bank()
    grant(tattler, bank, Purpose.FINANCE, Field.PROFILE)
    grant(tattler, bank, Purpose.FINANCE, Field.LEVEL)
    grant(tattler, bank, Purpose.SUPPLY, Field.OUTLINE)
    assert {row.purpose: row.fields for row in live(tattler)} == {"finance": ["level"], "supply": ["outline"]}
    rows, total = list_held(bank)
    assert total == 2
    assert {row.fields for row in rows} == {(Field.LEVEL,), (Field.OUTLINE,)}


def test_two_grants_given_at_once_leave_one_live(committed: Clone) -> None:
    tattler, bank = make_tattler(), make_bank()
    results = at_once(
        *(lambda f=f: grant(tattler, bank, Purpose.FINANCE, f) for f in (Field.LEVEL, Field.OUTLINE) * 3)
    )
    assert all(isinstance(result, GrantOverlaps) or not isinstance(result, Exception) for result in results)
    assert len(live(tattler)) == 1


def test_control_without_the_constraint_two_are_live(
    committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    tattler, bank = make_tattler(), make_bank()
    with psycopg.connect(committed.urls.owner) as owner:
        owner.execute("ALTER TABLE facts_grant DROP CONSTRAINT facts_grant_one_live")
    meet = threading.Barrier(2)
    monkeypatch.setattr(
        "staveworks.foundation.facts.usecases.give_grant.end_grants",
        lambda actor, found: meet.wait(timeout=10),
    )
    at_once(*(lambda f=f: grant(tattler, bank, Purpose.FINANCE, f) for f in (Field.LEVEL, Field.OUTLINE)))
    assert len(live(tattler)) == 2


def test_a_grant_is_only_ever_withdrawn(committed: Clone) -> None:
    tattler, bank = make_tattler(), make_bank()
    given = grant(tattler, bank, Purpose.FINANCE, Field.LEVEL)
    with (
        acting(org=tattler.firm.id),
        pytest.raises(IntegrityError, match="only ever withdrawn"),
        transaction.atomic(),
    ):
        Grant.objects.filter(id=given).update(fields=["profile"])
    withdraw_grant(tattler.owner, grant_id=given)
    with (
        acting(org=tattler.firm.id),
        pytest.raises(IntegrityError, match="only ever withdrawn"),
        transaction.atomic(),
    ):
        Grant.objects.filter(id=given).update(withdrawn_at=None)
    with acting(org=bank.org), pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
        Grant.objects.create(
            org_id=tattler.firm.id,
            grantee_id=bank.org,
            purpose="finance",
            fields=["profile"],
            during=(None, None),
        )
    with acting(org=bank.org):
        assert Grant.objects.filter(id=given).update(withdrawn_at=None) == 0


def test_what_may_not_be_given(committed: Clone) -> None:
    world, tattler, bank = make_world(), make_tattler(), make_bank()
    to = Grantee(bank.org)
    for wrong, values in (
        (FieldsMissing, {"fields": []}),
        (GranteeIsSelf, {"to": Grantee(tattler.firm.id)}),
        (GranteeUnknown, {"to": Grantee(kind=Kind.PLATFORM)}),
        (GranteeUnknown, {"to": Grantee(kind=Kind.ENTERPRISE)}),
        (UntilInvalid, {"until": timezone.localdate()}),
        (UntilInvalid, {"until": timezone.localdate() + timedelta(days=3000)}),
    ):
        asked: dict[str, Any] = {"to": to, "purpose": Purpose.FINANCE, "fields": [Field.LEVEL]} | values
        with pytest.raises(wrong):
            give_grant(tattler.owner, **asked)
    with pytest.raises(RightMissing):
        give_grant(world.zhou, to=to, purpose=Purpose.FINANCE, fields=[Field.LEVEL])
    accept_agreement(tattler.owner, shows=["barrel"])
    with pytest.raises(GrantOfAgreement):
        give_grant(
            tattler.owner, to=Grantee(world.operator.id), purpose=Purpose.OPERATION, fields=[Field.PROFILE]
        )


def test_the_agreement_gives_its_grant_and_takes_it_back(committed: Clone) -> None:
    world, tattler = make_world(), make_tattler()
    accept_agreement(tattler.owner, shows=["barrel", "profile"])
    [given] = list_grants(tattler.owner)
    assert (given.grantee.org_id, given.purpose, given.by_agreement) == (
        world.operator.id,
        Purpose.OPERATION,
        True,
    )
    assert given.fields == (Field.PROFILE, Field.BARREL)
    assert find_firm(world.gao, firm=tattler.firm.id).row.diagnosis
    with pytest.raises(GrantOfAgreement):
        withdraw_grant(tattler.owner, grant_id=given.id)
    accept_agreement(tattler.owner, shows=["profile"])
    assert [grant.fields for grant in list_grants(tattler.owner)] == [(Field.PROFILE,)]
    withdraw_agreement(tattler.owner)
    assert list_grants(tattler.owner) == []


def test_a_grant_to_a_kind_reaches_only_whom_the_operator_confirmed(committed: Clone) -> None:
    world, tattler, bank = make_world(), make_tattler(), make_bank()
    give_grant(tattler.owner, to=Grantee(kind=Kind.BANK), purpose=Purpose.FINANCE, fields=[Field.LEVEL])
    assert list_held(bank)[1] == 0, "anybody may call herself a bank"
    confirm_kind(world.gao, org_id=bank.org, kind=Kind.BANK)
    assert access_shown(bank, firm=tattler.firm.id, purpose=Purpose.FINANCE).level
    unconfirm_kind(world.gao, org_id=bank.org, kind=Kind.BANK)
    with pytest.raises(NotGranted):
        access_shown(bank, firm=tattler.firm.id, purpose=Purpose.FINANCE)
    with pytest.raises(RightMissing):
        confirm_kind(world.lin, org_id=bank.org, kind=Kind.BANK)


def test_a_government_is_reached_by_the_firms_of_the_place_where_it_was_confirmed(committed: Clone) -> None:
    world = make_world()
    here, there = make_tattler("柯桥织造", city="330603"), make_tattler("吴江织造", city="320509", number=2)
    for each in (here, there):
        give_grant(
            each.owner, to=Grantee(kind=Kind.GOVERNMENT), purpose=Purpose.PROGRAMMES, fields=[Field.LEVEL]
        )
    bureau = make_bank("绍兴工信局", kind=Kind.GOVERNMENT, city="330600")
    confirm_kind(world.gao, org_id=bureau.org, kind=Kind.GOVERNMENT)
    assert [row.name.zh for row in list_held(bureau)[0]] == ["柯桥织造"]
    with acting(org=bureau.org):
        Organisation.objects.filter(id=bureau.org).update(city_id="320500")
    assert [row.name.zh for row in list_held(bureau)[0]] == ["柯桥织造"], "it moves itself, its reach stays"
    in_city(there.firm, "330603")
    assert {row.name.zh for row in list_held(bureau)[0]} == {"柯桥织造", "吴江织造"}


def test_nobody_but_the_platforms_operator_confirms_in_the_database(committed: Clone) -> None:
    bank = make_bank()
    with acting(org=bank.org), pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
        ConfirmedKind.objects.create(org_id=bank.org, kind="bank", confirmed_by_org_id=bank.org)
