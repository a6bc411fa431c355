"""Invariant 11: a proposal is sealed until the deadline, nothing comes in after it, nothing is altered; and one is awarded.

By the database's clock, in the database; each race has its control without the guard.
"""

import threading
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, OperationalError
from psycopg import sql

from staveworks.db.clock import database_now
from staveworks.db.transaction import acting
from staveworks.foundation.parties.types import Actor, RightMissing, Role
from staveworks.mechanisms.projects.models import Contract, Opening, Proposal, Request
from staveworks.mechanisms.projects.queries import access_request
from staveworks.mechanisms.projects.types import AwardedAlready, DeadlinePassed, ProposalNotFound, StillSealed
from staveworks.mechanisms.projects.usecases import award_request as awarding
from staveworks.mechanisms.projects.usecases.open_proposal import open_proposal
from staveworks.mechanisms.projects.usecases.seal_proposal import seal_proposal
from tests.bidding import Bidding, make_bidding, wait_until
from tests.database import Clone
from tests.invariants.test_20_tenancy import at_once
from tests.world import Firm, World, join, make_person, make_world

INSIDE = ("我们做过三款类似的", "299999")
"""What a proposal says and costs, nowhere else in the database."""
NO_CLOCK = """
DROP TRIGGER projects_proposal_in_time ON projects_proposal;
DROP TRIGGER projects_proposal_committed ON projects_proposal;
"""
NO_LOOK_AT_COMMIT = "DROP TRIGGER projects_proposal_committed ON projects_proposal"
NO_ONE_AWARD = "DROP INDEX projects_contract_one_stands"


@pytest.fixture
def world(committed: Clone) -> World:
    return make_world()


@pytest.fixture
def bidding(world: World) -> Bidding:
    return make_bidding(world)


def as_owner(clone: Clone, statement: str) -> None:
    with psycopg.connect(clone.urls.owner) as owner:
        owner.execute(statement.encode())


def found_by(url: str, words: tuple[str, ...], *, unforced: bool = False) -> set[str]:
    """Tables in whose rows one of the words stands, in whatever column, as this role reads them."""
    found = set()
    with psycopg.connect(url) as reader:
        tables = reader.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            if unforced:
                reader.execute(
                    sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(sql.Identifier(table))
                )
            rows = sql.SQL("SELECT 1 FROM {} each WHERE each::text LIKE ANY (%s) LIMIT 1")
            likes = [f"%{word}%" for word in words]
            if reader.execute(rows.format(sql.Identifier(table)), [likes]).fetchone():
                found.add(table)
        reader.rollback()
    return found


class TestNobodyReadsBeforeTheDeadline:
    def test_not_by_any_role_of_the_database_nor_by_any_person(
        self, world: World, bidding: Bidding, committed: Clone
    ) -> None:
        """The cross role sees all rows; the owner of the tables may even take row security away: neither finds what is inside."""
        request = bidding.closing(
            database_now() + timedelta(seconds=8)
        )  # a busy machine reads every table within it
        bidding.seal(bidding.fang, request, 299_999)
        code = bidding.codes[request, bidding.fang.org]
        secret = (*INSIDE, code, code.replace("-", ""))
        for url, unforced in (
            (committed.urls.cross, False),
            (committed.urls.owner, True),
            (committed.urls.app, False),
        ):
            assert found_by(url, secret, unforced=unforced) == set()
        for reader in (world.lin, world.gao, world.wu, bidding.lu):
            with acting(org=reader.org, person=reader.person_id):
                assert not Proposal.objects.exists(), "not even that there is one"
        viewer = self.viewer(bidding)
        assert access_request(viewer, request_id=request).mine is None
        for reader, refusal in (
            (viewer, RightMissing),
            (world.lin, ProposalNotFound),
            (bidding.fang, StillSealed),
        ):
            with pytest.raises(refusal):
                open_proposal(reader, request_id=request, code=code)
        self.cannot_open_by_hand(bidding, request)
        wait_until(request, bidding.lin)
        assert found_by(committed.urls.cross, secret) == set(), (
            "nor after it, as long as its provider doesn't open it"
        )
        bidding.open(bidding.fang, request)
        assert found_by(committed.urls.cross, secret) == {"projects_opening"}, "the search does find"
        assert [each.price_fen for each in self.opened(world.lin, request)] == [299_999]
        for stranger in (world.gao, world.wu, bidding.lu):
            with acting(org=stranger.org):
                assert not Opening.objects.exists()

    @staticmethod
    def viewer(bidding: Bidding) -> Actor:
        return join(make_person("小方"), Firm(bidding.fang.org, "中纺设计"), Role.VIEWER)

    @staticmethod
    def opened(reader: Actor, request: UUID) -> list[Opening]:
        with acting(org=reader.org):
            return list(Opening.objects.filter(request_id=request))

    @staticmethod
    def cannot_open_by_hand(bidding: Bidding, request: UUID) -> None:
        row = Opening(
            proposal_id=bidding.proposal(request, bidding.fang),
            request_id=request,
            buyer_org_id=bidding.lin.org,
            provider_org_id=bidding.fang.org,
            content="{}",
            price_fen=1,
        )
        with pytest.raises(IntegrityError, match="sealed until the deadline"), acting(org=bidding.fang.org):
            row.save(force_insert=True)


