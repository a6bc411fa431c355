-- An organisation keeps an owner of flesh and blood. Checked when the transaction ends (or when a use case asks earlier), so that
-- an owner may be replaced in one transaction, and an organisation may be removed with all its members.
--
-- Two owners who leave at the same moment would each still see the other: the lock on the organisation's row makes the second
-- wait for the first to end, and the count that follows it is a new statement, which sees what the first has done.
--
-- Row security shows memberships only to those who act for the organisation; the check sets app.org for itself and puts it back.
CREATE FUNCTION keep_last_owner() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acted text := current_setting('app.org', true);
    remains boolean;
BEGIN
    PERFORM 1 FROM parties_organisation WHERE id = OLD.org_id FOR UPDATE;
    IF NOT FOUND THEN
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

CREATE CONSTRAINT TRIGGER parties_last_owner
    AFTER DELETE OR UPDATE ON parties_membership
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.role = 'owner') EXECUTE FUNCTION keep_last_owner();
