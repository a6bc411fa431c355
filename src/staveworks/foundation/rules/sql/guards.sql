-- A new version ends the one before it, at its own beginning; one that was to come later is replaced before it ever held.
-- The application may only add rows: this function ends the earlier ones as the owner of the table.
CREATE FUNCTION rules_version_adopted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE begins timestamptz := coalesce(lower(NEW.during), statement_timestamp());
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('rules:' || NEW.code, 0));
    IF EXISTS (SELECT 1 FROM rules_version WHERE code = NEW.code) THEN
        IF begins < statement_timestamp() THEN
            RAISE EXCEPTION 'rule %: a version never reaches back', NEW.code USING ERRCODE = '23514';
        END IF;
        NEW.during := tstzrange(begins, NULL);
        UPDATE rules_version SET during = CASE WHEN lower(during) >= begins THEN 'empty' ELSE during * tstzrange(NULL, begins) END
        WHERE code = NEW.code AND NOT isempty(during) AND (upper_inf(during) OR upper(during) > begins);
    ELSE
        NEW.during := tstzrange(lower(NEW.during), NULL);
    END IF;
    NEW.number := coalesce((SELECT max(number) FROM rules_version WHERE code = NEW.code), 0) + 1;
    NEW.adopted_at := statement_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER rules_version_adopted BEFORE INSERT ON rules_version
    FOR EACH ROW EXECUTE FUNCTION rules_version_adopted();

-- Nothing else changes: only the end, set by the adoption above, and the name of a person who is gone.
CREATE FUNCTION rules_version_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_trigger_depth() > 1 AND to_jsonb(NEW) - 'during' = to_jsonb(OLD) - 'during' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.adopted_by_id IS NULL AND to_jsonb(NEW) - 'adopted_by_id' = to_jsonb(OLD) - 'adopted_by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rules_version is append-only' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER rules_version_kept BEFORE UPDATE OR DELETE ON rules_version
    FOR EACH ROW EXECUTE FUNCTION rules_version_kept();
CREATE TRIGGER rules_version_no_truncate BEFORE TRUNCATE ON rules_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON rules_version FROM staveworks_app;
