-- A voucher stays as it was granted; it is withdrawn once. People's numbers may go when somebody is erased.
CREATE OR REPLACE FUNCTION programmes_voucher_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := to_jsonb(OLD) - 'granted_by_id' - 'withdrawn_by_id' - 'withdrawn_at';
    becomes jsonb := to_jsonb(NEW) - 'granted_by_id' - 'withdrawn_by_id' - 'withdrawn_at';
BEGIN
    IF was IS DISTINCT FROM becomes OR (OLD.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at) THEN
        RAISE EXCEPTION 'a voucher stays as it was granted' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER programmes_voucher_stays BEFORE UPDATE ON programmes_voucher
    FOR EACH ROW EXECUTE FUNCTION programmes_voucher_stays();
REVOKE DELETE, TRUNCATE ON programmes_voucher FROM staveworks_app;
