-- What was wished stays. A time is kept once until it is answered, only with a live hold of the buyer's own behind it; it
-- lapses only once that hold is over. (Whether it is taken in time the kernel says, whose hold becomes firm with it.)
CREATE FUNCTION booking_wish_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['state', 'chain_id', 'line_id', 'starts_at', 'kept_until', 'made_by_id', 'moved_at'];
BEGIN
    IF to_jsonb(NEW) - may <> to_jsonb(OLD) - may OR (NEW.made_by_id IS NOT NULL AND NEW.made_by_id IS DISTINCT FROM OLD.made_by_id) THEN
        RAISE EXCEPTION 'wish %: what was wished stays', OLD.id USING ERRCODE = '23514';
    END IF;
    IF NEW.state = OLD.state AND (NEW.chain_id IS DISTINCT FROM OLD.chain_id OR NEW.line_id IS DISTINCT FROM OLD.line_id
        OR NEW.starts_at IS DISTINCT FROM OLD.starts_at OR NEW.kept_until IS DISTINCT FROM OLD.kept_until) THEN
        RAISE EXCEPTION 'wish %: what is kept stays until it is answered', OLD.id USING ERRCODE = '23514';
    END IF;
    IF OLD.state = 'waiting' AND NEW.state = 'kept' AND NOT EXISTS (
        SELECT FROM reservation_reservation WHERE chain_id = NEW.chain_id AND subject_id = NEW.line_id AND holder_id = NEW.buyer_org_id
        AND resource_id = NEW.resource_id AND state = 'held' AND expires_at > clock_timestamp()) THEN
        RAISE EXCEPTION 'wish %: nothing is held for it', OLD.id USING ERRCODE = '23514';
    END IF;
    IF OLD.state = 'kept' AND NEW.state = ANY ('{lapsed,waiting}') AND EXISTS (
        SELECT FROM reservation_reservation WHERE chain_id = OLD.chain_id AND state = 'held' AND expires_at > clock_timestamp()) THEN
        RAISE EXCEPTION 'wish %: its time is still held', OLD.id USING ERRCODE = '23514';
    END IF;
    IF OLD.state <> NEW.state THEN
        NEW.moved_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_wish_kept BEFORE UPDATE ON booking_wish FOR EACH ROW EXECUTE FUNCTION booking_wish_kept();
