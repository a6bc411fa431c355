"""`make migrations` names a migration that would hold a lock for long or break the former version, and lets the others pass."""

import pytest

from tools.lint_migrations import ACCEPTED, faults_in, migrations_of_former_version

MADE = 'CREATE TABLE "new_table" ("id" uuid PRIMARY KEY, "org_id" uuid NOT NULL);\n'


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ('ALTER TABLE "parties_person" DROP COLUMN "email";', "ban-drop-column"),
        ('ALTER TABLE "parties_person" RENAME COLUMN "email" TO "mail";', "renaming-column"),
        ('ALTER TABLE "parties_person" RENAME TO "people";', "renaming-table"),
        ('DROP TABLE "parties_person";', "ban-drop-table"),
        ('ALTER TABLE "parties_person" ADD COLUMN "level" integer NOT NULL;', "adding-required-field"),
        ('CREATE INDEX "x" ON "parties_person" ("email");', "require-concurrent-index-creation"),
        ('ALTER TABLE "parties_person" ALTER COLUMN "email" TYPE text;', "changing-column-type"),
        ('ALTER TABLE "parties_person" ALTER COLUMN "email" SET NOT NULL;', "adding-not-nullable-field"),
        ('ALTER TABLE "parties_person" ADD CONSTRAINT "u" UNIQUE ("name");', "disallowed-unique-constraint"),
        (
            'ALTER TABLE "parties_person" ADD COLUMN "level" integer DEFAULT 0 NOT NULL;\n'
            'ALTER TABLE "parties_person" ALTER COLUMN "level" DROP DEFAULT;',
            "default-not-kept",
        ),
    ],
)
def test_a_planted_statement_on_a_table_in_use_is_named(statement: str, rule: str) -> None:
    assert (("parties_person", rule)) in {(fault.table, fault.rule) for fault in faults_in(MADE + statement)}
    assert (
        faults_in(
            MADE + statement.replace("parties_person", "new_table").replace("DROP TABLE", "SELECT 1; --")
        )
        == []
    )


def test_a_function_of_the_former_version_may_not_go_and_one_of_this_version_may() -> None:
    assert [fault.rule for fault in faults_in("DROP FUNCTION agreement_shows(uuid, text);")] == [
        "ban-drop-function"
    ]
    made = "CREATE FUNCTION brand_new() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\n"
    assert faults_in(made + "DROP FUNCTION brand_new();") == []


def test_what_does_no_harm_passes() -> None:
    assert faults_in(MADE + 'ALTER TABLE "parties_person" ADD COLUMN "nickname" text NULL;') == []
    assert faults_in('ALTER TABLE "parties_person" ADD COLUMN "level" integer DEFAULT 0 NOT NULL;') == []


def test_what_is_accepted_has_its_reason() -> None:
    assert all(len(reason) > 10 for reason in ACCEPTED.values())
    assert "parties.0001_initial" in migrations_of_former_version()
