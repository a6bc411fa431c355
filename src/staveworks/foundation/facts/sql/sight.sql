-- What others see of a firm: only by a live grant that reaches them, for the purpose and the fields of the reading that this
-- very transaction has logged. The policies ask ``firm_held`` and ``firm_shown`` (db.operations.sees); here grants take the
-- place of the agreements. A subquery without the firm's id is computed once a statement.
--
-- Whom a grant reaches stands in the policy of facts_grant: the view finds no other rows.

CREATE FUNCTION reading_purpose() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT r.purpose FROM facts_reading r
    WHERE r.id = nullif(current_setting('app.reading', true), '')::uuid AND r.org_id = app_org()
      AND r.xid = pg_current_xact_id_if_assigned()
$$;
CREATE FUNCTION reading_fields() RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT r.fields FROM facts_reading r
    WHERE r.id = nullif(current_setting('app.reading', true), '')::uuid AND r.org_id = app_org()
      AND r.xid = pg_current_xact_id_if_assigned()
$$;

CREATE OR REPLACE VIEW firm_shown AS
    SELECT g.org_id AS firm, g.fields::text[] AS granted, (SELECT reading_fields()) AS read FROM facts_grant g
    WHERE g.purpose = (SELECT reading_purpose()) AND grant_is_live(g.during, g.withdrawn_at);

CREATE OR REPLACE FUNCTION sees_firm(firm uuid, what text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT firm = app_org()
        OR EXISTS (SELECT FROM firm_held h WHERE h.firm = sees_firm.firm)
        OR EXISTS (SELECT FROM firm_shown s WHERE s.firm = sees_firm.firm AND what = ANY (s.granted) AND what = ANY (s.read))
$$;

-- agreement_shows stays for as long as the former version may run beside this one: a statement that is under way would fail.

-- A reading says whose data it read before its transaction ends, once, and is never changed after.
CREATE FUNCTION facts_reading_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['firms', 'aggregate'];
BEGIN
    IF OLD.firms IS NOT NULL OR OLD.xid IS DISTINCT FROM pg_current_xact_id() OR to_jsonb(NEW) - may <> to_jsonb(OLD) - may THEN
        RAISE EXCEPTION 'the log of readings is append-only' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facts_reading_kept BEFORE UPDATE ON facts_reading
    FOR EACH ROW EXECUTE FUNCTION facts_reading_kept();

-- Row security shows a reading only to its reader: the check sets app.org for itself and puts it back.
CREATE FUNCTION facts_reading_said() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acted text := current_setting('app.org', true);
    open boolean;
BEGIN
    PERFORM set_config('app.org', NEW.org_id::text, true);
    SELECT EXISTS (SELECT 1 FROM facts_reading WHERE id = NEW.id AND firms IS NULL) INTO open;
    PERFORM set_config('app.org', coalesce(acted, ''), true);
    IF open THEN
        RAISE EXCEPTION 'reading % ends without saying whose data it read', NEW.id USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER facts_reading_said AFTER INSERT ON facts_reading DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION facts_reading_said();

-- Old entries go by the rule of retention, as the cross role, never earlier than this floor.
CREATE FUNCTION facts_log_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '180 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the log of readings is append-only' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER facts_read_kept BEFORE UPDATE OR DELETE ON facts_read
    FOR EACH ROW EXECUTE FUNCTION facts_log_kept();
CREATE TRIGGER facts_reading_not_deleted BEFORE DELETE ON facts_reading
    FOR EACH ROW EXECUTE FUNCTION facts_log_kept();
CREATE TRIGGER facts_read_no_truncate BEFORE TRUNCATE ON facts_read
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_reading_no_truncate BEFORE TRUNCATE ON facts_reading
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON facts_read FROM staveworks_app;
REVOKE DELETE, TRUNCATE ON facts_reading FROM staveworks_app;
REVOKE DELETE, TRUNCATE ON facts_grant FROM staveworks_app;
GRANT DELETE ON facts_read, facts_reading TO staveworks_cross;
