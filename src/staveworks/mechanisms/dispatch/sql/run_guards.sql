-- What was asked stays as it was asked; of an ended run only its fate is added (accepted, discarded, published, replayed), each once.
CREATE OR REPLACE FUNCTION dispatch_run_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moving text[] := ARRAY['state', 'attempt', 'trail', 'reason', 'started_at', 'touched_at', 'stop_asked_at', 'finished_at',
                           'accepted_at', 'discarded_at', 'published_at', 'replay', 'made_by_id', 'demand_id'];
    fate text[] := ARRAY['accepted_at', 'discarded_at', 'published_at', 'replay', 'made_by_id', 'demand_id'];
BEGIN
    IF to_jsonb(OLD) - moving IS DISTINCT FROM to_jsonb(NEW) - moving THEN
        RAISE EXCEPTION 'a run stays as it was asked' USING ERRCODE = '23514';
    END IF;
    IF OLD.state IN ('finished', 'cancelled', 'failed') AND to_jsonb(OLD) - fate IS DISTINCT FROM to_jsonb(NEW) - fate THEN
        RAISE EXCEPTION 'a run that is over stays as it is' USING ERRCODE = '23514';
    END IF;
    IF (OLD.accepted_at IS NOT NULL AND OLD.accepted_at IS DISTINCT FROM NEW.accepted_at)
        OR (OLD.published_at IS NOT NULL AND OLD.published_at IS DISTINCT FROM NEW.published_at)
        OR (NEW.accepted_at IS NOT NULL AND NEW.discarded_at IS NOT NULL) THEN
        RAISE EXCEPTION 'what was accepted or published stays so' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_run_stays BEFORE UPDATE ON dispatch_run FOR EACH ROW EXECUTE FUNCTION dispatch_run_stays();
REVOKE DELETE, TRUNCATE ON dispatch_run FROM staveworks_app;
