"""A claim that was granted wrongly is taken back: the firm stands as it was handed over, its true owner can claim it."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.models import Event
from staveworks.foundation.parties.claim_models import Revocation
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import (
    Agreement,
    Claim,
    Invitation,
    Mandate,
    Membership,
    Organisation,
    Person,
    Profile,
    Token,
)
from staveworks.foundation.parties.queries import (
    AgentFound,
    access_own_claim,
    access_profile,
    actor_for,
    actor_for_token,
    find_claimable,
)
from staveworks.foundation.parties.queries.revocations import access_revocation, preview_revocation
from staveworks.foundation.parties.types import (
    Actor,
    ClaimNotFound,
    ClaimNotGranted,
    ClaimNotRevoked,
    ClaimReasonMissing,
    ClaimRevokedBefore,
    InvitationNotFound,
    Kind,
    OrganisationNotFound,
    RevocationBuiltUpon,
    RightMissing,
    Role,
    TokenNotFound,
)
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement
from staveworks.foundation.parties.usecases.accept_invitation import accept_invitation
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.edit_organisation import ProfileFields, edit_organisation
from staveworks.foundation.parties.usecases.give_mandate import give_mandate
from staveworks.foundation.parties.usecases.invite_person import invite_person
from staveworks.foundation.parties.usecases.issue_claim_link import claim_by_link, issue_claim_link
from staveworks.foundation.parties.usecases.issue_token import issue_token
from staveworks.foundation.parties.usecases.prove_claim import prove_claim
from staveworks.foundation.parties.usecases.revoke_claim import revoke_claim, undo_revocation
from staveworks.foundation.parties.usecases.start_claim import start_claim
from tests.contract.caller import Caller, make_token
from tests.world import QINGHE_USCC, World, join, make_firm, make_person, make_world

pytestmark = pytest.mark.django_db
HELD_PHONE, HIS_PHONE = "+8613805759999", "+8613805756666"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def stranger(world: World) -> Actor:
    """冯冒, to whom 清河喷织厂 does not belong: he has the phone that the roster holds."""
    return Actor(make_person("冯冒", phone=HIS_PHONE).id, None)


@pytest.fixture
def owner(world: World) -> Actor:
    """何清, to whom it belongs in truth."""
    return Actor(make_person("何清", phone="+8613805750009").id, None)


def claim_it(world: World, person: Actor) -> UUID:
    """By the code; the claim's id."""
    started = start_claim(person, org_id=world.qinghe.id, method="phone")
    prove_claim(person, claim_id=started.id, code=started.code or "")
    return started.id


def claim_by_licence(world: World, person: Actor) -> UUID:
    started = start_claim(person, org_id=world.qinghe.id, method="licence")
    decide_claim(world.gao, claim_id=started.id, grant=True)
    return started.id


def write_over(his: Actor) -> None:
    """He makes the firm's data his own."""
    edit_organisation(
        his,
        name="冯记喷织",
        kinds=[Kind.PROVIDER],
        uscc="",
        profile=ProfileFields(contact="冯冒", phone=HIS_PHONE),
    )


def give_everything(world: World, his: Actor) -> tuple[str, str]:
    """A colleague, a mandate, a token, an agreement, an invitation that is open; a mandate of another firm to his."""
    accept_agreement(his, shows=["barrel"])
    join(make_person("冯二", phone="+8613805756667"), world.qinghe, Role.CLERK)
    give_mandate(
        his,
        agent=AgentFound("周倩", person_id=world.zhou.person_id),
        rights=["barrel.read"],
        until=tomorrow(),
    )
    give_mandate(
        world.wu,
        agent=AgentFound("清河喷织厂", org_id=world.qinghe.id),
        rights=["barrel.read"],
        until=tomorrow(),
    )
    invited = invite_person(his, role=Role.MANAGER, contact=Contact("email", "third@feng.example"))
    return issue_token(his, name="ERP", scopes={"barrel.read"}).token, invited.token


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def firm(world: World) -> Organisation:
    return Organisation.objects.get(id=world.qinghe.id)


def test_the_firm_goes_back_under_its_steward_and_its_true_owner_can_claim_it(
    world: World, stranger: Actor, owner: Actor
) -> None:
    wrong = claim_it(world, stranger)
    revoke_claim(world.gao, claim_id=wrong, reason="电话不是这家企业的")
    assert firm(world).claimed_at is None
    assert [found.id for found in find_claimable("清河")] == [world.qinghe.id]
    assert access_profile(world.gao_for(world.qinghe)).phones == (HELD_PHONE,)
    with pytest.raises(OrganisationNotFound):
        actor_for(stranger.person, world.qinghe.id)
    claim_by_licence(world, owner)
    hers = actor_for(owner.person, world.qinghe.id)
    assert hers.roles == {Role.OWNER}
    assert access_profile(hers).phones == (HELD_PHONE,)
    with acting(org=world.qinghe.id):
        assert [each.person_id for each in Membership.objects.all()] == [owner.person_id]
        assert not Agreement.objects.filter(withdrawn_at=None).exists(), "she is asked what to show, as ever"


