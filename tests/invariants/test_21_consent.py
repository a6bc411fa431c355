"""Invariant 21: data is shared only while consent is live; only the granted fields, for the granted purpose; each read is logged.

``tests/consent.py`` has a firm full of tell-tales; what an answer gave away is seen in the answer itself. That every address
logs is walked in ``test_21_every_look_is_logged.py``; the rules of giving stand in ``tests/rooms/facts``.
"""

from datetime import timedelta
from io import BytesIO
from itertools import chain, combinations
from typing import Any

import openpyxl
import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from staveworks.cluster.barrel.models import Answer, Diagnosis, Evidence
from staveworks.cluster.barrel.shown import access_shown
from staveworks.db.transaction import acting
from staveworks.foundation.facts.models import Read, Reading
from staveworks.foundation.facts.queries import list_grants
from staveworks.foundation.facts.reading import NotSaid, reading
from staveworks.foundation.facts.types import (
    Field,
    Grantee,
    GrantNotFound,
    NotGranted,
    Purpose,
)
from staveworks.foundation.facts.usecases.give_grant import give_grant
from staveworks.foundation.facts.usecases.withdraw_grant import withdraw_grant
from staveworks.foundation.parties.models import Profile
from tests.consent import (
    body_of,
    browser_of,
    count_logged,
    grant,
    logged,
    make_bank,
    make_tattler,
    plant_numbers,
    told,
    widened,
)
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import World, make_world

SUBSETS = [
    set(some) for some in chain.from_iterable(combinations(Field, n) for n in range(1, len(Field) + 1))
]


def test_an_answer_has_the_keys_that_were_granted_and_gives_nothing_else_away(committed: Clone) -> None:
    """Every subset of the fields, through the API; the log says the same as the answer."""
    tattler, bank = make_tattler(), make_bank()
    with psycopg.connect(committed.urls.superuser) as superuser:
        plant_numbers(superuser)
    client = browser_of(bank)
    address = f"/api/v1/shown/{tattler.firm.id}/finance"
    assert client.get(address).status_code == 404
    for fields in SUBSETS:
        grant(tattler, bank, Purpose.FINANCE, *fields)
        before = count_logged(tattler)
        answer = client.get(address)
        assert answer.status_code == 200, fields
        keys, body = {Field(key) for key in answer.json()["shown"]}, answer.content.decode()
        assert keys <= widened(fields), fields
        assert told(body) <= widened(fields), fields
        assert fields - told(body) - {Field.LEVEL, Field.OUTLINE} == set(), (
            "the positive half: what is granted is there"
        )
        assert count_logged(tattler) == before + 1
        with acting(org=tattler.firm.id):
            newest = Read.objects.filter(org_id=tattler.firm.id).order_by("-at", "-reading_id").first()
        assert newest is not None
        assert set(newest.fields) == {str(field) for field in widened(fields)}


@pytest.mark.parametrize("field", Field)
def test_a_page_gives_away_what_was_granted_and_nothing_else(committed: Clone, field: Field) -> None:
    tattler, bank = make_tattler(), make_bank()
    grant(tattler, bank, Purpose.FINANCE, field)
    page = browser_of(bank).get(f"/shown/{tattler.firm.id}/finance/")
    assert page.status_code == 200
    assert told(page.content.decode()) <= widened({field})
    assert logged(tattler) == widened({field})


def test_a_grant_is_good_for_its_purpose_only(committed: Clone) -> None:
    tattler, bank = make_tattler(), make_bank()
    grant(tattler, bank, Purpose.FINANCE, *Field)
    assert access_shown(bank, firm=tattler.firm.id, purpose=Purpose.FINANCE).barrel
    for purpose in set(Purpose) - {Purpose.FINANCE}:
        with pytest.raises(NotGranted):
            access_shown(bank, firm=tattler.firm.id, purpose=purpose)
        with reading(bank, purpose=purpose, fields=list(Field)) as log:
            assert not Diagnosis.objects.exists()
            assert not Profile.objects.filter(org_id=tattler.firm.id).exists()
            log.of_nobody()


