-- What a firm and a person have booked, as booking_used counts, but for one line: the booking that is given up for the one that is
-- asked for. One count for both; without such a line nothing is left out.
CREATE FUNCTION booking_used(asked uuid, firm uuid, person uuid, since date, held boolean, but uuid)
RETURNS TABLE (by_firm bigint, by_person bigint) LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(minutes), 0)::bigint, coalesce(sum(minutes) FILTER (WHERE made_by_id = person), 0)::bigint
    FROM (
        SELECT o.made_by_id, extract(epoch FROM (l.quote ->> 'due_at')::timestamptz - (l.quote ->> 'starts_at')::timestamptz) / 60 AS minutes
        FROM booking_bookable b
        JOIN reservation_reservation r ON r.resource_id = b.resource_id AND r.holder_id = firm
        JOIN orders_line l ON l.id = r.subject_id AND l.buyer_org_id = firm
        JOIN orders_order o ON o.id = l.order_id
        WHERE b.resource_id = asked AND l.id IS DISTINCT FROM but
          AND (r.state = ANY (ARRAY['committed', 'in_use', 'consumed']::text[])
               OR (held AND r.state = 'held' AND r.expires_at > clock_timestamp()))
          AND date_trunc(b.quota_period, (l.quote ->> 'starts_at')::timestamptz AT TIME ZONE b.zone)::date = since
    ) booked
$$;

-- The same count where nothing is given up: for the trigger.
CREATE OR REPLACE FUNCTION booking_used(asked uuid, firm uuid, person uuid, since date, held boolean)
RETURNS TABLE (by_firm bigint, by_person bigint) LANGUAGE sql STABLE AS $$
    SELECT by_firm, by_person FROM booking_used(asked, firm, person, since, held, NULL)
$$;
