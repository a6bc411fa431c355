-- Whoever was erased stays erased: her row takes nothing any more, and nothing new may point to it, also not what was under way
-- when she was erased. FOR KEY SHARE waits for the erasure, which holds her row FOR UPDATE, and then sees what it did.
CREATE FUNCTION keep_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'person % was erased', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'parties_person_erased';
END $$;
CREATE TRIGGER parties_person_erased BEFORE UPDATE ON parties_person
    FOR EACH ROW WHEN (OLD.erased_at IS NOT NULL) EXECUTE FUNCTION keep_erased();

CREATE FUNCTION refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE who uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid; gone boolean;
BEGIN
    IF who IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT erased_at IS NOT NULL INTO gone FROM parties_person WHERE id = who FOR KEY SHARE;
    IF gone THEN
        RAISE EXCEPTION 'person % was erased', who USING ERRCODE = '23514', CONSTRAINT = 'parties_person_erased';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parties_membership_erased BEFORE INSERT ON parties_membership
    FOR EACH ROW EXECUTE FUNCTION refuse_erased('person_id');
CREATE TRIGGER parties_mandate_erased BEFORE INSERT ON parties_mandate
    FOR EACH ROW EXECUTE FUNCTION refuse_erased('agent_person_id');
CREATE TRIGGER parties_claim_erased BEFORE INSERT ON parties_claim
    FOR EACH ROW EXECUTE FUNCTION refuse_erased('person_id');
CREATE TRIGGER parties_token_erased BEFORE INSERT ON parties_token
    FOR EACH ROW EXECUTE FUNCTION refuse_erased('person_id');
CREATE TRIGGER parties_saved_view_erased BEFORE INSERT ON parties_saved_view
    FOR EACH ROW EXECUTE FUNCTION refuse_erased('person_id');
