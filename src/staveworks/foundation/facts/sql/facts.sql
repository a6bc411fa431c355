-- Statements are only added. What may happen to one later: a personal value is erased (as the cross role), nothing else.
CREATE FUNCTION facts_fact_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['value', 'erased_at'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.value IS NULL
       AND to_jsonb(NEW) - may = to_jsonb(OLD) - may THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'facts_fact is append-only' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER facts_fact_kept BEFORE UPDATE OR DELETE ON facts_fact
    FOR EACH ROW EXECUTE FUNCTION facts_fact_kept();
CREATE TRIGGER facts_fact_no_truncate BEFORE TRUNCATE ON facts_fact
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON facts_fact FROM staveworks_app;
GRANT UPDATE (value, erased_at) ON facts_fact TO staveworks_cross;
REVOKE DELETE, TRUNCATE ON facts_correction FROM staveworks_app;

-- Both sides see a correction; the firm asks, the other side decides.
CREATE FUNCTION facts_correction_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['state', 'answer', 'decided_by_id', 'decided_at', 'asked_by_id'];
BEGIN
    IF to_jsonb(NEW) - may <> to_jsonb(OLD) - may THEN
        RAISE EXCEPTION 'a correction is only ever decided' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER facts_correction_kept BEFORE UPDATE ON facts_correction
    FOR EACH ROW EXECUTE FUNCTION facts_correction_kept();

DROP POLICY tenancy_insert ON facts_correction;
CREATE POLICY tenancy_insert ON facts_correction FOR INSERT WITH CHECK (org_id = app_org());