def test_what_he_wrote_over_is_put_back_and_kept_on_record(world: World, stranger: Actor) -> None:
    wrong = claim_it(world, stranger)
    write_over(actor_for(stranger.person, world.qinghe.id))
    revoke_claim(world.gao, claim_id=wrong, reason="认错了")
    found = firm(world)
    assert (found.name, found.uscc, found.kinds) == ("清河喷织厂", QINGHE_USCC, [Kind.ENTERPRISE])
    assert access_profile(world.gao_for(world.qinghe)).phones == (HELD_PHONE,)
    replaced = {
        column: (left, back) for column, left, back in access_revocation(world.gao, claim_id=wrong).replaced
    }
    assert replaced["name"] == ("冯记喷织", "清河喷织厂")
    assert replaced["phones"][0][0] == HIS_PHONE
    assert replaced["phones"][1] == [HELD_PHONE]
    with acting(org=world.qinghe.id):
        changed = Event.objects.get(org_id=world.qinghe.id, type="organisation.changed")
    assert changed.person_id == stranger.person_id, "the log says who"


def test_all_that_was_given_in_the_firms_name_ends(world: World, stranger: Actor) -> None:
    wrong = claim_it(world, stranger)
    his = actor_for(stranger.person, world.qinghe.id)
    token, invitation = give_everything(world, his)
    assert actor_for_token(token).org_id == world.qinghe.id
    assert actor_for(world.zhou.person, world.qinghe.id).mandate_id
    assert actor_for(stranger.person, world.yuanda.id, via_org_id=world.qinghe.id).mandate_id
    revoke_claim(world.gao, claim_id=wrong, reason="认错了")
    with pytest.raises(TokenNotFound):
        actor_for_token(token)
    for agent, org in ((world.zhou, world.qinghe), (stranger, world.yuanda)):
        with pytest.raises(OrganisationNotFound):
            actor_for(agent.person, org.id, via_org_id=world.qinghe.id)
    with pytest.raises(InvitationNotFound):
        accept_invitation(world.wu, token=invitation)
    with acting(org=world.qinghe.id):
        for model in (Token, Mandate, Agreement, Invitation):
            assert not model.objects.filter(org_id=world.qinghe.id, withdrawn_at=None).exists(), model  # type: ignore[attr-defined]
        assert Membership.objects.count() == 0
    with acting(org=world.yuanda.id):
        assert Event.objects.filter(org_id=world.yuanda.id, type="mandate.withdrawn").exists(), (
            "its giver is told"
        )


def test_the_reason_is_shown_to_the_former_claimant(world: World, stranger: Actor) -> None:
    wrong = claim_it(world, stranger)
    for nothing in ("", "  "):
        with pytest.raises(ClaimReasonMissing):
            revoke_claim(world.gao, claim_id=wrong, reason=nothing)
    revoke_claim(world.gao, claim_id=wrong, reason="电话不是这家企业的")
    his = access_own_claim(stranger.person, wrong)
    assert (his.state, his.reason) == ("revoked", "电话不是这家企业的")


def test_who_was_revoked_claims_again_only_by_licence(world: World, stranger: Actor, owner: Actor) -> None:
    wrong = claim_it(world, stranger)
    revoke_claim(world.gao, claim_id=wrong, reason="认错了")
    link = issue_claim_link(world.gao, org_id=world.qinghe.id).token
    for method in ("phone", "letter"):
        with pytest.raises(ClaimRevokedBefore):
            start_claim(stranger, org_id=world.qinghe.id, method=method)  # type: ignore[arg-type]
    with pytest.raises(ClaimRevokedBefore):
        claim_by_link(stranger, token=link)
    start_claim(stranger, org_id=world.qinghe.id, method="licence")
    assert claim_by_link(owner, token=link) == world.qinghe.id


def test_only_the_stewards_people_who_decide_claims_revoke(world: World, stranger: Actor) -> None:
    wrong = claim_it(world, stranger)
    city = make_firm("柯桥服务公司", Kind.CITY)
    elsewhere = join(make_person("邵局", phone="+8613805757000"), city, Role.OWNER)
    for nobody in (world.shen, world.lin, stranger):
        with pytest.raises(RightMissing):
            revoke_claim(nobody, claim_id=wrong, reason="x")
    for look in (revoke_claim, undo_revocation, preview_revocation):
        with pytest.raises(ClaimNotFound):
            look(elsewhere, claim_id=wrong, **({"reason": "x"} if look is revoke_claim else {}))  # type: ignore[operator]
    revoke_claim(world.gao, claim_id=wrong, reason="x")
    with pytest.raises(ClaimNotGranted):
        revoke_claim(world.gao, claim_id=wrong, reason="x")


