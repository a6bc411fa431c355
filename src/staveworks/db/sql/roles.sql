-- The three roles of Staveworks and their rights in one database. PostgreSQL 15 or newer.
--
--   createdb staveworks
--   psql -d staveworks -v ON_ERROR_STOP=1 -f deploy/roles.sql
--   psql -d staveworks -c '\password staveworks_owner'   (then staveworks_app, staveworks_cross)
--
-- Run it as a superuser (only one can grant BYPASSRLS), inside the database of Staveworks. It may be repeated. The embedded
-- server does the same by itself.
--
--   staveworks_owner  owns the tables and migrates            DATABASE_OWNER_URL
--   staveworks_app    web, API, jobs; held by row security    DATABASE_URL
--   staveworks_cross  sees all rows, writes only what a       DATABASE_CROSS_URL
--                     migration grants it

DO $roles$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['staveworks_owner', 'staveworks_app', 'staveworks_cross'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I LOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;  -- two databases of one server prepared at once
        END;
    END LOOP;
END
$roles$;

ALTER ROLE staveworks_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION;
ALTER ROLE staveworks_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
ALTER ROLE staveworks_cross LOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;

-- Nobody waits long for a lock or sits on one; a migration may work for longer, but may not wait for longer.
ALTER ROLE staveworks_owner SET lock_timeout = '10s';
ALTER ROLE staveworks_app SET lock_timeout = '3s';
ALTER ROLE staveworks_app SET statement_timeout = '60s';
ALTER ROLE staveworks_app SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE staveworks_cross SET lock_timeout = '3s';
ALTER ROLE staveworks_cross SET idle_in_transaction_session_timeout = '5min';

DO $rights$
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO staveworks_owner', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO staveworks_owner, staveworks_app, staveworks_cross',
                   current_database());
END
$rights$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO staveworks_owner;
GRANT USAGE ON SCHEMA public TO staveworks_app, staveworks_cross;

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What the owner creates from now on. Append-only tables take UPDATE and DELETE back in their migration.
ALTER DEFAULT PRIVILEGES FOR ROLE staveworks_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO staveworks_app;
ALTER DEFAULT PRIVILEGES FOR ROLE staveworks_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO staveworks_app;
ALTER DEFAULT PRIVILEGES FOR ROLE staveworks_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO staveworks_cross;
ALTER DEFAULT PRIVILEGES FOR ROLE staveworks_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO staveworks_cross;
-- PUBLIC's right to execute can only be taken back for all schemas at once.
ALTER DEFAULT PRIVILEGES FOR ROLE staveworks_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE staveworks_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO staveworks_app, staveworks_cross;
