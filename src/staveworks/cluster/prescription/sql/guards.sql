-- A basis stays as it was recorded; only when its frontier was whole is added, once.
CREATE OR REPLACE FUNCTION prescription_basis_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(OLD) - 'drawn_at' IS DISTINCT FROM to_jsonb(NEW) - 'drawn_at' OR OLD.drawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'a basis stays as it was recorded' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prescription_basis_stays BEFORE UPDATE ON prescription_basis
    FOR EACH ROW EXECUTE FUNCTION prescription_basis_stays();
REVOKE DELETE, TRUNCATE ON prescription_basis FROM staveworks_app;
