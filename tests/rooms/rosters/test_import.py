"""An import gives every row its outcome, once, whatever is imported again."""

from pathlib import Path

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Organisation, Profile
from staveworks.foundation.parties.types import RightMissing
from staveworks.foundation.rosters.duplicates import count_pairs
from staveworks.foundation.rosters.models import MatchKey
from staveworks.foundation.rosters.queries import access_roster, list_rows
from staveworks.foundation.rosters.reading import Unreadable
from staveworks.foundation.rosters.types import (
    Counts,
    NoNameColumn,
    NotInThisState,
    Outcome,
    RosterCard,
    RosterNotFound,
    RosterState,
)
from staveworks.foundation.rosters.usecases.discard_roster import discard_roster
from staveworks.foundation.rosters.usecases.map_columns import map_columns
from staveworks.foundation.rosters.usecases.run_import import run_import
from staveworks.foundation.rosters.usecases.start_import import start_import
from staveworks.foundation.rosters.usecases.stop_import import stop_import
from staveworks.foundation.rosters.usecases.upload_roster import upload_roster
from tests.rooms.rosters.lists import HEADER, MEMBERS, PARK, import_list, write
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def outcomes(world: World, roster: object) -> list[Outcome | None]:
    return [row.outcome for row in list_rows(world.gao, roster=roster)]  # type: ignore[arg-type]


def test_every_row_has_its_outcome_and_the_counts_add_up(world: World, tmp_path: Path) -> None:
    card = import_list(world.gao, write(tmp_path, "members.csv", MEMBERS))
    assert card.state is RosterState.DONE
    assert card.counts.rows == card.total == 5
    assert card.counts.refused == 1
    rows = list_rows(world.gao, roster=card.id)
    assert [row.number for row in rows] == [2, 3, 4, 5, 6]
    assert all((row.firm_id is None) == (row.outcome is Outcome.REFUSED) for row in rows)
    assert rows[3].reason is not None


def test_a_firm_carries_what_its_row_says(world: World, tmp_path: Path) -> None:
    card = import_list(world.gao, write(tmp_path, "park.csv", PARK))
    firm = list_rows(world.gao, roster=card.id)[0].firm_id
    organisation = Organisation.objects.get(id=firm)
    assert (organisation.name, organisation.steward_id) == ("杭州萧山云锦丝绸厂", world.operator.id)
    with acting(org=world.operator.id):
        profile = Profile.objects.get(org_id=firm)
    assert (profile.phones, profile.staff) == (["+8613300000001"], 12)
    with acting(org=world.chunhui.id):
        assert not Profile.objects.filter(org_id=firm).exists()


def test_a_merged_row_fills_what_is_empty_and_adds_its_name(world: World, tmp_path: Path) -> None:
    first = HEADER + "海宁天虹化纤有限公司,,海宁市,长安镇纺织路9号,,13905730001,\n"
    second = HEADER + "海宁市天虹化纤厂,,海宁市,长安镇纺织路9号,许明,13905730001,120\n"
    import_list(world.gao, write(tmp_path, "one.csv", first))
    card = import_list(world.gao, write(tmp_path, "two.csv", second))
    assert card.counts == Counts(merged=1)
    firm = list_rows(world.gao, roster=card.id)[0].firm_id
    with acting(org=world.operator.id):
        profile = Profile.objects.get(org_id=firm)
    assert (profile.contact, profile.staff) == ("许明", 120)
    assert Organisation.objects.get(id=firm).former_names == ["海宁市天虹化纤厂"]


def test_the_same_bytes_again_load_nothing_and_ask_nothing(world: World, tmp_path: Path) -> None:
    path = write(tmp_path, "park.csv", PARK)
    first = import_list(world.gao, path)
    assert first.counts.queued == 1
    firms = Organisation.objects.count()
    with acting(org=world.operator.id):
        keys = MatchKey.objects.count()
    again = import_list(world.gao, path, name="another name.csv", chunk=2)
    assert again.counts == Counts(0, first.counts.merged + first.counts.loaded, 1, 0)
    assert Organisation.objects.count() == firms
    with acting(org=world.operator.id):
        assert MatchKey.objects.count() == keys
    assert count_pairs(world.gao) == 1
    firms_of = [[row.firm_id for row in list_rows(world.gao, roster=card.id)] for card in (first, again)]
    assert firms_of[0] == firms_of[1]


