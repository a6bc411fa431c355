"""Agreements that were in force before grants came become the grants that they gave."""

import uuid

import psycopg
import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from staveworks.db.roles import prepare_database
from staveworks.db.schema import migrate
from staveworks.foundation.parties.models import Agreement
from staveworks.foundation.parties.usecases.found_operator import found_operator
from tests.database import Clone, Databases, django_on, urls_of
from tests.world import make_firm

BEFORE = [("parties", "0004_last_owner"), ("barrel", "0002_guards")]


@pytest.mark.slow
def test_an_agreement_in_force_becomes_its_grant(
    databases: Databases, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> None:
    old = Clone(name := f"test_{uuid.uuid4().hex[:8]}_upgrade", urls_of(databases.urls, name))
    prepare_database(databases.urls.superuser, old.urls.superuser, old.name)
    try:
        with django_db_blocker.unblock(), django_on(old.urls):
            for app, name in BEFORE:
                call_command("migrate", app, name, database="owner", verbosity=0)
            with psycopg.connect(old.urls.owner) as owner:  # today's model of a person asks for it
                owner.execute("ALTER TABLE parties_person ADD erased_at timestamptz")
            operator = found_operator(name="集群服务公司")
            firms = [make_firm("春晖织造"), make_firm("远达印染")]
            with psycopg.connect(old.urls.owner) as owner:
                owner.execute("ALTER TABLE parties_person DROP erased_at")
            insert = (
                "INSERT INTO parties_agreement (id, org_id, operator_id, edition, shows, accepted_at, withdrawn_at) "
                "VALUES (gen_random_uuid(), %s, %s, '2026', '{barrel,profile}', '2026-03-01', %s)"
            )
            with psycopg.connect(old.urls.superuser) as superuser:
                superuser.execute(insert, [firms[0].id, operator, None])
                superuser.execute(insert, [firms[1].id, operator, "2026-04-01"])
            migrate()
            with psycopg.connect(old.urls.superuser) as superuser:
                found = superuser.execute(
                    "SELECT org_id, grantee_id, purpose, fields, lower(during)::date::text, agreement_id IS NOT NULL FROM facts_grant"
                ).fetchall()
                forced = superuser.execute(
                    "SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname IN ('parties_agreement', 'facts_grant')"
                ).fetchone()
        assert found == [
            (
                firms[0].id,
                operator,
                "operation",
                ["barrel", "level", "outline", "profile"],
                "2026-03-01",
                True,
            )
        ]
        assert forced == (True,)
        assert Agreement._meta.db_table == "parties_agreement"
    finally:
        databases.drop(old)
