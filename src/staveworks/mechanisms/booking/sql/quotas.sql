-- Quotas: what one firm, or one person of it, may book of a resource in a week or a month.
--
-- What was booked is read from the reservations themselves: what is released or expired counts no more, whoever released it.
-- Both functions run as whoever holds, who sees her own firm's orders.

-- Minutes of all units that begin in the period whose first local day is "since". "held": drafts' holds count too.
CREATE FUNCTION booking_used(asked uuid, firm uuid, person uuid, since date, held boolean)
RETURNS TABLE (by_firm bigint, by_person bigint) LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(minutes), 0)::bigint, coalesce(sum(minutes) FILTER (WHERE made_by_id = person), 0)::bigint
    FROM (
        SELECT o.made_by_id, extract(epoch FROM (l.quote ->> 'due_at')::timestamptz - (l.quote ->> 'starts_at')::timestamptz) / 60 AS minutes
        FROM booking_bookable b
        JOIN reservation_reservation r ON r.resource_id = b.resource_id AND r.holder_id = firm
        JOIN orders_line l ON l.id = r.subject_id AND l.buyer_org_id = firm
        JOIN orders_order o ON o.id = l.order_id
        WHERE b.resource_id = asked
          AND (r.state = ANY (ARRAY['committed', 'in_use', 'consumed']::text[])
               OR (held AND r.state = 'held' AND r.expires_at > clock_timestamp()))
          AND date_trunc(b.quota_period, (l.quote ->> 'starts_at')::timestamptz AT TIME ZONE b.zone)::date = since
    ) booked
$$;

-- No hold takes a firm or a person above it, however many of its people hold at the same moment: they pass here one by one.
CREATE FUNCTION booking_quota_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mine record; used record;
BEGIN
    FOR mine IN
        SELECT DISTINCT b.resource_id, l.buyer_org_id, o.made_by_id, b.firm_minutes, b.person_minutes,
               date_trunc(b.quota_period, (l.quote ->> 'starts_at')::timestamptz AT TIME ZONE b.zone)::date AS since
        FROM becomes n
        JOIN booking_bookable b ON b.resource_id = n.resource_id AND b.quota_period <> ''
        JOIN orders_line l ON l.id = n.subject_id
        JOIN orders_order o ON o.id = l.order_id
        WHERE n.state = 'held'
        ORDER BY b.resource_id, since
    LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('booking_quota:' || mine.resource_id || mine.buyer_org_id, 0));
        SELECT * INTO used FROM booking_used(mine.resource_id, mine.buyer_org_id, mine.made_by_id, mine.since, true);
        IF used.by_firm > mine.firm_minutes OR used.by_person > mine.person_minutes THEN
            RAISE EXCEPTION 'more than the quota allows' USING ERRCODE = '23514', CONSTRAINT = 'booking_quota', DETAIL = mine.resource_id;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER booking_quota_kept AFTER INSERT ON reservation_reservation
    REFERENCING NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION booking_quota_kept();
