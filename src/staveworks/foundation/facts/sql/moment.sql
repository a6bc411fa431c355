-- As in grants.sql and unclaimed.sql, but a grant is dated once it is written, not when its statement began: a statement that
-- waited for another (the firm's row, the agreement's) began before what that one gave, and would end a grant before it began.
CREATE OR REPLACE FUNCTION facts_grant_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.given_at := clock_timestamp();
    NEW.until := upper(NEW.during);
    NEW.during := tstzrange(NEW.given_at, NEW.until);
    NEW.withdrawn_at := NULL;
    NEW.fields := grant_fields(NEW.fields);
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION facts_grant_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['withdrawn_at', 'withdrawn_by_id', 'during'];
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.given_by_id IS NULL AND to_jsonb(NEW) - 'given_by_id' = to_jsonb(OLD) - 'given_by_id' THEN
        RETURN NEW;  -- the person who gave it is gone
    END IF;
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
       OR to_jsonb(NEW) - may <> to_jsonb(OLD) - may THEN
        RAISE EXCEPTION 'grant %: a grant is only ever withdrawn, once', OLD.id USING ERRCODE = '23514';
    END IF;
    NEW.withdrawn_at := greatest(clock_timestamp(), OLD.given_at);
    NEW.during := OLD.during * tstzrange(NULL, NEW.withdrawn_at);
    RETURN NEW;
END $$;
