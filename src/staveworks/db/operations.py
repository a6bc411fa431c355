"""Migration operations for what Django cannot declare: policies, append-only tables, legal edges, composite keys."""

from collections.abc import Iterable

from django.db.migrations import RunSQL

APP_FUNCTIONS = RunSQL(
    """
    CREATE OR REPLACE FUNCTION app_org() RETURNS uuid LANGUAGE sql STABLE AS
        $$ SELECT nullif(current_setting('app.org', true), '')::uuid $$;
    CREATE OR REPLACE FUNCTION app_person() RETURNS uuid LANGUAGE sql STABLE AS
        $$ SELECT nullif(current_setting('app.person', true), '')::uuid $$;
    CREATE OR REPLACE FUNCTION app_token() RETURNS text LANGUAGE sql STABLE AS
        $$ SELECT nullif(current_setting('app.token', true), '') $$;
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514'; END $$;
    CREATE OR REPLACE FUNCTION refuse_illegal_edge() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE was text := to_jsonb(OLD) ->> TG_ARGV[0]; becomes text := to_jsonb(NEW) ->> TG_ARGV[0];
    BEGIN
        IF was IS DISTINCT FROM becomes AND NOT (was || '>' || becomes = ANY (string_to_array(TG_ARGV[1], ' '))) THEN
            RAISE EXCEPTION '%: % can''t become %', TG_TABLE_NAME, was, becomes USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END $$;
    """,
    RunSQL.noop,
)


def secure(table: str, *, using: str, write: str | None = None) -> RunSQL:
    """Row-level security for ``table``: rows for which ``using`` holds are seen; ``write`` (default the same) may be written."""
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        DROP POLICY IF EXISTS tenancy_read ON {table};
        DROP POLICY IF EXISTS tenancy_insert ON {table};
        DROP POLICY IF EXISTS tenancy_update ON {table};
        DROP POLICY IF EXISTS tenancy_delete ON {table};
        CREATE POLICY tenancy_read ON {table} FOR SELECT USING ({using});
        CREATE POLICY tenancy_insert ON {table} FOR INSERT WITH CHECK ({write or using});
        CREATE POLICY tenancy_update ON {table} FOR UPDATE USING ({write or using}) WITH CHECK ({write or using});
        CREATE POLICY tenancy_delete ON {table} FOR DELETE USING ({write or using});
        """,
        RunSQL.noop,
    )


def sees(table: str, field: str, *, org: str = "org_id") -> str:
    """The condition of a policy: ``field`` of the firm whose row it is may be seen by the active organisation.

    Its own firm; one that it holds as steward; or one that grants it the field, in a reading that is logged (the views
    ``firm_held`` and ``firm_shown``). Subqueries in the policy itself, so that the planner may hash them.
    """
    return (
        f"{table}.{org} = (SELECT app_org())"
        f" OR EXISTS (SELECT FROM firm_held h WHERE h.firm = {table}.{org})"
        f" OR EXISTS (SELECT FROM firm_shown s WHERE s.firm = {table}.{org}"
        f" AND '{field}' = ANY (s.granted) AND '{field}' = ANY (s.read))"
    )


def append_only(table: str) -> RunSQL:
    """Rows of ``table`` are only ever added: refused by trigger, and the application lacks the grants."""
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM staveworks_app;
        """,
        RunSQL.noop,
    )


ERASING = RunSQL(
    """
    CREATE OR REPLACE FUNCTION refuse_but_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE may text[] := string_to_array(TG_ARGV[0], ' '); was jsonb := to_jsonb(OLD); becomes jsonb; one text;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            becomes := to_jsonb(NEW);
            IF becomes - may = was - may THEN
                FOREACH one IN ARRAY may LOOP
                    IF becomes -> one IS DISTINCT FROM was -> one AND coalesce(becomes ->> one, '') NOT IN ('', '{}') THEN
                        RAISE EXCEPTION '%: % may only be emptied', TG_TABLE_NAME, one USING ERRCODE = '23514';
                    END IF;
                END LOOP;
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = '23514';
    END $$;
    """,
    RunSQL.noop,
)


def erasable(table: str, *columns: str) -> RunSQL:
    """Of an append-only table, let ``columns`` be emptied (erasure, retention); nothing else changes, nothing comes back."""
    return RunSQL(
        f"""
        DROP TRIGGER {table}_append_only ON {table};
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_but_erasing('{" ".join(columns)}');
        GRANT UPDATE ({", ".join(columns)}) ON {table} TO staveworks_app, staveworks_cross;
        """,
        RunSQL.noop,
    )


def legal_edges(table: str, column: str, edges: Iterable[tuple[str, str]]) -> RunSQL:
    """``column`` only moves along ``edges`` (from, to); anything else is refused by the database."""
    allowed = " ".join(f"{was}>{becomes}" for was, becomes in edges)
    return RunSQL(
        f"""
        DROP TRIGGER IF EXISTS {table}_{column}_edges ON {table};
        CREATE TRIGGER {table}_{column}_edges BEFORE UPDATE OF {column} ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_illegal_edge('{column}', '{allowed}');
        """,
        RunSQL.noop,
    )


def same_organisation(
    table: str, column: str, target: str, *, org: str = "org_id", target_org: str = "org_id"
) -> RunSQL:
    """A foreign key that can't point across organisations: (org, id) → (org, id). The target gets the unique pair."""
    return RunSQL(
        f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{target}_org_id_pair') THEN
                ALTER TABLE {target} ADD CONSTRAINT {target}_org_id_pair UNIQUE ({target_org}, id);
            END IF;
        END $$;
        ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_org
            FOREIGN KEY ({org}, {column}) REFERENCES {target} ({target_org}, id) DEFERRABLE INITIALLY DEFERRED;
        """,
        RunSQL.noop,
    )
