"""An automatic merge is looked at, kept apart and merged again; once apart, the pair never merges by itself."""

from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Organisation, Profile
from staveworks.foundation.parties.types import Actor, Kind, RightMissing, Role
from staveworks.foundation.parties.usecases.decide_claim import decide_claim
from staveworks.foundation.parties.usecases.start_claim import start_claim
from staveworks.foundation.rosters.duplicates import count_pairs, list_decisions, list_pairs
from staveworks.foundation.rosters.merges import access_merge
from staveworks.foundation.rosters.models import DuplicatePair
from staveworks.foundation.rosters.queries import list_rows
from staveworks.foundation.rosters.types import (
    AlreadyDecided,
    AlreadyUndone,
    BuiltUpon,
    Counts,
    NotMerged,
    Outcome,
    PairState,
    RosterCard,
    RowCard,
    RowNotFound,
)
from staveworks.foundation.rosters.usecases.decide_duplicate import decide_duplicate
from staveworks.foundation.rosters.usecases.keep_apart import keep_apart
from staveworks.foundation.rosters.usecases.undo_decision import undo_decision
from tests.contract.caller import Caller, make_token
from tests.rooms.parties.test_revoking import browser
from tests.rooms.rosters.lists import HEADER, import_list, write
from tests.world import World, join, make_firm, make_person, make_world

pytestmark = pytest.mark.django_db
CODE, OTHER_CODE = "91330621MA2BX3K478", "91320509MA1XQ7T33C"
FIRST = HEADER + "绍兴恒盛纺织有限公司,,绍兴市柯桥区,华齐路118号,钱建平,13857512345,\n"
SECOND = HEADER + f"恒盛纺织有限公司,{OTHER_CODE},绍兴市柯桥区,华齐路118号,,13857512345,30\n"
"""The second list's row is merged into the first's firm: same name, street and phone. Suppose it is the owner's other firm."""
THIRD = SECOND + "吴江桥宇印染有限公司,,苏州市吴江区,盛泽镇南环二路118号,沈国强,0512-63550188,86\n"
"""The second list as it comes a year later, with one firm more."""


@pytest.fixture
def world(db: None) -> World:
    found = make_world()
    with acting(org=found.qinghe.id):
        Organisation.objects.filter(id=found.qinghe.id).update(uscc=None)
    with acting(org=found.operator.id):
        Organisation.objects.filter(id=found.qinghe.id).update(uscc=None)
    return found


@pytest.fixture
def lists(world: World, tmp_path: Path) -> tuple[RosterCard, RosterCard]:
    cards = [
        import_list(world.gao, write(tmp_path, name, text))
        for name, text in (("one.csv", FIRST), ("two.csv", SECOND))
    ]
    assert cards[1].counts == Counts(merged=1), "the premise"
    return cards[0], cards[1]


def row(world: World, card: RosterCard, number: int = 0) -> RowCard:
    return list_rows(world.gao, roster=card.id)[number]


def id_of(found: RowCard) -> UUID:
    assert found.id
    return found.id


def firm(id_: UUID | None) -> Organisation:
    return Organisation.objects.get(id=id_)


def profile(world: World, id_: UUID | None) -> Profile:
    with acting(org=world.operator.id):
        return Profile.objects.get(org_id=id_)


NEARER = HEADER + "绍兴恒盛纺织有限公司,,绍兴市柯桥区,华齐路118号,钱建平,13857512345,28\n"
"""A row that fits the first firm best by far, and the second well enough."""

type Lists = tuple[RosterCard, RosterCard]


def test_both_sides_can_be_looked_at(world: World, lists: Lists) -> None:
    merged = row(world, lists[1])
    assert (merged.outcome, merged.automatic, merged.apart) == (Outcome.MERGED, True, False)
    found = access_merge(world.gao, id_of(merged))
    assert (found.left_source, found.right_source, found.rows) == ("two.csv", "one.csv", 1)
    assert (found.left_name, found.right_name) == ("恒盛纺织有限公司", "绍兴恒盛纺织有限公司")
    assert found.decision is None
    states = {pair.field: pair.state for pair in found.fields}
    assert states["phone"] == states["address"] == "same"
    with pytest.raises(NotMerged):
        access_merge(world.gao, id_of(row(world, lists[0])))
    with pytest.raises(RowNotFound):
        access_merge(world.gao, world.qinghe.id)


def test_kept_apart_each_has_what_its_own_rows_say(world: World, lists: Lists) -> None:
    joined = row(world, lists[1]).firm_id
    assert (firm(joined).uscc, profile(world, joined).staff) == (OTHER_CODE, 30), (
        "the row filled what was empty"
    )
    made = keep_apart(world.gao, row=id_of(row(world, lists[1])))
    assert (made.decision, made.split, made.kept_id) == ("apart", True, joined)
    left, right = row(world, lists[1]), row(world, lists[0])
    assert (left.apart, left.outcome) == (True, Outcome.MERGED), (
        "what became of it at the import stays on record"
    )
    assert right.firm_id == joined != left.firm_id
    assert (firm(joined).uscc, profile(world, joined).staff) == (None, None)
    assert firm(joined).former_names == []
    assert profile(world, joined).phones == ["+8613857512345"], "its own row says so too"
    assert (firm(left.firm_id).name, firm(left.firm_id).uscc) == ("恒盛纺织有限公司", OTHER_CODE)
    assert profile(world, left.firm_id).staff == 30
    assert firm(left.firm_id).steward_id == world.operator.id
    assert list_pairs(world.gao, state=PairState.APART)[0].left_name == "恒盛纺织有限公司"


