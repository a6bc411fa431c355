-- Nothing is placed that isn't reserved any more: between holding and placing, its owner may have taken a time back. Of what a line
-- had in its chain every reservation is firm by now. The buyer sees her own reservations, so row security hides none of them here.
CREATE FUNCTION orders_line_reserved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM reservation_reservation
        WHERE chain_id = NEW.chain_id AND subject_id = NEW.id AND holder_id = NEW.buyer_org_id AND state <> 'committed') THEN
        RAISE EXCEPTION 'line %: not everything that it needs is reserved', NEW.id USING ERRCODE = '23514', CONSTRAINT = 'orders_line_reserved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_line_reserved BEFORE UPDATE ON orders_line FOR EACH ROW
    WHEN (NEW.state = 'placed' AND OLD.state <> 'placed') EXECUTE FUNCTION orders_line_reserved();
