-- As in guards.sql, and: nothing is decided over a provider that has not answered and still may.
-- A dispute is answered by the provider and settled once: as the buyer asked, if the provider agrees; else by its decider.
CREATE OR REPLACE FUNCTION orders_dispute_kept() RETURNS trigger LANGUAGE plpgsql AS $$
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
        -- Who has not been heard and still may be is not decided over.
        IF app_org() = OLD.decider_org_id AND NEW.answer = '' AND OLD.answer_due_at > clock_timestamp() THEN
            RAISE EXCEPTION 'dispute %: the provider may still answer', OLD.line_id USING ERRCODE = '23514';
        END IF;
        NEW.settled_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