def test_undone_it_is_merged_again_exactly(world: World, lists: Lists) -> None:
    joined = row(world, lists[1]).firm_id
    before = (firm(joined).uscc, firm(joined).former_names, profile(world, joined).staff)
    made = keep_apart(world.gao, row=id_of(row(world, lists[1])))
    own = row(world, lists[1]).firm_id
    undo_decision(world.gao, decision=made.id)
    after = row(world, lists[1])
    assert (after.firm_id, after.apart) == (joined, False)
    assert (firm(joined).uscc, firm(joined).former_names, profile(world, joined).staff) == before
    assert firm(own).merged_into_id == joined
    assert count_pairs(world.gao) == 0, "it asks nothing: it was merged before, too"
    with pytest.raises(AlreadyUndone):
        undo_decision(world.gao, decision=made.id)
    again = keep_apart(world.gao, row=id_of(after))
    assert row(world, lists[1]).firm_id == own, "the firm it had comes back"
    assert [each.undone_at is None for each in list_decisions(world.gao)] == [True, False]
    with pytest.raises(AlreadyDecided):
        keep_apart(world.gao, row=id_of(after))
    undo_decision(world.gao, decision=again.id)


def test_the_same_bytes_again_follow_the_decision(world: World, lists: Lists, tmp_path: Path) -> None:
    keep_apart(world.gao, row=id_of(row(world, lists[1])))
    own = row(world, lists[1]).firm_id
    again = import_list(world.gao, write(tmp_path, "again.csv", SECOND))
    assert again.counts == Counts(merged=1)
    assert row(world, again).firm_id == own
    assert count_pairs(world.gao) == 0


def test_the_next_edition_of_the_list_never_merges_them_again_by_itself(
    world: World, lists: Lists, tmp_path: Path
) -> None:
    keep_apart(world.gao, row=id_of(row(world, lists[1])))
    own, other = row(world, lists[1]).firm_id, row(world, lists[0]).firm_id
    later = import_list(world.gao, write(tmp_path, "later.csv", THIRD))
    came = row(world, later)
    assert came.firm_id == own or came.outcome is Outcome.QUEUED
    assert came.firm_id != other
    asked = import_list(world.gao, write(tmp_path, "nearer.csv", NEARER))
    assert row(world, asked).outcome is Outcome.QUEUED, (
        "it fits the first best, but a person told it from the second"
    )


def test_control_without_the_decision_it_merges_by_itself(world: World, lists: Lists, tmp_path: Path) -> None:
    came = import_list(world.gao, write(tmp_path, "nearer.csv", NEARER))
    assert row(world, came).outcome is Outcome.MERGED


def test_rows_that_joined_because_of_it_go_along(world: World, lists: Lists, tmp_path: Path) -> None:
    repeated = import_list(world.gao, write(tmp_path, "again.csv", SECOND))
    because = HEADER + f"恒盛纺织,{OTHER_CODE},绍兴市,,,,31\n"
    third = import_list(world.gao, write(tmp_path, "because.csv", because))
    assert third.counts == Counts(merged=1), "by the code, which only the second list brought"
    joined = row(world, lists[0]).firm_id
    assert access_merge(world.gao, id_of(row(world, repeated))).rows == 3
    made = keep_apart(world.gao, row=id_of(row(world, repeated)))
    own = {row(world, card).firm_id for card in (lists[1], repeated, third)}
    assert len(own) == 1
    assert joined not in own
    undo_decision(world.gao, decision=made.id)
    assert {row(world, card).firm_id for card in (*lists, repeated, third)} == {joined}


def test_only_who_decides_duplicates_and_only_ones_own_rows(world: World, lists: Lists) -> None:
    merged = id_of(row(world, lists[1]))
    for actor in (world.shen, world.lin):
        with pytest.raises(RightMissing):
            keep_apart(actor, row=merged)
    city = make_firm("柯桥服务公司", Kind.CITY)
    elsewhere = join(make_person("邵局", phone="+8613805757000"), city, Role.OWNER)
    for look in (lambda: keep_apart(elsewhere, row=merged), lambda: access_merge(elsewhere, merged)):
        with pytest.raises(RowNotFound):
            look()
    keep_apart(world.gao, row=merged)


def test_a_claimed_firm_keeps_its_data(world: World, lists: Lists) -> None:
    joined = row(world, lists[0]).firm_id
    assert joined
    owner = Actor(make_person("钱建平", phone="+8613805757001").id, None)
    claim = start_claim(owner, org_id=joined, method="licence").id
    decide_claim(world.gao, claim_id=claim, grant=True)
    keep_apart(world.gao, row=id_of(row(world, lists[1])))
    assert firm(joined).uscc == OTHER_CODE, "her own; the operator changes nothing of it"
    assert firm(row(world, lists[1]).firm_id).uscc is None


