-- A firm that went back under its steward (its claim was revoked) shows nothing by grants that its former people gave, and while
-- nobody has claimed it none are given in its name.

CREATE TRIGGER facts_grant_claimed BEFORE INSERT ON facts_grant
    FOR EACH ROW EXECUTE FUNCTION refuse_unclaimed();

CREATE FUNCTION facts_grants_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE facts_grant SET withdrawn_at = now(), withdrawn_by_id = app_person()
    WHERE org_id = NEW.id AND withdrawn_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER facts_grants_end AFTER UPDATE OF claimed_at ON parties_organisation
    FOR EACH ROW WHEN (OLD.claimed_at IS NOT NULL AND NEW.claimed_at IS NULL) EXECUTE FUNCTION facts_grants_end();

-- The end that a grant was given with is kept beside: withdrawing cuts ``during`` off, and a revocation may be undone.
CREATE OR REPLACE FUNCTION facts_grant_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.given_at := statement_timestamp();
    NEW.until := upper(NEW.during);
    NEW.during := tstzrange(NEW.given_at, NEW.until);
    NEW.withdrawn_at := NULL;
    NEW.fields := grant_fields(NEW.fields);
    RETURN NEW;
END $$;
ALTER TABLE facts_grant NO FORCE ROW LEVEL SECURITY;
ALTER TABLE facts_grant DISABLE TRIGGER facts_grant_withdrawn;
UPDATE facts_grant SET until = upper(during) WHERE withdrawn_at IS NULL;
ALTER TABLE facts_grant ENABLE TRIGGER facts_grant_withdrawn;
ALTER TABLE facts_grant FORCE ROW LEVEL SECURITY;
