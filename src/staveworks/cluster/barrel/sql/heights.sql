-- What lists of thousands of barrels read of each: the likely heights of its planks, by their codes. Kept by the database, whoever
-- writes the planks.
CREATE FUNCTION barrel_diagnosis_heights() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT coalesce(array_agg(key ORDER BY key), '{}'), coalesce(array_agg((value -> 'height' -> 1)::float ORDER BY key), '{}')
    INTO NEW.plank_codes, NEW.plank_heights FROM jsonb_each(NEW.planks);
    RETURN NEW;
END $$;
CREATE TRIGGER barrel_diagnosis_heights BEFORE INSERT OR UPDATE OF planks, plank_codes, plank_heights ON barrel_diagnosis
    FOR EACH ROW EXECUTE FUNCTION barrel_diagnosis_heights();

CREATE OR REPLACE FUNCTION barrel_keep_diagnosis() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['current', 'at', 'verified_water', 'planks', 'plank_codes', 'plank_heights', 'org_id'];
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.finished AND to_jsonb(NEW) - may <> to_jsonb(OLD) - may) THEN
        RAISE EXCEPTION 'the diagnosis of assessment % is kept', OLD.assessment_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
