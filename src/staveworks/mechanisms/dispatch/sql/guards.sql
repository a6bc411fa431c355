-- Who looks at firms' capacity, and what of it the look shows: only inside the transaction that has logged it.

ALTER TABLE dispatch_reading ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();

-- What the logged reading of this transaction shows: null without one.
CREATE FUNCTION capacity_scope() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT r.scope FROM dispatch_reading r
    WHERE r.id = nullif(current_setting('app.reading', true), '')::uuid AND r.org_id = app_org()
      AND r.xid = pg_current_xact_id_if_assigned()
$$;
CREATE FUNCTION capacity_place() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT r.place FROM dispatch_reading r
    WHERE r.id = nullif(current_setting('app.reading', true), '')::uuid AND r.org_id = app_org()
      AND r.xid = pg_current_xact_id_if_assigned()
$$;

-- Prices are for the platform's operator, everywhere; a city's operator sees hours, of its own place only.
CREATE FUNCTION dispatch_reading_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE who record;
BEGIN
    SELECT kinds, city_id INTO who FROM parties_organisation WHERE id = NEW.org_id;
    IF 'platform' = ANY (who.kinds) THEN
        RETURN NEW;
    END IF;
    IF 'city' = ANY (who.kinds) AND NEW.scope = 'heat' AND who.city_id IS NOT NULL
       AND NEW.place = regexp_replace(who.city_id, '(00)+$', '') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'organisation % may not read capacity so', NEW.org_id USING ERRCODE = '42501';
END $$;
CREATE TRIGGER dispatch_reading_allowed BEFORE INSERT ON dispatch_reading
    FOR EACH ROW EXECUTE FUNCTION dispatch_reading_allowed();

-- A reading says whose capacity it showed before its transaction ends, once, and is never changed after.
CREATE FUNCTION dispatch_reading_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.firms IS NOT NULL OR OLD.xid IS DISTINCT FROM pg_current_xact_id()
       OR to_jsonb(NEW) - 'firms' <> to_jsonb(OLD) - 'firms' THEN
        RAISE EXCEPTION 'the log of readings is append-only' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_reading_kept BEFORE UPDATE ON dispatch_reading
    FOR EACH ROW EXECUTE FUNCTION dispatch_reading_kept();

-- Row security shows a reading only to its reader: the check sets app.org for itself and puts it back.
CREATE FUNCTION dispatch_reading_said() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acted text := current_setting('app.org', true);
    open boolean;
BEGIN
    PERFORM set_config('app.org', NEW.org_id::text, true);
    SELECT EXISTS (SELECT 1 FROM dispatch_reading WHERE id = NEW.id AND firms IS NULL) INTO open;
    PERFORM set_config('app.org', coalesce(acted, ''), true);
    IF open THEN
        RAISE EXCEPTION 'reading % ends without saying whose capacity it showed', NEW.id USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER dispatch_reading_said AFTER INSERT ON dispatch_reading DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION dispatch_reading_said();

-- The limits of a trial are lifted by the platform's operator alone.
CREATE FUNCTION dispatch_limit_by_platform() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM parties_organisation WHERE id = NEW.operator_org_id AND 'platform' = ANY (kinds)) THEN
        RAISE EXCEPTION 'only the platform''s operator lifts limits' USING ERRCODE = '42501';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_limit_by_platform BEFORE INSERT ON dispatch_limit_lifted
    FOR EACH ROW EXECUTE FUNCTION dispatch_limit_by_platform();

-- What was declared stays as it was said; only its withdrawal is added, once.
-- Accepted work may not exceed what is declared (invariant 13): once work packages exist, their check belongs here and in the insert.
CREATE FUNCTION dispatch_window_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
       OR to_jsonb(NEW) - 'withdrawn_at' <> to_jsonb(OLD) - 'withdrawn_at' THEN
        RAISE EXCEPTION 'a declared window is kept as it was said' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_window_kept BEFORE UPDATE OR DELETE ON dispatch_window
    FOR EACH ROW EXECUTE FUNCTION dispatch_window_kept();
REVOKE DELETE, TRUNCATE ON dispatch_window, dispatch_work_centre, dispatch_reading FROM staveworks_app;
