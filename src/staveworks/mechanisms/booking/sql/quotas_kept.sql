-- A quota counts what is kept from a waiting list too: a hold of the buyer's whose line isn't there yet, since the wish is its
-- place in the queue and not in an order. A wish that moves a booking counts in the stead of that booking, not beside it, where
-- both lie in one period: she gets one of them.
CREATE OR REPLACE FUNCTION booking_used(asked uuid, firm uuid, person uuid, since date, held boolean, but uuid)
RETURNS TABLE (by_firm bigint, by_person bigint) LANGUAGE sql STABLE AS $$
    WITH counting AS (
        SELECT b.quota_period, b.zone, r.subject_id, r.state
        FROM booking_bookable b JOIN reservation_reservation r ON r.resource_id = b.resource_id AND r.holder_id = firm
        WHERE b.resource_id = asked
          AND (r.state = ANY (ARRAY['committed', 'in_use', 'consumed']::text[])
               OR (held AND r.state = 'held' AND r.expires_at > clock_timestamp()))
    ), ordered AS (
        SELECT l.id, o.made_by_id, extract(epoch FROM (l.quote ->> 'due_at')::timestamptz - (l.quote ->> 'starts_at')::timestamptz) / 60 AS minutes
        FROM counting c
        JOIN orders_line l ON l.id = c.subject_id AND l.buyer_org_id = firm
        JOIN orders_order o ON o.id = l.order_id
        WHERE l.id IS DISTINCT FROM but
          AND date_trunc(c.quota_period, (l.quote ->> 'starts_at')::timestamptz AT TIME ZONE c.zone)::date = since
    ), kept AS (
        SELECT w.made_by_id, w.minutes
        FROM counting c
        JOIN booking_wish w ON w.line_id = c.subject_id AND w.buyer_org_id = firm AND w.state = 'kept'
        WHERE c.state = 'held' AND date_trunc(c.quota_period, w.starts_at AT TIME ZONE c.zone)::date = since
          AND NOT EXISTS (SELECT FROM ordered WHERE ordered.id = w.moves_id)
    )
    SELECT coalesce(sum(minutes), 0)::bigint, coalesce(sum(minutes) FILTER (WHERE made_by_id = person), 0)::bigint
    FROM (SELECT made_by_id, minutes FROM ordered UNION ALL SELECT made_by_id, minutes FROM kept) booked
$$;

-- Nothing is kept above it either. Whoever holds and whoever keeps pass the same lock one by one.
CREATE FUNCTION booking_quota_of_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE rules record; used record;
BEGIN
    SELECT firm_minutes, person_minutes, date_trunc(quota_period, NEW.starts_at AT TIME ZONE zone)::date AS since INTO rules
    FROM booking_bookable WHERE resource_id = NEW.resource_id AND quota_period <> '';
    IF FOUND THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('booking_quota:' || NEW.resource_id || NEW.buyer_org_id, 0));
        SELECT * INTO used FROM booking_used(NEW.resource_id, NEW.buyer_org_id, NEW.made_by_id, rules.since, true, NEW.moves_id);
        IF used.by_firm > rules.firm_minutes OR used.by_person > rules.person_minutes THEN
            RAISE EXCEPTION 'more than the quota allows' USING ERRCODE = '23514', CONSTRAINT = 'booking_quota', DETAIL = NEW.resource_id;
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER booking_quota_of_kept AFTER UPDATE OF state ON booking_wish
    FOR EACH ROW WHEN (NEW.state = 'kept' AND OLD.state <> 'kept') EXECUTE FUNCTION booking_quota_of_kept();
