-- What was asked stays as it was asked; of an ended run only its fate is added (accepted, discarded, published, withdrawn, replayed), each once.
CREATE OR REPLACE FUNCTION dispatch_run_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fate text[] := ARRAY['accepted_at', 'discarded_at', 'published_at', 'withdrawn_at', 'withdrawn_why', 'replay', 'made_by_id', 'demand_id'];
    moving text[] := fate || ARRAY['state', 'attempt', 'trail', 'reason', 'started_at', 'touched_at', 'stop_asked_at', 'finished_at'];
BEGIN
    IF to_jsonb(OLD) - moving IS DISTINCT FROM to_jsonb(NEW) - moving THEN
        RAISE EXCEPTION 'a run stays as it was asked' USING ERRCODE = '23514';
    END IF;
    IF OLD.state IN ('finished', 'cancelled', 'failed') AND to_jsonb(OLD) - fate IS DISTINCT FROM to_jsonb(NEW) - fate THEN
        RAISE EXCEPTION 'a run that is over stays as it is' USING ERRCODE = '23514';
    END IF;
    IF (OLD.accepted_at IS NOT NULL AND OLD.accepted_at IS DISTINCT FROM NEW.accepted_at)
        OR (OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at)
        OR (OLD.withdrawn_at IS NOT NULL AND (OLD.withdrawn_at, OLD.withdrawn_why) IS DISTINCT FROM (NEW.withdrawn_at, NEW.withdrawn_why))
        OR (NEW.accepted_at IS NOT NULL AND NEW.discarded_at IS NOT NULL) THEN
        RAISE EXCEPTION 'what was accepted, published or withdrawn stays so' USING ERRCODE = '23514';
    END IF;
    IF NEW.withdrawn_at IS NOT NULL AND (NEW.published_at IS NULL OR NEW.withdrawn_why = '') THEN
        RAISE EXCEPTION 'what is withdrawn was published, and a reason is given' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;

-- What a firm was told stays as it was told; only its end is added, once.
CREATE OR REPLACE FUNCTION dispatch_share_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_end text[] := ARRAY['ended_at', 'ended_by', 'ended_why'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.ended_at IS NULL AND to_jsonb(OLD) - its_end = to_jsonb(NEW) - its_end
        AND NEW.ended_at IS NOT NULL AND NEW.ended_by IN ('replaced', 'withdrawn') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what a firm was told stays so; it may only end, once' USING ERRCODE = '23514';
END $$;
DROP TRIGGER dispatch_share_append_only ON dispatch_share;
CREATE TRIGGER dispatch_share_append_only BEFORE UPDATE OR DELETE ON dispatch_share
    FOR EACH ROW EXECUTE FUNCTION dispatch_share_stays();
GRANT UPDATE (ended_at, ended_by, ended_why) ON dispatch_share TO staveworks_app;
