"""Pairs are decided once, by a person, and every decision can be taken back."""

import io
import re
from pathlib import Path
from uuid import UUID

import pytest

from staveworks.db.transaction import acting
from staveworks.foundation.parties.models import Organisation, Profile
from staveworks.foundation.parties.types import RightMissing
from staveworks.foundation.rosters.duplicates import access_pair, count_pairs, list_decisions, list_pairs
from staveworks.foundation.rosters.queries import access_roster, export_corrections, list_rows
from staveworks.foundation.rosters.types import (
    AlreadyDecided,
    AlreadyUndone,
    Counts,
    Outcome,
    PairState,
    RosterCard,
)
from staveworks.foundation.rosters.usecases.decide_duplicate import decide_duplicate
from staveworks.foundation.rosters.usecases.undo_decision import undo_decision
from staveworks.web.join.rosters.shown import segments
from tests.rooms.parties.test_pages import browser_of
from tests.rooms.rosters.lists import HEADER, PARK, import_list, write
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def park(world: World, tmp_path: Path) -> RosterCard:
    return import_list(world.gao, write(tmp_path, "park.csv", PARK))


def firm(id: UUID) -> Organisation:
    return Organisation.objects.get(id=id)


def test_a_merge_keeps_the_chosen_values_and_both_sources(world: World, park: RosterCard) -> None:
    pair = access_pair(world.gao, list_pairs(world.gao)[0].id)
    assert (pair.left_source, pair.left_row, pair.right_row) == ("park.csv", 4, 3)
    made = decide_duplicate(world.gao, pair=pair.id, verdict="merge", fields={"name": "left"})
    kept = firm(pair.right_firm)
    assert (made.kept_id, kept.name) == (pair.right_firm, pair.left_name)
    assert kept.former_names == [pair.right_name]
    assert firm(pair.left_firm).merged_into_id == kept.id
    assert {row.firm_id for row in list_rows(world.gao, roster=park.id)[1:]} == {kept.id}
    assert count_pairs(world.gao) == 0
    with acting(org=world.operator.id):
        assert Profile.objects.get(org_id=kept.id).staff == 55


def test_a_row_whose_pair_is_decided_waits_no_longer_and_is_still_counted(
    world: World, park: RosterCard
) -> None:
    made = decide_duplicate(world.gao, pair=list_pairs(world.gao)[0].id, verdict="merge")
    card = access_roster(world.gao, park.id)
    assert (card.open_pairs, card.counts.queued, card.decided) == (0, 1, 1)
    shown = {piece.code: piece.count for piece in segments(card)}
    assert (shown["queued"], shown["decided"], sum(shown.values())) == (0, 1, card.counts.rows)
    assert [row.decided for row in list_rows(world.gao, roster=park.id, outcome=Outcome.QUEUED)] == [True]
    undo_decision(world.gao, decision=made.id)
    assert access_roster(world.gao, park.id).decided == 0
    assert [row.decided for row in list_rows(world.gao, roster=park.id, outcome=Outcome.QUEUED)] == [False]


def test_undoing_a_merge_brings_both_firms_back(world: World, park: RosterCard) -> None:
    pair = access_pair(world.gao, list_pairs(world.gao)[0].id)
    before = [(row.firm_id, row.firm_name) for row in list_rows(world.gao, roster=park.id)]
    made = decide_duplicate(world.gao, pair=pair.id, verdict="merge", fields={"name": "left"})
    assert undo_decision(world.gao, decision=made.id).undone_at is not None
    assert [(row.firm_id, row.firm_name) for row in list_rows(world.gao, roster=park.id)] == before
    assert firm(pair.right_firm).former_names == []
    assert access_pair(world.gao, pair.id).state is PairState.OPEN
    with pytest.raises(AlreadyUndone):
        undo_decision(world.gao, decision=made.id)
    decide_duplicate(world.gao, pair=pair.id, verdict="apart")
    assert [d.decision for d in list_decisions(world.gao)] == ["apart", "merge"]


def test_a_pair_is_decided_once_and_only_by_who_may(world: World, park: RosterCard) -> None:
    pair = list_pairs(world.gao)[0].id
    for actor in (world.shen, world.lin):
        with pytest.raises(RightMissing):
            decide_duplicate(actor, pair=pair, verdict="apart")
    decide_duplicate(world.gao, pair=pair, verdict="apart")
    with pytest.raises(AlreadyDecided):
        decide_duplicate(world.gao, pair=pair, verdict="merge")


@pytest.mark.parametrize("verdict", ["merge", "apart"])
def test_the_same_bytes_ask_nothing_again_once_decided(
    world: World, park: RosterCard, tmp_path: Path, verdict: str
) -> None:
    decide_duplicate(
        world.gao, pair=list_pairs(world.gao)[0].id, verdict="merge" if verdict == "merge" else "apart"
    )
    again = import_list(world.gao, write(tmp_path, "once more.csv", PARK))
    assert again.counts == Counts(merged=2, queued=1)
    assert count_pairs(world.gao) == 0
    firms = [[row.firm_id for row in list_rows(world.gao, roster=card.id)] for card in (park, again)]
    assert firms[0] == firms[1]


def test_a_corrected_workbook_completes_the_firm(world: World, tmp_path: Path) -> None:
    import openpyxl

    text = HEADER + "海宁天虹化纤有限公司,,海宁市,,,12,好多人\n,,海宁市,,,13905730009,\n"
    card = import_list(world.gao, write(tmp_path, "broken.csv", text))
    assert (card.counts, card.cells_to_correct) == (Counts(loaded=1, refused=1), 2)
    file = io.BytesIO()
    assert export_corrections(world.gao, roster=card.id, file=file) == 2
    book = openpyxl.load_workbook(file)
    sheet = book.active
    assert sheet is not None
    _replace(sheet, "12", "13905730001")
    _replace(sheet, "好多人", "45")
    line = next(row for row in sheet.iter_rows() if any(cell.value == "13905730009" for cell in row))
    column = next(
        cell.column for row in sheet.iter_rows() for cell in row if str(cell.value).endswith("企业名称")
    )
    sheet.cell(row=line[0].row, column=column, value="海宁补名织造厂")
    path = tmp_path / "corrected.xlsx"
    book.save(path)
    corrected = import_list(world.gao, path)
    assert corrected.is_correction
    assert corrected.counts == Counts(loaded=1, merged=1)
    first = list_rows(world.gao, roster=card.id)[0].firm_id
    with acting(org=world.operator.id):
        profile = Profile.objects.get(org_id=first)
    assert (profile.phones, profile.staff) == (["+8613905730001"], 45)
    assert import_list(world.gao, path, name="again.xlsx").counts == Counts(merged=2)


def _replace(sheet: object, old: str, new: str) -> None:
    for row in sheet.iter_rows():  # type: ignore[attr-defined]
        for cell in row:
            if str(cell.value) == old:
                cell.value = new


def test_the_list_of_lists_count_a_decided_row_too(world: World, park: RosterCard) -> None:
    decide_duplicate(world.gao, pair=list_pairs(world.gao)[0].id, verdict="merge")
    page = browser_of(world.gao).get("/rosters/").content.decode()
    numbers = [int(n) for n in re.findall(r'<td class="num(?: opt)?">(\d+)</td>', page)]
    assert numbers[0] == sum(numbers[1:]) == park.counts.rows
