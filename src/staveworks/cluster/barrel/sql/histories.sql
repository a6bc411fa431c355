-- A diagnosis counts for the firm as which its assessment's entry stands: its own, or the one that was merged into.
ALTER TABLE barrel_diagnosis DROP CONSTRAINT barrel_diagnosis_assessment_id_same_org;
CREATE FUNCTION barrel_diagnosis_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whose uuid;
BEGIN
    SELECT org_id INTO whose FROM barrel_assessment WHERE id = NEW.assessment_id;
    IF whose IS NULL OR (NEW.org_id <> whose
        AND NOT EXISTS (SELECT FROM firm_entries e WHERE e.entry = whose AND e.firm = NEW.org_id)) THEN
        RAISE EXCEPTION 'the diagnosis of assessment % can''t count for %', NEW.assessment_id, NEW.org_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER barrel_diagnosis_stands BEFORE INSERT OR UPDATE OF org_id ON barrel_diagnosis
    FOR EACH ROW EXECUTE FUNCTION barrel_diagnosis_stands();

CREATE OR REPLACE FUNCTION barrel_keep_diagnosis() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['current', 'at', 'verified_water', 'planks', 'org_id'];
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.finished AND to_jsonb(NEW) - may <> to_jsonb(OLD) - may) THEN
        RAISE EXCEPTION 'the diagnosis of assessment % is kept', OLD.assessment_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