def test_the_preview_tells_how_much_but_not_what(world: World, stranger: Actor) -> None:
    wrong = claim_it(world, stranger)
    his = actor_for(stranger.person, world.qinghe.id)
    write_over(his)
    give_everything(world, actor_for(stranger.person, world.qinghe.id))
    view = preview_revocation(world.gao, claim_id=wrong)
    counts = (view.people, view.mandates, view.tokens, view.invitations, view.agreements)
    assert counts == (2, 2, 1, 1, 1)
    assert {"name", "phones", "uscc"} <= set(view.fields)
    assert view.replaced == ()


def test_undoing_gives_everything_back(world: World, stranger: Actor) -> None:
    wrong = claim_it(world, stranger)
    write_over(actor_for(stranger.person, world.qinghe.id))
    token, _ = give_everything(world, actor_for(stranger.person, world.qinghe.id))
    with acting(org=world.qinghe.id):
        before = sorted(Membership.objects.values_list("person_id", "role", "since"))
    claimed_at = firm(world).claimed_at
    revoke_claim(world.gao, claim_id=wrong, reason="认错了")
    undo_revocation(world.gao, claim_id=wrong)
    assert (firm(world).claimed_at, firm(world).name) == (claimed_at, "冯记喷织")
    assert actor_for_token(token).org_id == world.qinghe.id
    assert actor_for(world.zhou.person, world.qinghe.id).mandate_id
    assert actor_for(stranger.person, world.yuanda.id, via_org_id=world.qinghe.id).mandate_id
    with acting(org=world.qinghe.id):
        assert sorted(Membership.objects.values_list("person_id", "role", "since")) == before
        assert Agreement.objects.filter(withdrawn_at=None).count() == 1
    with acting(org=world.operator.id):
        assert not Profile.objects.filter(org_id=world.qinghe.id).exists(), "the steward's sight ends again"
    with pytest.raises(ClaimNotRevoked):
        undo_revocation(world.gao, claim_id=wrong)
    revoke_claim(world.gao, claim_id=wrong, reason="真的认错了")
    assert firm(world).name == "清河喷织厂", "and may be revoked again"


def test_what_the_steward_changed_since_stays_when_undone(world: World, stranger: Actor) -> None:
    wrong = claim_it(world, stranger)
    write_over(actor_for(stranger.person, world.qinghe.id))
    revoke_claim(world.gao, claim_id=wrong, reason="认错了")
    edit_organisation(
        world.gao_for(world.qinghe),
        name="清河喷水织造厂",
        kinds=[Kind.ENTERPRISE],
        profile=ProfileFields(phone=HELD_PHONE),
    )
    undo_revocation(world.gao, claim_id=wrong)
    assert firm(world).name == "清河喷水织造厂"


def test_it_cannot_be_undone_once_the_true_owner_has_claimed(
    world: World, stranger: Actor, owner: Actor
) -> None:
    wrong = claim_it(world, stranger)
    revoke_claim(world.gao, claim_id=wrong, reason="认错了")
    assert access_revocation(world.gao, claim_id=wrong).may_undo
    claim_by_licence(world, owner)
    assert not access_revocation(world.gao, claim_id=wrong).may_undo
    with pytest.raises(RevocationBuiltUpon):
        undo_revocation(world.gao, claim_id=wrong)
    assert actor_for(owner.person, world.qinghe.id).roles == {Role.OWNER}


def test_a_code_that_another_firm_registered_meanwhile_is_left_to_it(world: World, stranger: Actor) -> None:
    wrong = claim_it(world, stranger)
    write_over(actor_for(stranger.person, world.qinghe.id))
    other = make_firm("清河纺织", uscc=QINGHE_USCC)
    revoke_claim(world.gao, claim_id=wrong, reason="认错了")
    assert firm(world).uscc is None
    assert Organisation.objects.get(id=other.id).uscc == QINGHE_USCC


