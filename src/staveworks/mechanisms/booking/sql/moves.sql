-- Who is moved has the new time and not the old one any more, or the old one and not the new: looked at when the transaction
-- commits. A wish names a line of its own buyer's at the resource's provider.
CREATE FUNCTION booking_wish_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'taken' AND NEW.moves_id IS NOT NULL AND NOT (
        EXISTS (SELECT FROM orders_line WHERE id = NEW.moves_id AND state = 'cancelled')
        AND EXISTS (SELECT FROM orders_line WHERE id = NEW.line_id AND state = ANY ('{placed,confirmed}'))
        AND NOT EXISTS (SELECT FROM reservation_reservation WHERE subject_id = NEW.moves_id AND state = ANY ('{held,committed,in_use}'))
        AND EXISTS (SELECT FROM reservation_reservation WHERE subject_id = NEW.line_id AND state = 'committed')) THEN
        RAISE EXCEPTION 'wish %: moved means the one and not the other', NEW.id USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER booking_wish_moved AFTER UPDATE ON booking_wish
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION booking_wish_moved();