@pytest.mark.parametrize("chunk", [1, 3, 500])
def test_chunks_do_not_change_the_outcome(world: World, tmp_path: Path, chunk: int) -> None:
    text = MEMBERS + PARK.removeprefix(HEADER)
    card = import_list(world.gao, write(tmp_path, "whole.csv", text), chunk=chunk)
    words = [str(outcome) for outcome in outcomes(world, card.id)]
    assert words == ["loaded", "loaded", "loaded", "refused", "merged", "loaded", "loaded", "queued"]


def test_a_code_of_another_firm_is_left_out_and_told(world: World, tmp_path: Path) -> None:
    text = HEADER + "完全不同的名字有限公司,91320509MA1XQ7T33C,青岛市,,,,\n"  # 清河喷织厂 has this code
    card = import_list(world.gao, write(tmp_path, "clash.csv", text))
    row = list_rows(world.gao, roster=card.id)[0]
    firm = Organisation.objects.get(id=row.firm_id)
    assert firm.id == world.qinghe.id or (firm.uscc is None and row.issues[0].field == "uscc")


def test_only_a_list_can_be_loaded_and_only_by_who_may(world: World, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        upload_roster(world.gao, path=write(tmp_path, "no.csv", "\x00\x01\x02"), name="no.csv")
    path = write(tmp_path, "park.csv", PARK)
    for actor in (world.shen, world.lin):
        with pytest.raises(RightMissing):
            upload_roster(actor, path=path, name="park.csv")
    assert upload_roster(world.gao, path=path, name="../../park.csv").name == "park.csv"


def test_columns_can_be_corrected_until_the_import_starts(world: World, tmp_path: Path) -> None:
    card = upload_roster(world.gao, path=write(tmp_path, "park.csv", PARK), name="park.csv")
    with pytest.raises(NoNameColumn):
        map_columns(world.gao, roster=card.id, mapping={"0": {"phone": 5}})
    map_columns(world.gao, roster=card.id, mapping={"0": {"name": 3}})
    start_import(world.gao, roster=card.id)
    with pytest.raises(NotInThisState):
        map_columns(world.gao, roster=card.id, mapping={"0": {"name": 0}})
    done = run_import(world.gao, subject=card.id)
    assert done.counts == Counts(loaded=1, refused=2)  # the addresses taken for names; two are empty


def test_a_stopped_import_goes_on_where_it_stood(world: World, tmp_path: Path) -> None:
    card = upload_roster(world.gao, path=write(tmp_path, "park.csv", PARK), name="park.csv")
    start_import(world.gao, roster=card.id)

    def stop(now: RosterCard) -> None:
        if now.state is RosterState.RUNNING:
            stop_import(world.gao, roster=card.id)

    stopped = run_import(world.gao, subject=card.id, chunk=1, on_progress=stop)
    assert (stopped.state, access_roster(world.gao, card.id).progress) == (RosterState.STOPPED, 1)
    start_import(world.gao, roster=card.id)
    assert run_import(world.gao, subject=card.id, chunk=1).counts.rows == 3
    with pytest.raises(NotInThisState):
        discard_roster(world.gao, roster=card.id)


def test_another_operator_sees_nothing_of_it(world: World, tmp_path: Path) -> None:
    from staveworks.foundation.parties.types import Kind, Role
    from tests.world import join, make_firm, make_person

    card = import_list(world.gao, write(tmp_path, "park.csv", PARK))
    stranger = join(make_person("外人"), make_firm("另一家平台", Kind.PLATFORM), Role.OWNER)
    with pytest.raises(RosterNotFound):
        access_roster(stranger, card.id)
    assert count_pairs(stranger) == 0
    assert access_roster(world.gao, card.id).counts.rows == 3
    # the same list is news to the other operator: firms of its own, no match across
    theirs = import_list(stranger, write(tmp_path, "park.csv", PARK))
    assert theirs.counts == card.counts


def test_only_tables_of_firms_are_imported_and_counted(world: World, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    first, second = book.worksheets[0], book.create_sheet("价目")
    for line in (["企业名称", "电话"], ["杭州云锦丝绸厂", "13300000001"], ["湖州绫绢厂", "13300000002"]):
        first.append(line)
    for line in (["品名", "单价"], ["真丝", 120], ["人造丝", 30]):
        second.append(line)
    book.save(tmp_path / "two sheets.xlsx")
    card = import_list(world.gao, tmp_path / "two sheets.xlsx")
    assert (card.total, card.counts) == (2, Counts(loaded=2))