def test_it_isnt_undone_under_a_claim_or_a_later_merge(world: World, lists: Lists, tmp_path: Path) -> None:
    made = keep_apart(world.gao, row=id_of(row(world, lists[1])))
    own = row(world, lists[1]).firm_id
    assert own
    owner = Actor(make_person("钱二", phone="+8613805757002").id, None)
    claim = start_claim(owner, org_id=own, method="licence").id
    decide_claim(world.gao, claim_id=claim, grant=True)
    with pytest.raises(BuiltUpon):
        undo_decision(world.gao, decision=made.id)


def test_a_later_merge_is_undone_first(world: World, lists: Lists, tmp_path: Path) -> None:
    made = keep_apart(world.gao, row=id_of(row(world, lists[1])))
    import_list(world.gao, write(tmp_path, "nearer.csv", NEARER))
    own = row(world, lists[1]).firm_id
    with acting(org=world.operator.id):
        pair = DuplicatePair.objects.get(state=PairState.OPEN, right_row__organisation_id=own)
    later = decide_duplicate(world.gao, pair=pair.id, verdict="merge")
    with pytest.raises(BuiltUpon):
        undo_decision(world.gao, decision=made.id)
    undo_decision(world.gao, decision=later.id)
    undo_decision(world.gao, decision=made.id)


def test_a_firm_of_the_bare_register_can_be_parted_too(world: World, tmp_path: Path) -> None:
    """The row joined a firm that registered itself, by its code: no row of a list stands at the other side."""
    other = make_firm("恒盛纺织", uscc=OTHER_CODE, city="330603")
    card = import_list(world.gao, write(tmp_path, "two.csv", SECOND))
    assert card.counts == Counts(merged=1)
    found = access_merge(world.gao, id_of(row(world, card)))
    assert (found.right_firm, found.right_row, found.right_held) == (other.id, 0, False)
    made = keep_apart(world.gao, row=id_of(row(world, card)))
    assert row(world, card).firm_id != other.id
    assert firm(other.id).uscc == OTHER_CODE
    later = import_list(world.gao, write(tmp_path, "later.csv", THIRD))
    assert row(world, later).firm_id != other.id, "not again by itself"
    undo_decision(world.gao, decision=made.id)
    assert row(world, card).firm_id == other.id


def test_the_database_wants_one_right_side(world: World, lists: Lists) -> None:
    keep_apart(world.gao, row=id_of(row(world, lists[1])))
    with (
        acting(org=world.operator.id),
        pytest.raises(IntegrityError, match="one_right_side"),
        transaction.atomic(),
    ):
        DuplicatePair.objects.update(right_row=None)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_on_the_pages(world: World, lists: Lists, language: str) -> None:
    desk = browser(world.gao)
    desk.cookies["django_language"] = language
    merged = id_of(row(world, lists[1]))
    assert f"/rosters/merges/{merged}/" in desk.get(f"/rosters/{lists[1].id}/").content.decode()
    assert ("分开后" if language == "zh-hans" else "Kept apart, the row") in desk.get(
        f"/rosters/merges/{merged}/"
    ).content.decode()
    done = desk.post(f"/rosters/merges/{merged}/apart/", follow=True).content.decode()
    made = list_decisions(world.gao)[0].id
    assert done.count(f"/rosters/decisions/{made}/undo/") == 2, "in the toast and on the page"
    assert row(world, lists[1]).apart
    twice = desk.post(f"/rosters/merges/{merged}/apart/", follow=True).content.decode()
    assert ("已经处理过" if language == "zh-hans" else "just been decided") in twice
    assert str(merged) in desk.get("/rosters/decisions/").content.decode()
    back = desk.post(f"/rosters/decisions/{made}/undo/")
    assert back["Location"] == f"/rosters/merges/{merged}/"
    assert not row(world, lists[1]).apart


def test_by_the_api(world: World, lists: Lists) -> None:
    api = Caller(make_token(world.gao))
    (shown,) = api.get(f"/api/v1/rosters/{lists[1].id}/rows").json()["items"]
    assert (shown["automatic"], shown["apart"]) == (True, False)
    where = f"/api/v1/duplicates/merges/{shown['id']}"
    assert api.get(where).json()["decision"] is None
    weak = Caller(make_token(world.gao, ["roster.read"], secret="weak"))
    assert weak.post(f"{where}/apart").status_code == 403
    narrow = Caller(make_token(world.gao, ["duplicate.decide"], secret="narrow"))
    made = narrow.post(f"{where}/apart")
    assert (made.status_code, made.json()["split"]) == (201, True)
    assert api.post(f"{where}/apart").status_code == 409
    assert api.get(where).json()["decision"] == made.json()["id"]
    assert narrow.post(f"/api/v1/duplicates/decisions/{made.json()['id']}/undo").status_code == 200
    assert api.get(f"/api/v1/duplicates/merges/{world.qinghe.id}").status_code == 404
