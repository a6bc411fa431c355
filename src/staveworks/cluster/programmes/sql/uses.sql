-- What orders use up of a voucher. Its firm uses it, its operator granted it: the function runs as the owner of the tables.
CREATE POLICY kernel ON programmes_voucher TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY kernel ON programmes_use TO CURRENT_USER USING (true) WITH CHECK (true);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON programmes_use FROM staveworks_app;

-- The voucher counts its uses itself; CHECK programmes_voucher_within_cap ends what would be too much.
CREATE FUNCTION programmes_used() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE programmes_voucher SET used_fen = used_fen + NEW.paid_fen WHERE id = NEW.voucher_id;
    RETURN NULL;
END $$;
CREATE TRIGGER programmes_used AFTER INSERT ON programmes_use FOR EACH ROW EXECUTE FUNCTION programmes_used();

CREATE OR REPLACE FUNCTION programmes_voucher_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was jsonb := to_jsonb(OLD) - 'granted_by_id' - 'withdrawn_by_id' - 'withdrawn_at' - 'used_fen';
    becomes jsonb := to_jsonb(NEW) - 'granted_by_id' - 'withdrawn_by_id' - 'withdrawn_at' - 'used_fen';
BEGIN
    IF was IS DISTINCT FROM becomes OR (OLD.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS DISTINCT FROM NEW.withdrawn_at)
       OR (OLD.used_fen <> NEW.used_fen AND pg_trigger_depth() < 2) THEN
        RAISE EXCEPTION 'a voucher stays as it was granted' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- Use a voucher of the acting firm for a line of which ``accepted`` of ``price`` stands; what the voucher has left limits it.
-- The use of the line: this one, or the one that it had before. Nothing where nothing is left.
CREATE FUNCTION programmes_use_voucher(fresh uuid, wanted uuid, line uuid, price bigint, accepted bigint)
RETURNS TABLE (operator uuid, programme text, whole bigint, paid bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE held programmes_voucher; share bigint;
BEGIN
    SELECT * INTO held FROM programmes_voucher WHERE id = wanted AND org_id = app_org() FOR NO KEY UPDATE;
    IF FOUND AND NOT EXISTS (SELECT FROM programmes_use u WHERE u.line_id = line) THEN
        share := least(floor(price * held.ratio)::bigint, held.cap_fen - held.used_fen);
        INSERT INTO programmes_use (id, voucher_id, org_id, operator_id, line_id, whole_fen, paid_fen)
        SELECT fresh, held.id, held.org_id, held.operator_id, line, share, round(share::numeric * accepted / price)::bigint
        WHERE share > 0 AND round(share::numeric * accepted / price) > 0
        ON CONFLICT (line_id) DO NOTHING;
    END IF;
    RETURN QUERY SELECT u.operator_id, v.programme::text, u.whole_fen, u.paid_fen
        FROM programmes_use u JOIN programmes_voucher v ON v.id = u.voucher_id WHERE u.line_id = line AND u.org_id = app_org();
END $$;
