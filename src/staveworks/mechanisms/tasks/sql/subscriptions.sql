-- Periods follow each other without a gap, none before its day, none after the end; each has its line at the price in force, unless it
-- was paused when it began, or that price was not kept by then and its buyer's firm has yet to approve it. The unique number refuses what two workers would write twice.
CREATE FUNCTION tasks_period_start(first date, every text, number int) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (first + make_interval(months => number * CASE every WHEN 'quarter' THEN 3 ELSE 1 END))::date
$$;
CREATE FUNCTION tasks_period_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s record; starts date; begins timestamptz; last text; price record; ordered record; paused boolean;
BEGIN
    SELECT * INTO s FROM tasks_subscription WHERE id = NEW.subscription_id FOR NO KEY UPDATE;
    starts := tasks_period_start(s.first_date, s.period, NEW.number);
    begins := starts::timestamp AT TIME ZONE s.zone;
    IF NEW.number <> (SELECT count(*) FROM tasks_subscription_period WHERE subscription_id = s.id) OR NEW.starts_date <> starts
       OR begins > clock_timestamp() OR NEW.number > s.last_number THEN
        RAISE EXCEPTION 'subscription %: not the turn of period %', s.id, NEW.number USING ERRCODE = '23514';
    END IF;
    SELECT kind INTO last FROM tasks_subscription_move WHERE subscription_id = s.id AND at <= begins ORDER BY at DESC LIMIT 1;
    SELECT price_fen, kept_at INTO price FROM tasks_subscription_price
        WHERE subscription_id = s.id AND number <= NEW.number ORDER BY number DESC LIMIT 1;
    paused := NEW.number > 0 AND coalesce(last, '') = 'paused';
    IF (paused AND NEW.line_id IS NOT NULL)
       OR (NOT paused AND NEW.line_id IS NULL AND (price.price_fen IS NULL OR price.kept_at <= begins)) THEN
        RAISE EXCEPTION 'subscription %: period % was paused, or was not', s.id, NEW.number USING ERRCODE = '23514';
    END IF;
    IF NEW.line_id IS NOT NULL THEN
        SELECT price_fen, buyer_org_id, provider_org_id INTO ordered FROM orders_line WHERE id = NEW.line_id;
        IF ordered.price_fen <> coalesce(price.price_fen, s.price_fen) OR ordered.buyer_org_id <> s.buyer_org_id OR ordered.provider_org_id <> s.provider_org_id THEN
            RAISE EXCEPTION 'subscription %: period % is ordered otherwise', s.id, NEW.number USING ERRCODE = '23514';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_period_follows BEFORE INSERT ON tasks_subscription_period FOR EACH ROW EXECUTE FUNCTION tasks_period_follows();

-- A price is announced by the provider, so many days ahead, for a period that has not begun; then only kept by the buyer.
CREATE FUNCTION tasks_price_announced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s record;
BEGIN
    SELECT * INTO s FROM tasks_subscription WHERE id = NEW.subscription_id FOR NO KEY UPDATE;
    IF TG_OP = 'INSERT' THEN
        NEW.announced_at := clock_timestamp();
        IF app_org() IS DISTINCT FROM s.provider_org_id OR NEW.kept_at IS NOT NULL
           OR tasks_period_start(s.first_date, s.period, NEW.number) < (clock_timestamp() AT TIME ZONE s.zone)::date + s.notice_days THEN
            RAISE EXCEPTION 'subscription %: a price needs its notice', s.id USING ERRCODE = '23514', CONSTRAINT = 'tasks_price_announced';
        END IF;
    ELSIF to_jsonb(NEW) - 'kept_at' <> to_jsonb(OLD) - 'kept_at' OR OLD.kept_at IS NOT NULL OR app_org() IS DISTINCT FROM s.buyer_org_id THEN
        RAISE EXCEPTION 'subscription %: an announced price stays', s.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_price_announced BEFORE INSERT OR UPDATE ON tasks_subscription_price FOR EACH ROW EXECUTE FUNCTION tasks_price_announced();

-- What was agreed stays; it is ended once, not before the period that runs.
CREATE FUNCTION tasks_subscription_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'last_number' <> to_jsonb(OLD) - 'last_number' OR OLD.last_number IS NOT NULL
       OR tasks_period_start(NEW.first_date, NEW.period, NEW.last_number + 1) <= (clock_timestamp() AT TIME ZONE NEW.zone)::date THEN
        RAISE EXCEPTION 'subscription %: what was agreed stays, it ends with the period that runs', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_subscription_kept BEFORE UPDATE ON tasks_subscription FOR EACH ROW EXECUTE FUNCTION tasks_subscription_kept();

CREATE FUNCTION tasks_move_now() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last text;
BEGIN
    PERFORM FROM tasks_subscription WHERE id = NEW.subscription_id FOR NO KEY UPDATE;
    SELECT kind INTO last FROM tasks_subscription_move WHERE subscription_id = NEW.subscription_id ORDER BY at DESC LIMIT 1;
    IF NEW.kind = coalesce(last, 'resumed') THEN
        RAISE EXCEPTION 'subscription %: it is % already', NEW.subscription_id, NEW.kind USING ERRCODE = '23514';
    END IF;
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_move_now BEFORE INSERT ON tasks_subscription_move FOR EACH ROW EXECUTE FUNCTION tasks_move_now();