class TestTheGate:
    @pytest.fixture(autouse=True)
    def _grant(self, committed: Clone) -> None:
        self.clone, self.tattler, self.bank = committed, make_tattler(), make_bank()
        grant(self.tattler, self.bank, Purpose.FINANCE, *Field)

    def seen(self) -> int:
        return sum(model.objects.count() for model in (Diagnosis, Answer, Evidence)) + (
            Profile.objects.filter(org_id=self.tattler.firm.id).count()
        )

    def test_without_a_reading_a_grant_shows_nothing(self) -> None:
        with acting(org=self.bank.org, person=self.bank.person_id):
            assert self.seen() == 0
        with reading(self.bank, purpose=Purpose.FINANCE, fields=list(Field)) as log:
            assert self.seen() > 3
            log.of([self.tattler.firm.id])
        with acting(org=self.bank.org, person=self.bank.person_id):
            assert self.seen() == 0

    def test_only_the_fields_that_the_reading_names_are_seen(self) -> None:
        with reading(self.bank, purpose=Purpose.FINANCE, fields=[Field.BARREL]) as log:
            assert Diagnosis.objects.exists()
            assert not Answer.objects.exists()
            assert not Profile.objects.filter(org_id=self.tattler.firm.id).exists()
            log.of([self.tattler.firm.id])
        assert logged(self.tattler) == {Field.BARREL}

    def test_the_id_of_an_earlier_reading_opens_nothing(self) -> None:
        with reading(self.bank, purpose=Purpose.FINANCE, fields=list(Field)) as log:
            log.of_nobody()
        with acting(org=self.bank.org):
            earlier = Reading.objects.get().id
        with acting(org=self.bank.org, person=self.bank.person_id, reading=earlier):
            assert self.seen() == 0

    def test_anothers_reading_opens_nothing(self) -> None:
        other = make_bank("山间银行")
        with reading(self.bank, purpose=Purpose.FINANCE, fields=list(Field)) as log:
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('app.reading')")
                row = cursor.fetchone()
            assert row
            with acting(org=other.org, reading=row[0]):
                assert self.seen() == 0
            log.of_nobody()

    def test_a_reading_that_does_not_say_whose_data_it_read_answers_nothing(self) -> None:
        with pytest.raises(NotSaid), reading(self.bank, purpose=Purpose.FINANCE, fields=list(Field)):
            assert self.seen() > 3
        with acting(org=self.bank.org):
            assert not Reading.objects.exists(), "rolled back with what it read"

    def test_the_database_refuses_the_commit_of_a_silent_reading(self) -> None:
        with pytest.raises(IntegrityError, match="without saying whose"), acting(org=self.bank.org):
            Reading.objects.create(org_id=self.bank.org, purpose="finance", fields=["barrel"], door="page")

    def test_control_without_the_trigger_a_silent_reading_commits(self) -> None:
        with psycopg.connect(self.clone.urls.owner) as owner:
            owner.execute("DROP TRIGGER facts_reading_said ON facts_reading")
        with acting(org=self.bank.org):
            Reading.objects.create(org_id=self.bank.org, purpose="finance", fields=["barrel"], door="page")
        with acting(org=self.bank.org):
            assert Reading.objects.count() == 1

    def test_the_log_cannot_be_changed(self) -> None:
        access_shown(self.bank, firm=self.tattler.firm.id, purpose=Purpose.FINANCE)
        with (
            acting(org=self.bank.org),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            Read.objects.all().delete()
        with (
            acting(org=self.bank.org),
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
        ):
            Read.objects.update(fields=[])
        with (
            acting(org=self.bank.org),
            pytest.raises(IntegrityError, match="append-only"),
            transaction.atomic(),
        ):
            Reading.objects.update(firms=0)
        with psycopg.connect(self.clone.urls.superuser) as superuser:
            for statement in (
                "DELETE FROM facts_read",
                "DELETE FROM facts_reading",
                "UPDATE facts_read SET door = ''",
            ):
                with pytest.raises(psycopg.errors.CheckViolation), superuser.transaction():
                    superuser.execute(statement)
        assert count_logged(self.tattler) == 1

    def test_nobody_logs_in_anothers_name(self) -> None:
        with (
            acting(org=self.bank.org),
            pytest.raises(ProgrammingError, match="row-level"),
            transaction.atomic(),
        ):
            Reading.objects.create(org_id=self.tattler.firm.id, purpose="finance", fields=[], door="page")


def test_withdrawn_means_dark_on_page_api_and_export(committed: Clone) -> None:
    world, tattler = make_world(), make_tattler()
    client = browser_of(world.gao)
    doors = [
        f"/cluster/firms/{tattler.firm.id}/",
        f"/api/v1/firms/{tattler.firm.id}",
        "/api/v1/firms",
        "/cluster/firms/",
        "/cluster/firms/export.xlsx",
    ]
    given = grant(tattler, world.gao, Purpose.OPERATION, Field.BARREL, Field.PROFILE)
    assert all(tattler.firm.name in body_of(client.get(door)) for door in doors)
    withdraw_grant(tattler.owner, grant_id=given)
    answers = [client.get(door) for door in doors]
    assert not any(
        told(body_of(answer)) or tattler.firm.name in body_of(answer)
        for answer in answers
        if not answer.streaming
    )
    assert tattler.firm.name not in body_of(client.get(doors[-1]))
    with pytest.raises(GrantNotFound):
        withdraw_grant(tattler.owner, grant_id=given)


def test_a_withdrawal_ends_a_reading_that_is_under_way_with_its_next_statement(committed: Clone) -> None:
    tattler, bank = make_tattler(), make_bank()
    given = grant(tattler, bank, Purpose.FINANCE, Field.BARREL)
    with reading(bank, purpose=Purpose.FINANCE, fields=[Field.BARREL]) as log:
        assert Diagnosis.objects.count() == 1
        log.of([tattler.firm.id])
        elsewhere(lambda: withdraw_grant(tattler.owner, grant_id=given))
        assert Diagnosis.objects.count() == 0


def elsewhere(work: Any) -> None:
    """On a connection of its own, to the end."""
    [result] = at_once(work)
    assert result is None, result


class RunningExport:
    """The operator's table as a workbook of four pieces, stopped after the first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, world: World) -> None:
        monkeypatch.setattr("staveworks.web.measure.views_firms.CHUNK", 2)
        self.tattlers = [make_tattler(f"织造{n}号", number=n) for n in range(1, 8)]
        self.grants = [
            grant(each, world.gao, Purpose.OPERATION, Field.BARREL, Field.PROFILE) for each in self.tattlers
        ]
        response = browser_of(world.gao).get("/cluster/firms/export.xlsx?sort=name&diagnosed=yes")
        assert response.streaming
        self._stream = iter(response.streaming_content)
        self._sent = [
            next(self._stream) for _ in range(3)
        ]  # the parts, the header, the first piece of two rows

    def finish(self) -> list[str]:
        """The names in the workbook as it arrives in the end."""
        workbook = openpyxl.load_workbook(BytesIO(b"".join([*self._sent, *self._stream])))
        return [str(row[0]) for row in workbook.active.iter_rows(min_row=2, values_only=True)]  # type: ignore[union-attr]


def test_a_running_export_goes_dark_with_the_withdrawal(
    committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two rows have left already; the five others withdraw on connections of their own while it runs."""
    export = RunningExport(monkeypatch, make_world())
    withdrawing = list(zip(export.tattlers, export.grants, strict=True))[2:]
    results = at_once(*(lambda t=t, g=g: withdraw_grant(t.owner, grant_id=g) for t, g in withdrawing))
    assert results == [None] * 5
    assert export.finish() == ["织造1号", "织造2号"]
    assert [count_logged(each) for each in export.tattlers] == [1, 1, 0, 0, 0, 0, 0], (
        "and the log says who was read"
    )


def test_control_an_export_that_nobody_withdraws_from_has_all_rows(
    committed: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = RunningExport(monkeypatch, make_world())
    assert export.finish() == [f"织造{n}号" for n in range(1, 8)]
    assert all(count_logged(each) == 1 for each in export.tattlers)


def test_control_read_in_one_statement_the_export_would_not_notice(committed: Clone) -> None:
    """A cursor keeps the snapshot of its beginning: that is why the export reads piece by piece."""
    tattlers, bank = [make_tattler(f"织造{n}号", number=n) for n in range(1, 5)], make_bank()
    given = [grant(each, bank, Purpose.FINANCE, Field.BARREL) for each in tattlers]
    with reading(bank, purpose=Purpose.FINANCE, fields=[Field.BARREL]) as log:
        log.of([each.firm.id for each in tattlers])
        rows = Diagnosis.objects.order_by("org_id").iterator(chunk_size=1)
        next(rows)
        for each, one in zip(tattlers, given, strict=True):
            elsewhere(lambda each=each, one=one: withdraw_grant(each.owner, grant_id=one))
        assert len(list(rows)) == 3


def test_a_grant_ends_by_itself_after_its_last_day(committed: Clone) -> None:
    tattler, bank = make_tattler(), make_bank()
    tomorrow = timezone.localdate() + timedelta(days=1)
    give_grant(
        tattler.owner, to=Grantee(bank.org), purpose=Purpose.FINANCE, fields=[Field.BARREL], until=tomorrow
    )
    assert access_shown(bank, firm=tattler.firm.id, purpose=Purpose.FINANCE).barrel
    with psycopg.connect(committed.urls.superuser) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute(
            "UPDATE facts_grant SET during = tstzrange(now() - interval '2 days', now() - interval '1 s')"
        )
    with pytest.raises(NotGranted):
        access_shown(bank, firm=tattler.firm.id, purpose=Purpose.FINANCE)
    assert list_grants(tattler.owner) == []
    assert len(list_grants(tattler.owner, ended=True)) == 1
