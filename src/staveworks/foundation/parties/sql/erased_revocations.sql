-- As in unclaimed.sql, but what a person left behind in a firm that was taken back (name, phones, e-mail) may be emptied when she is
-- erased: every text that stands there afterwards stood there before, or is empty.
CREATE OR REPLACE FUNCTION parties_revocation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['undone_at', 'undone_by_id', 'by_id', 'replaced']; added boolean;
BEGIN
    SELECT EXISTS (
        SELECT jsonb_path_query(NEW.replaced, 'strict $.** ? (@.type() != "array" && @.type() != "object" && (@.type() != "string" || @ != ""))')
        EXCEPT SELECT jsonb_path_query(OLD.replaced, 'strict $.** ? (@.type() != "array" && @.type() != "object")')
    ) INTO added;
    IF added OR (OLD.undone_at IS NOT NULL AND NEW.undone_at IS DISTINCT FROM OLD.undone_at)
       OR (to_jsonb(NEW) - may) IS DISTINCT FROM (to_jsonb(OLD) - may) THEN
        RAISE EXCEPTION 'parties_revocation: only undoing may be added' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
