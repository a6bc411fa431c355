"""Founding, inviting, changing roles, leaving, mandates, tokens, agreements."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from staveworks.db.transaction import acting
from staveworks.foundation.eventlog.queries import list_events
from staveworks.foundation.parties.domain import Contact
from staveworks.foundation.parties.models import Invitation, Membership, Organisation, Person
from staveworks.foundation.parties.queries import (
    AgentFound,
    access_agreement,
    access_invitation,
    actor_for,
    actor_for_token,
    find_agent,
    find_footing,
    list_choices,
    list_invitations,
    list_mandates,
    list_members,
    list_tokens,
)
from staveworks.foundation.parties.types import (
    Actor,
    AgentIsSelf,
    AgentNotFound,
    AgreementNotFound,
    FirmUnclaimed,
    Footing,
    FoundedTooOften,
    GrantUnknown,
    InvitationNotFound,
    Kind,
    KindMissing,
    LastOwner,
    MandateDateInvalid,
    MandateNotFound,
    MandateRightsInvalid,
    MemberNotFound,
    NameMissing,
    OperatorLinkUsed,
    OrganisationNotFound,
    RightMissing,
    Role,
    RoleUnknown,
    ScopesInvalid,
    TokenNotFound,
    UsccInvalid,
    UsccTaken,
)
from staveworks.foundation.parties.usecases.accept_agreement import accept_agreement, withdraw_agreement
from staveworks.foundation.parties.usecases.accept_invitation import accept_invitation
from staveworks.foundation.parties.usecases.change_member import (
    change_role,
    leave_organisation,
    remove_member,
)
from staveworks.foundation.parties.usecases.found_organisation import found_organisation
from staveworks.foundation.parties.usecases.give_mandate import give_mandate, withdraw_mandate
from staveworks.foundation.parties.usecases.invite_person import invite_person, withdraw_invitation
from staveworks.foundation.parties.usecases.issue_token import issue_token, withdraw_token
from staveworks.foundation.parties.usecases.make_operator_link import make_operator_link, use_operator_link
from staveworks.foundation.rules.usecases.adopt_rule import adopt_rule
from staveworks.kit.text import Text
from tests.world import (
    CHUNHUI_USCC,
    QINGHE_USCC,
    Firm,
    World,
    join,
    make_firm,
    make_operator,
    make_person,
    make_world,
)

pytestmark = pytest.mark.django_db
PHONE = Contact("phone", "+8613805751111")


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def stranger(name: str = "赵新") -> Actor:
    return Actor(make_person(name, email=f"{abs(hash(name))}@example.cn").id, None)


def test_a_person_registers_her_organisation(world: World) -> None:
    founder = stranger()
    org_id = found_organisation(
        founder,
        name=" 新绸  坊 ",
        kinds=[Kind.PROVIDER, Kind.ENTERPRISE],
        a_day=3,
        uscc="91330621ma2d8r5t6x",
        city="330603",
    )
    made = Organisation.objects.get(id=org_id)
    assert (made.name, made.uscc, made.city_id) == ("新绸 坊", "91330621MA2D8R5T6X", "330603")
    assert made.kinds == ["enterprise", "provider"]
    assert actor_for(founder.person, org_id).roles == {Role.OWNER}


def test_what_cannot_be_registered(world: World) -> None:
    founder = stranger()
    with pytest.raises(NameMissing):
        found_organisation(founder, name=" ", kinds=[Kind.BANK], a_day=3)
    with pytest.raises(KindMissing):
        found_organisation(founder, name="自封的平台", kinds=[Kind.PLATFORM], a_day=3)
    with pytest.raises(UsccTaken):
        found_organisation(founder, name="春晖二号", kinds=[Kind.ENTERPRISE], a_day=3, uscc=CHUNHUI_USCC)
    with pytest.raises(FirmUnclaimed) as refused:
        found_organisation(founder, name="清河", kinds=[Kind.ENTERPRISE], a_day=3, uscc=QINGHE_USCC)
    assert refused.value.org_id == world.qinghe.id
    with pytest.raises(UsccInvalid) as wrong:
        found_organisation(founder, name="错码", kinds=[Kind.ENTERPRISE], a_day=3, uscc="91330621MA2BX3K47Q")
    assert wrong.value.text.zh == "校验位不对，末位应为 8。请对照执照。"


def test_an_invitation_works_once(world: World) -> None:
    issued = invite_person(world.lin, role=Role.MANAGER, contact=PHONE)
    assert access_invitation(issued.token).organisation == "春晖织造"
    guest = stranger()
    assert accept_invitation(guest, token=issued.token) == world.chunhui.id
    assert actor_for(guest.person, world.chunhui.id).roles == {Role.MANAGER}
    with pytest.raises(InvitationNotFound):
        accept_invitation(stranger("钱二"), token=issued.token)
    assert list_invitations(world.lin) == []


def test_a_withdrawn_or_old_invitation_works_no_more(world: World) -> None:
    withdrawn = invite_person(world.lin, role=Role.CLERK, contact=PHONE)
    withdraw_invitation(world.lin, invitation_id=withdrawn.id)
    old = invite_person(world.lin, role=Role.CLERK, contact=PHONE)
    with acting(org=world.chunhui.id):
        Invitation.objects.filter(id=old.id).update(expires_at=timezone.now() - timedelta(seconds=1))
    for issued in (withdrawn, old):
        with pytest.raises(InvitationNotFound):
            accept_invitation(stranger(str(issued.id)), token=issued.token)
    with pytest.raises(InvitationNotFound):
        withdraw_invitation(world.wu, invitation_id=old.id)


def test_only_owners_manage_people(world: World) -> None:
    with pytest.raises(RightMissing):
        invite_person(world.zhou, role=Role.CLERK, contact=PHONE)
    with pytest.raises(RoleUnknown):
        invite_person(world.lin, role=Role.STEWARD, contact=PHONE)
    invite_person(world.gao, role=Role.STEWARD, contact=PHONE)


def membership_of(actor: Actor) -> Membership:
    with acting(org=actor.org_id):
        return Membership.objects.get(org_id=actor.org_id, person_id=actor.person_id)


def test_the_last_owner_stays(world: World) -> None:
    mine = membership_of(world.lin)
    for attempt in (
        lambda: leave_organisation(world.lin),
        lambda: remove_member(world.lin, membership_id=mine.id),
        lambda: change_role(world.lin, membership_id=mine.id, role=Role.CLERK),
    ):
        with pytest.raises(LastOwner):
            attempt()
    change_role(world.lin, membership_id=membership_of(world.zhou).id, role=Role.OWNER)
    leave_organisation(world.lin)
    assert [member.name for member in list_members(actor_for(world.zhou.person, world.chunhui.id))] == [
        "周倩"
    ]


def test_the_service_account_does_not_count_as_an_owner(world: World) -> None:
    with pytest.raises(LastOwner):
        leave_organisation(world.gao)
    assert "staveworks" not in [member.name for member in list_members(world.gao)]


def test_another_organisations_member_is_not_found(world: World) -> None:
    with pytest.raises(MemberNotFound):
        remove_member(world.lin, membership_id=membership_of(world.wu).id)
    remove_member(world.lin, membership_id=membership_of(world.zhou).id)
    with pytest.raises(OrganisationNotFound):
        actor_for(world.zhou.person, world.chunhui.id)


def test_a_mandate_gives_its_rights_until_its_day(world: World) -> None:
    today = timezone.localdate()
    agent = find_agent("13805750005")
    assert agent.name == "吴远达"
    mandate = give_mandate(world.lin, agent=agent, rights={"assessment.answer", "barrel.read"}, until=today)
    acts = actor_for(world.wu.person, world.chunhui.id)
    assert acts.rights == {"assessment.answer", "barrel.read"}
    assert acts.mandate_id == mandate
    choices = {choice.card.name: choice.mandated for choice in list_choices(world.wu.person)}
    assert choices == {"远达印染": False, "春晖织造": True}
    withdraw_mandate(world.lin, mandate_id=mandate)
    with pytest.raises(OrganisationNotFound):
        actor_for(world.wu.person, world.chunhui.id)
    with pytest.raises(MandateNotFound):
        withdraw_mandate(world.lin, mandate_id=mandate)
    assert [record.live for record in list_mandates(world.lin)] == [False]


def test_an_organisations_mandate_serves_its_leading_people(world: World) -> None:
    clerk = join(make_person("孙办", phone="+8613805750077"), world.yuanda, Role.CLERK)
    agent = AgentFound("远达印染", org_id=world.yuanda.id)
    until = timezone.localdate() + timedelta(days=30)
    give_mandate(world.lin, agent=agent, rights={"barrel.read"}, until=until)
    acts = actor_for(world.wu.person, world.chunhui.id, via_org_id=world.yuanda.id)
    assert (acts.via_org_id, acts.rights) == (world.yuanda.id, {"barrel.read"})
    with pytest.raises(OrganisationNotFound):
        actor_for(clerk.person, world.chunhui.id, via_org_id=world.yuanda.id)
    assert [choice.via_org_id for choice in list_choices(world.wu.person)] == [None, world.yuanda.id]


def offered(who: Actor, at: Firm) -> set[str]:
    """What the switch offers her while she acts for ``at``."""
    return {choice.card.name for choice in find_footing(who.person, at.id).choices}


def test_the_switch_offers_an_organisations_mandate_to_its_leading_people_wherever_they_are(
    world: World,
) -> None:
    agent = AgentFound("远达印染", org_id=world.yuanda.id)
    give_mandate(world.lin, agent=agent, rights={"barrel.read"}, until=timezone.localdate())
    clerk = join(make_person("孙办", phone="+8613805750077"), world.yuanda, Role.CLERK)
    elsewhere = make_firm("越州助剂")
    join(Person.objects.get(id=world.wu.person), elsewhere, Role.CLERK)
    for firm in (world.yuanda, elsewhere):
        assert offered(world.wu, firm) == {"远达印染", "越州助剂", "春晖织造"}
    assert offered(clerk, world.yuanda) == {"远达印染"}, "though its row security shows her the mandate"


def test_nobody_acts_for_an_entry_that_stands_as_another(world: World) -> None:
    """Neither its own people nor whom it mandated."""
    agent = AgentFound("林晓", person_id=world.lin.person)
    give_mandate(world.wu, agent=agent, rights={"barrel.read"}, until=timezone.localdate())
    assert offered(world.lin, world.chunhui) == {"春晖织造", "远达印染"}
    with acting(org=world.yuanda.id):
        Organisation.objects.filter(id=world.yuanda.id).update(merged_into=world.chunhui.id)
    assert offered(world.lin, world.chunhui) == {"春晖织造"}
    assert find_footing(world.wu.person, world.yuanda.id) == Footing(None, [])


def test_a_mandate_hands_over_only_what_can_be(world: World) -> None:
    today = timezone.localdate()
    agent = AgentFound("远达印染", org_id=world.yuanda.id)
    for rights in (set(), {"people.manage"}, {"made.up"}):
        with pytest.raises(MandateRightsInvalid):
            give_mandate(world.lin, agent=agent, rights=rights, until=today)
    for until in (today - timedelta(days=1), today + timedelta(days=2000)):
        with pytest.raises(MandateDateInvalid):
            give_mandate(world.lin, agent=agent, rights={"barrel.read"}, until=until)
    with pytest.raises(AgentIsSelf):
        give_mandate(world.lin, agent=find_agent(CHUNHUI_USCC), rights={"barrel.read"}, until=today)
    with pytest.raises(AgentNotFound):
        find_agent("13899999999")
    give_mandate(world.lin, agent=agent, rights={"barrel.read"}, until=today)


def test_what_an_agent_does_shows_both(world: World) -> None:
    agent = AgentFound("远达印染", org_id=world.yuanda.id)
    give_mandate(world.lin, agent=agent, rights={"organisation.edit"}, until=timezone.localdate())
    acts = actor_for(world.wu.person, world.chunhui.id, via_org_id=world.yuanda.id)
    from staveworks.foundation.parties.usecases.edit_organisation import ProfileFields, edit_organisation

    edit_organisation(acts, name="春晖织造", kinds=[Kind.ENTERPRISE], profile=ProfileFields(staff=46))
    event = list_events(world.lin)[0]
    assert (event.type, event.org_id, event.person_id, event.via_org_id) == (
        "organisation.changed",
        world.chunhui.id,
        world.wu.person_id,
        world.yuanda.id,
    )
    assert event.id in {seen.id for seen in list_events(world.wu)}


def test_a_token_acts_within_its_scopes_and_its_persons_rights(world: World) -> None:
    issued = issue_token(world.lin, name="ERP", scopes={"barrel.read", "people.read"})
    acts = actor_for_token(issued.token)
    assert (acts.org_id, acts.person_id, acts.rights) == (
        world.chunhui.id,
        world.lin.person_id,
        {"barrel.read", "people.read"},
    )
    assert list_tokens(world.lin)[0].used_at is not None
    withdraw_token(world.lin, token_id=issued.id)
    for dead in (issued.token, "sw_made-up", ""):
        with pytest.raises(TokenNotFound):
            actor_for_token(dead)


def test_a_token_cannot_exceed_its_issuer_and_ends_with_her_membership(world: World) -> None:
    with pytest.raises(ScopesInvalid):
        issue_token(world.lin, name="ERP", scopes={"roster.import"})
    with pytest.raises(RightMissing):
        issue_token(world.zhou, name="ERP", scopes={"barrel.read"})
    manager = join(make_person("郑理", phone="+8613805750088"), world.chunhui, Role.MANAGER)
    issued = issue_token(manager, name="ERP", scopes={"barrel.read"})
    actor_for_token(issued.token)
    remove_member(world.lin, membership_id=membership_of(manager).id)
    with pytest.raises(TokenNotFound):
        actor_for_token(issued.token)


def test_an_expired_token_is_dead(world: World) -> None:
    issued = issue_token(world.lin, name="ERP", scopes={"barrel.read"}, expires_at=timezone.now())
    with pytest.raises(TokenNotFound):
        actor_for_token(issued.token)


def test_an_agreement_shows_until_it_is_withdrawn(world: World) -> None:
    assert access_agreement(world.lin) is None
    accept_agreement(world.lin, shows={"barrel", "profile"})
    accept_agreement(world.lin, shows={"barrel"})
    inforce = access_agreement(world.lin)
    assert inforce
    assert (inforce.shows, inforce.operator, inforce.edition) == ({"barrel"}, "集群服务公司", "2026")
    withdraw_agreement(world.lin)
    assert access_agreement(world.lin) is None
    with pytest.raises(AgreementNotFound):
        withdraw_agreement(world.lin)
    with pytest.raises(GrantUnknown):
        accept_agreement(world.lin, shows={"ledger"})
    with pytest.raises(RightMissing):
        accept_agreement(world.zhou, shows={"barrel"})


def test_the_first_operator_comes_by_a_link_that_works_once(db: None) -> None:
    operator = make_operator()
    old = make_operator_link()
    token = make_operator_link()
    assert old
    assert token
    first = {"name": "高明远", "contact": PHONE, "password": "eight-oak-staves"}
    with pytest.raises(OperatorLinkUsed):
        use_operator_link(token=old, **first)
    person = use_operator_link(token=token, organisation="三城纺织集群公司", **first)
    assert actor_for(person.id, operator.id).roles == {Role.OWNER}
    assert Organisation.objects.get(id=operator.id).name == "三城纺织集群公司"
    assert make_operator_link() is None
    with pytest.raises(OperatorLinkUsed):
        use_operator_link(
            token=token, name="另一位", contact=Contact("email", "x@example.cn"), password="eight-oak-staves"
        )


def test_people_of_the_demo_do_not_count_as_the_first_operator(db: None) -> None:
    operator = make_operator()
    actor = join(make_person("演示", phone="+8613805750066"), operator, Role.OWNER)
    from staveworks.foundation.parties.models import Person

    Person.objects.filter(id=actor.person_id).update(demo=True)
    assert make_operator_link() is not None
    Person.objects.filter(id=actor.person_id).update(demo=False)
    assert make_operator_link() is None


def test_the_rule_in_force_says_how_many_on_page_and_api(world: World) -> None:
    words, value = Text(zh="一家", en="One"), {"organisations_a_day": 1}
    adopt_rule(world.gao, code="registration", value=value, text=words, from_date=timezone.localdate())
    page, api = Client(), Client()
    page.force_login(make_person("赵页"))
    api.force_login(make_person("赵接口"))
    for number, on_page, in_api in ((1, 302, 201), (2, 409, 409)):
        form = {"name": f"页{number}厂", "kinds": ["enterprise"]}
        assert page.post("/join/firm/", form).status_code == on_page
        body = {"name": f"接口{number}厂", "kinds": ["enterprise"]}
        sent = api.post("/api/v1/organisations", body, content_type="application/json")
        assert sent.status_code == in_api, sent.content


def test_a_person_registers_three_organisations_a_day_and_no_fourth(world: World) -> None:
    founder = Actor(make_person("多厂主").id, None)
    founded = [
        found_organisation(founder, name=f"第{n}厂", kinds=[Kind.ENTERPRISE], a_day=3) for n in range(3)
    ]
    with pytest.raises(FoundedTooOften):
        found_organisation(founder, name="第四厂", kinds=[Kind.ENTERPRISE], a_day=3)
    assert not Organisation.objects.filter(name="第四厂").exists()
    other = Actor(make_person("另一厂主").id, None)
    assert found_organisation(other, name="别人的厂", kinds=[Kind.ENTERPRISE], a_day=3), (
        "another person's are not hers"
    )
    with acting(org=founded[0]):
        Organisation.objects.filter(id=founded[0]).update(created_at=timezone.now() - timedelta(days=2))
    assert found_organisation(founder, name="次日厂", kinds=[Kind.ENTERPRISE], a_day=3)