class TestTheDatabase:
    """keeps what the use cases promise, whoever forgets it."""

    def test_lets_no_claimed_firm_go_back_without_a_revoked_claim(
        self, world: World, stranger: Actor
    ) -> None:
        claim_it(world, stranger)
        for firm_id in (world.qinghe.id, world.chunhui.id):
            with (
                acting(org=firm_id),
                pytest.raises(IntegrityError, match="revoked claim"),
                transaction.atomic(),
            ):
                Organisation.objects.filter(id=firm_id).update(claimed_at=None)

    def test_lets_claims_only_along_their_edges(self, world: World, stranger: Actor) -> None:
        claim = claim_it(world, stranger)
        for state in ("open", "proven", "refused", "withdrawn"):
            with acting(org=world.operator.id), pytest.raises(IntegrityError), transaction.atomic():
                Claim.objects.filter(id=claim).update(state=state)
        with (
            acting(org=world.operator.id),
            pytest.raises(IntegrityError, match="dated"),
            transaction.atomic(),
        ):
            Claim.objects.filter(id=claim).update(state="revoked")

    def test_lets_nobody_give_anything_in_the_name_of_an_unclaimed_firm(
        self, world: World, stranger: Actor
    ) -> None:
        rows = (
            Membership(org_id=world.qinghe.id, person_id=stranger.person, role=Role.OWNER),
            Mandate(
                org_id=world.qinghe.id,
                agent_person_id=stranger.person,
                rights=["barrel.read"],
                until=tomorrow(),
            ),
            Token(
                org_id=world.qinghe.id, person_id=stranger.person, name="x", token_digest="0", scopes=["x"]
            ),
            Agreement(org_id=world.qinghe.id, operator_id=world.operator.id, edition="x"),
        )
        for row in rows:
            with (
                acting(org=world.qinghe.id),
                pytest.raises(IntegrityError, match="nobody has"),
                transaction.atomic(),
            ):
                row.save(force_insert=True)
        claim_it(world, stranger)
        for row in rows[1:]:
            with acting(org=world.qinghe.id):
                row.save(force_insert=True)

    def test_keeps_a_revocation_as_it_was(self, world: World, stranger: Actor) -> None:
        claim = claim_it(world, stranger)
        revoke_claim(world.gao, claim_id=claim, reason="认错了")
        with acting(org=world.operator.id):
            with pytest.raises(IntegrityError, match="only undoing"), transaction.atomic():
                Revocation.objects.update(reason="没错")
            assert Revocation.objects.update(undone_at=timezone.now()) == 1

    def test_shows_a_revocation_to_the_steward_only(
        self, world: World, stranger: Actor, owner: Actor
    ) -> None:
        claim = claim_it(world, stranger)
        revoke_claim(world.gao, claim_id=claim, reason="认错了")
        claim_by_licence(world, owner)
        for org, seen in ((world.operator.id, 1), (world.qinghe.id, 0), (world.yuanda.id, 0)):
            with acting(org=org):
                assert Revocation.objects.count() == seen


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Person.objects.get(id=actor.person_id))
    return client


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_on_the_pages_the_act_is_explained_done_and_undone(
    world: World, stranger: Actor, language: str
) -> None:
    wrong = claim_it(world, stranger)
    desk = browser(world.gao)
    desk.cookies["django_language"] = language
    assert f"/claims/{wrong}/" in desk.get(f"/cluster/firms/{world.qinghe.id}/").content.decode()
    said = desk.get(f"/claims/{wrong}/").content.decode()
    assert ("收回之后" if language == "zh-hans" else "Revoking it, at once") in said
    assert desk.post(f"/claims/{wrong}/revoke/", {"reason": ""}).status_code == 422
    done = desk.post(f"/claims/{wrong}/revoke/", {"reason": "电话不对"}, follow=True).content.decode()
    assert f'action="/claims/{wrong}/restore/"' in done
    his = browser(stranger).get(f"/join/claims/{wrong}/").content.decode()
    assert "电话不对" in his
    assert wrong.hex not in his
    desk.post(f"/claims/{wrong}/restore/")
    assert firm(world).claimed_at is not None


def test_by_the_api(world: World, stranger: Actor) -> None:
    wrong = claim_it(world, stranger)
    api = Caller(make_token(world.gao))
    where = f"/api/v1/claims/{wrong}/revocation"
    assert api.get(where).json()["revoked"] is False
    assert api.post(where, {"reason": " "}, content_type="application/json").status_code == 422
    key = {"idempotency-key": "once"}
    answers = [
        api.post(where, {"reason": "认错了"}, content_type="application/json", headers=key) for _ in "ab"
    ]
    assert [(each.status_code, each.json()["people"]) for each in answers] == [(201, 1)] * 2
    assert api.get("/api/v1/claims?state=revoked").json()["items"][0]["reason"] == "认错了"
    assert api.get(where).json()["may_undo"] is True
    assert api.delete(where).status_code == 200
    assert api.delete(where).status_code == 409
    weak = Caller(make_token(world.gao, ["firm.read"], secret="weak"))
    assert weak.post(where, {"reason": "x"}, content_type="application/json").status_code == 403
    assert firm(world).claimed_at is not None
