-- What the buyer accepts of the price isn't in dispute: nobody decides on less. A trigger, not a constraint on the row, so that
-- what was decided before this held stays as it was.
CREATE FUNCTION orders_dispute_conceded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dispute %: less than the buyer accepts', OLD.line_id USING ERRCODE = '23514';
END $$;
CREATE TRIGGER orders_dispute_conceded BEFORE UPDATE ON orders_dispute FOR EACH ROW
WHEN (OLD.settled_at IS NULL AND NEW.accepted_fen < OLD.stands_fen) EXECUTE FUNCTION orders_dispute_conceded();
