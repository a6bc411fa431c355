-- A firm that was claimed goes back under its steward only by a revoked claim, with nobody left in it, and while nobody has
-- claimed it nobody gives anything in its name.

-- As in last_owner.sql, but a firm that has gone back under its steward has no owner, as before its claim.
CREATE OR REPLACE FUNCTION keep_last_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acted text := current_setting('app.org', true);
    remains boolean;
    unclaimed boolean;
BEGIN
    SELECT steward_id IS NOT NULL AND claimed_at IS NULL INTO unclaimed
        FROM parties_organisation WHERE id = OLD.org_id FOR UPDATE;
    IF NOT FOUND OR unclaimed THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('app.org', OLD.org_id::text, true);
    SELECT EXISTS (
        SELECT 1 FROM parties_membership m JOIN parties_person p ON p.id = m.person_id
        WHERE m.org_id = OLD.org_id AND m.role = 'owner' AND NOT p.service
    ) INTO remains;
    PERFORM set_config('app.org', coalesce(acted, ''), true);
    IF NOT remains THEN
        RAISE EXCEPTION 'the last owner of % can''t leave', OLD.org_id USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;

-- Claims are seen by the steward: the check sets app.org for itself and puts it back.
CREATE FUNCTION keep_claimed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acted text := current_setting('app.org', true);
    revoked boolean := false;
BEGIN
    IF OLD.steward_id IS NOT NULL THEN
        PERFORM set_config('app.org', OLD.steward_id::text, true);
        SELECT bool_or(state = 'revoked') AND NOT bool_or(state = 'granted') INTO revoked
            FROM parties_claim WHERE org_id = OLD.id;
        PERFORM set_config('app.org', coalesce(acted, ''), true);
    END IF;
    IF revoked IS NOT TRUE THEN
        RAISE EXCEPTION 'only a revoked claim takes % back', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parties_organisation_keep_claimed BEFORE UPDATE OF claimed_at ON parties_organisation
    FOR EACH ROW WHEN (OLD.claimed_at IS NOT NULL AND NEW.claimed_at IS NULL) EXECUTE FUNCTION keep_claimed();

-- FOR SHARE waits for a revocation under way, which holds the firm's row, and then sees what it did: an invitation that is
-- accepted, a mandate or token that is given at this very moment, doesn't outlast it.
CREATE FUNCTION refuse_unclaimed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE unclaimed boolean;
BEGIN
    SELECT steward_id IS NOT NULL AND claimed_at IS NULL INTO unclaimed
        FROM parties_organisation WHERE id = NEW.org_id FOR SHARE;
    IF unclaimed THEN
        RAISE EXCEPTION 'nobody has claimed %: nobody gives anything in its name', NEW.org_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parties_membership_claimed BEFORE INSERT ON parties_membership
    FOR EACH ROW EXECUTE FUNCTION refuse_unclaimed();
CREATE TRIGGER parties_invitation_claimed BEFORE INSERT ON parties_invitation
    FOR EACH ROW EXECUTE FUNCTION refuse_unclaimed();
CREATE TRIGGER parties_mandate_claimed BEFORE INSERT ON parties_mandate
    FOR EACH ROW EXECUTE FUNCTION refuse_unclaimed();
CREATE TRIGGER parties_token_claimed BEFORE INSERT ON parties_token
    FOR EACH ROW EXECUTE FUNCTION refuse_unclaimed();
CREATE TRIGGER parties_agreement_claimed BEFORE INSERT ON parties_agreement
    FOR EACH ROW EXECUTE FUNCTION refuse_unclaimed();

-- A revocation is history: nothing but its undoing may be added, once.
CREATE FUNCTION parties_revocation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.undone_at IS NOT NULL AND NEW.undone_at IS DISTINCT FROM OLD.undone_at)
       OR (to_jsonb(NEW) - 'undone_at' - 'undone_by_id' - 'by_id')
          IS DISTINCT FROM (to_jsonb(OLD) - 'undone_at' - 'undone_by_id' - 'by_id') THEN
        RAISE EXCEPTION 'parties_revocation: only undoing may be added' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER parties_revocation_history BEFORE UPDATE ON parties_revocation
    FOR EACH ROW EXECUTE FUNCTION parties_revocation_kept();
