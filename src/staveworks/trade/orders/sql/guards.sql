-- What was agreed stays; each step is taken by the side whose step it is, and in time by the database's clock.
CREATE FUNCTION orders_line_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step text := OLD.state || '>' || NEW.state;
    here uuid := app_org();
    agreed text[] := ARRAY['version_id', 'request', 'quote', 'price_fen', 'acceptance_days'];
    free text[] := ARRAY['state', 'chain_id', 'held_until', 'deadline_at', 'accepted_fen', 'fee_fen', 'reason', 'placed_at', 'moved_at'];
BEGIN
    IF to_jsonb(NEW) - free - (CASE WHEN OLD.state = 'draft' THEN agreed ELSE '{}' END)
       <> to_jsonb(OLD) - free - (CASE WHEN OLD.state = 'draft' THEN agreed ELSE '{}' END) THEN
        RAISE EXCEPTION 'line %: what was agreed stays', OLD.id USING ERRCODE = '23514';
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
CREATE TRIGGER orders_line_kept BEFORE UPDATE ON orders_line FOR EACH ROW EXECUTE FUNCTION orders_line_kept();

-- A line begins as a draft, and names a version of its provider's.
CREATE FUNCTION orders_line_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.state <> 'draft' OR NEW.fee_fen <> 0 OR NEW.accepted_fen IS NOT NULL) THEN
        RAISE EXCEPTION 'a line begins as a draft' USING ERRCODE = '23514';
    END IF;
    IF NOT EXISTS (SELECT FROM catalogue_version WHERE id = NEW.version_id AND provider_org_id = NEW.provider_org_id) THEN
        RAISE EXCEPTION 'line %: the offer is another provider''s', NEW.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_line_begun BEFORE INSERT OR UPDATE OF version_id ON orders_line FOR EACH ROW EXECUTE FUNCTION orders_line_begun();

-- Decided once, in time; by somebody else, or by the only one who could, up to what the rule lets her (then the CHECK
-- orders_approval_by_another compares the amounts).
CREATE FUNCTION orders_approval_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['verdict', 'own_up_to_fen', 'decided_by_id', 'decided_at', 'reason'];
BEGIN
    IF NEW.verdict = OLD.verdict AND to_jsonb(NEW) - 'decided_by_id' - 'requested_by_id' = to_jsonb(OLD) - 'decided_by_id' - 'requested_by_id'
       AND (NEW.decided_by_id IS NULL OR NEW.decided_by_id = OLD.decided_by_id) AND (NEW.requested_by_id IS NULL OR NEW.requested_by_id = OLD.requested_by_id) THEN
        RETURN NEW;  -- a person who is gone
    END IF;
    IF OLD.verdict <> '' OR to_jsonb(NEW) - may <> to_jsonb(OLD) - may THEN
        RAISE EXCEPTION 'approval %: decided once', OLD.id USING ERRCODE = '23514';
    END IF;
    IF NEW.verdict = 'approved' THEN
        IF NEW.decided_by_id IS NULL OR OLD.deadline_at <= clock_timestamp() THEN
            RAISE EXCEPTION 'approval %: too late, or nobody''s', OLD.id USING ERRCODE = '23514';
        END IF;
        IF NEW.own_up_to_fen IS NOT NULL AND EXISTS (
            SELECT FROM parties_membership WHERE org_id = OLD.buyer_org_id AND person_id <> NEW.decided_by_id AND role IN ('owner', 'manager')) THEN
            RAISE EXCEPTION 'approval %: somebody else can decide', OLD.id USING ERRCODE = '23514';
        END IF;
    END IF;
    NEW.decided_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER orders_approval_kept BEFORE UPDATE ON orders_approval FOR EACH ROW EXECUTE FUNCTION orders_approval_kept();

-- A dispute is answered by the provider and settled once: as the buyer asked, if the provider agrees; else by its decider.
CREATE FUNCTION orders_dispute_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['answer', 'answered_by_id', 'answered_at', 'decision', 'accepted_fen', 'settled_by_id', 'settled_at'];
        people text[] := ARRAY['opened_by_id', 'answered_by_id', 'settled_by_id'];
BEGIN
    IF to_jsonb(NEW) - people = to_jsonb(OLD) - people AND coalesce(NEW.opened_by_id, OLD.opened_by_id) IS NOT DISTINCT FROM OLD.opened_by_id
       AND coalesce(NEW.answered_by_id, OLD.answered_by_id) IS NOT DISTINCT FROM OLD.answered_by_id
       AND coalesce(NEW.settled_by_id, OLD.settled_by_id) IS NOT DISTINCT FROM OLD.settled_by_id THEN
        RETURN NEW;  -- a person who is gone
    END IF;
    IF OLD.settled_at IS NOT NULL OR to_jsonb(NEW) - may <> to_jsonb(OLD) - may
       OR (NEW.answer <> OLD.answer AND (OLD.answer <> '' OR app_org() IS DISTINCT FROM OLD.provider_org_id)) THEN
        RAISE EXCEPTION 'dispute %: said once', OLD.line_id USING ERRCODE = '23514';
    END IF;
    IF NEW.settled_at IS NOT NULL THEN
        IF NOT (app_org() = OLD.decider_org_id OR (app_org() = OLD.provider_org_id AND NEW.accepted_fen = OLD.stands_fen)) THEN
            RAISE EXCEPTION 'dispute %: not settled by whom it concerns', OLD.line_id USING ERRCODE = '23514';
        END IF;
        NEW.settled_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_dispute_kept BEFORE UPDATE ON orders_dispute FOR EACH ROW EXECUTE FUNCTION orders_dispute_kept();