class TestTheLastSecond:
    def test_what_is_acknowledged_was_in_time_and_what_is_refused_is_not_there(
        self, bidding: Bidding, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two providers hand in versions as fast as they can, over the deadline; the clock of this process is ten minutes slow."""
        monkeypatch.setattr("django.utils.timezone.now", lambda: database_now() - timedelta(minutes=10))
        request = bidding.closing(database_now() + timedelta(seconds=0.5))

        def until_refused(provider: Actor) -> int:
            envelope = bidding.envelope(provider, request, 100)
            for taken in range(10_000):
                try:
                    seal_proposal(provider, request_id=request, envelope=envelope)
                except DeadlinePassed:
                    return taken
            raise AssertionError("the deadline never came")

        bidders = [bidding.fang, bidding.fang, bidding.lu, bidding.lu]
        results = at_once(*(lambda each=each: until_refused(each) for each in bidders))
        taken = [each for each in results if isinstance(each, int)]
        assert len(taken) == len(bidders), results
        assert sum(taken) > 0, "some did come in"
        assert sum(self.rows(each, request) for each in (bidding.fang, bidding.lu)) == sum(taken)
        assert self.late(request, bidding) == 0

    def test_a_transaction_that_commits_after_the_deadline_brings_nothing_in(self, bidding: Bidding) -> None:
        request = self.dawdling(bidding)
        with pytest.raises(OperationalError, match="passed before it was committed"):
            self.commit_late(bidding, request)
        assert self.rows(bidding.fang, request) == 0

    def test_control_without_a_look_at_the_commit_it_does(self, bidding: Bidding, committed: Clone) -> None:
        as_owner(committed, NO_LOOK_AT_COMMIT)
        request = self.dawdling(bidding)
        self.commit_late(bidding, request)
        assert self.rows(bidding.fang, request) == 1

    @pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
    def test_past_the_use_case_the_database_refuses(
        self, bidding: Bidding, committed: Clone, guarded: bool
    ) -> None:
        if not guarded:
            as_owner(committed, NO_CLOCK)
        request = bidding.closing(database_now() - timedelta(seconds=1))
        row = self.row(bidding, request)
        if guarded:
            with pytest.raises(IntegrityError, match="the deadline has passed"), acting(org=bidding.fang.org):
                row.save(force_insert=True)
        else:
            with acting(org=bidding.fang.org):
                row.save(force_insert=True)
        assert self.rows(bidding.fang, request) == (0 if guarded else 1)

    @staticmethod
    def dawdling(bidding: Bidding) -> UUID:
        return bidding.closing(database_now() + timedelta(seconds=0.3))

    def commit_late(self, bidding: Bidding, request: UUID) -> None:
        row = self.row(bidding, request)
        with acting(org=bidding.fang.org):
            row.save(force_insert=True)
            wait_until(request, bidding.fang)

    @staticmethod
    def row(bidding: Bidding, request: UUID) -> Proposal:
        envelope = bidding.envelope(bidding.fang, request, 100)
        return Proposal(
            request_id=request,
            buyer_org_id=bidding.lin.org,
            provider_org_id=bidding.fang.org,
            number=1,
            sealed=envelope.sealed,
            commitment=envelope.commitment,
        )

    @staticmethod
    def rows(provider: Actor, request: UUID) -> int:
        with acting(org=provider.org):
            return Proposal.objects.filter(request_id=request).count()

    @staticmethod
    def late(request: UUID, bidding: Bidding) -> int:
        with acting(org=bidding.lin.org):
            closes: datetime = Request.objects.get(id=request).closes_at
            return Proposal.objects.filter(request_id=request, sealed_at__gte=closes).count()


class TestOneAward:
    def compared(self, bidding: Bidding) -> UUID:
        request = bidding.closing(database_now() + timedelta(seconds=0.5))
        for each in (bidding.fang, bidding.lu):
            bidding.seal(each, request, 100)
        wait_until(request, bidding.lin)
        for each in (bidding.fang, bidding.lu):
            bidding.open(each, request)
        return request

    def race(self, bidding: Bidding, request: UUID) -> list[object]:
        """Both have looked and found that it isn't awarded yet."""
        both_have_looked = threading.Barrier(2, timeout=20)
        proposals = [bidding.proposal(request, each) for each in (bidding.fang, bidding.lu)]

        def look(actor: Actor, request_id: UUID) -> Request:
            found = Request.objects.get(id=request_id)
            both_have_looked.wait()
            return found

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(awarding, "own_request", look)
            return at_once(
                *(
                    lambda each=each: awarding.award_request(
                        bidding.lin, request_id=request, proposal_id=each, reason="同时"
                    )
                    for each in proposals
                )
            )

    def contracts(self, bidding: Bidding, request: UUID) -> int:
        with acting(org=bidding.lin.org):
            return Contract.objects.filter(request_id=request).count()

    def test_of_two_awards_at_once_one_stands(self, bidding: Bidding) -> None:
        request = self.compared(bidding)
        results = self.race(bidding, request)
        assert sum(isinstance(each, UUID) for each in results) == 1, results
        assert sum(isinstance(each, AwardedAlready) for each in results) == 1, results
        assert self.contracts(bidding, request) == 1

    def test_control_without_the_index_both_do(self, bidding: Bidding, committed: Clone) -> None:
        as_owner(committed, NO_ONE_AWARD)
        request = self.compared(bidding)
        self.race(bidding, request)
        assert self.contracts(bidding, request) == 2
