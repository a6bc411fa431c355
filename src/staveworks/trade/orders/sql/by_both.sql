-- As in guards.sql, and: a line says that both agreed on something else only as it falls away.
-- What was agreed stays; each step is taken by the side whose step it is, and in time by the database's clock.
CREATE OR REPLACE FUNCTION orders_line_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step text := OLD.state || '>' || NEW.state;
    here uuid := app_org();
    agreed text[] := ARRAY['version_id', 'request', 'quote', 'price_fen', 'acceptance_days'];
    free text[] := ARRAY['state', 'chain_id', 'held_until', 'deadline_at', 'accepted_fen', 'fee_fen', 'reason', 'by_both', 'placed_at', 'moved_at'];
BEGIN
    IF to_jsonb(NEW) - free - (CASE WHEN OLD.state = 'draft' THEN agreed ELSE '{}' END)
       <> to_jsonb(OLD) - free - (CASE WHEN OLD.state = 'draft' THEN agreed ELSE '{}' END) THEN
        RAISE EXCEPTION 'line %: what was agreed stays', OLD.id USING ERRCODE = '23514';
    END IF;
    IF NEW.by_both <> OLD.by_both AND step <> ALL ('{placed>cancelled,confirmed>displaced,in_delivery>displaced}') THEN
        RAISE EXCEPTION 'line %: it does not fall away by this step', OLD.id USING ERRCODE = '23514';
    END IF;
    IF OLD.state = NEW.state THEN
        IF OLD.state <> 'draft' AND (NEW.accepted_fen IS DISTINCT FROM OLD.accepted_fen OR NEW.fee_fen <> OLD.fee_fen) THEN
            RAISE EXCEPTION 'line %: what is owed follows from a step', OLD.id USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    IF (step = ANY ('{placed>confirmed,placed>declined,confirmed>in_delivery,confirmed>delivered,in_delivery>delivered,confirmed>displaced,in_delivery>displaced,confirmed>no_show}')
            AND here IS DISTINCT FROM OLD.provider_org_id)
       OR ((OLD.state IN ('draft', 'awaiting_approval') OR step = ANY ('{placed>cancelled,confirmed>cancelled,delivered>accepted,delivered>disputed}'))
            AND here IS DISTINCT FROM OLD.buyer_org_id) THEN
        RAISE EXCEPTION 'line %: % is the other side''s step', OLD.id, step USING ERRCODE = '23514';
    END IF;
    IF step = ANY ('{placed>confirmed,placed>declined,awaiting_approval>placed,delivered>disputed}') AND OLD.deadline_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'line %: too late for %', OLD.id, step USING ERRCODE = '23514';
    END IF;
    IF step = 'placed>expired' AND OLD.deadline_at > clock_timestamp() THEN
        RAISE EXCEPTION 'line %: it has not expired', OLD.id USING ERRCODE = '23514';
    END IF;
    IF step = 'awaiting_approval>placed' AND NOT EXISTS (
        SELECT FROM orders_approval WHERE order_id = NEW.order_id AND verdict = 'approved' AND amount_fen >= NEW.price_fen) THEN
        RAISE EXCEPTION 'line %: nobody approved it', OLD.id USING ERRCODE = '23514';
    END IF;
    IF step = 'delivered>accepted' AND NEW.accepted_fen <> NEW.price_fen THEN
        RAISE EXCEPTION 'line %: what is accepted is accepted whole, or disputed', OLD.id USING ERRCODE = '23514';
    END IF;
    IF step = 'disputed>accepted' AND NOT EXISTS (
        SELECT FROM orders_dispute WHERE line_id = NEW.id AND settled_at IS NOT NULL AND accepted_fen = NEW.accepted_fen) THEN
        RAISE EXCEPTION 'line %: its dispute is not settled so', OLD.id USING ERRCODE = '23514';
    END IF;
    IF NEW.fee_fen <> 0 AND NEW.state NOT IN ('cancelled', 'no_show') THEN
        RAISE EXCEPTION 'line %: a fee is owed where it was cancelled or nobody came', OLD.id USING ERRCODE = '23514';
    END IF;
    NEW.moved_at := clock_timestamp();
    RETURN NEW;
END $$;
