-- Who sums free hours needs to know how many of them published plans have taken, and nothing else of what firms were told. The function
-- runs as the owner, who reads every share; which work centres it answers for, the policy of their table decides as for any reader.
CREATE POLICY kernel_read ON dispatch_share FOR SELECT TO staveworks_owner USING (true);

-- From a Monday on; no plan is longer than so many weeks. Work told by a former version names its work centre in the firm's own words,
-- not by its id.
CREATE FUNCTION dispatch_hours_taken(since date, longest int) RETURNS TABLE (centre uuid, monday date, hours numeric)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, s.first_date + 7 * (w ->> 'bucket')::int, sum((w ->> 'hours')::numeric)
    FROM dispatch_share s
    CROSS JOIN jsonb_array_elements(s.work) w
    JOIN dispatch_work_centre c ON c.org_id = s.firm_id
        AND (c.id::text = left(w ->> 'centre', 36) OR (NOT w ? 'centre' AND c.name = w ->> 'work_centre'))
    WHERE s.ended_at IS NULL AND s.first_date > since - 7 * longest AND s.first_date + 7 * (w ->> 'bucket')::int >= since
    GROUP BY 1, 2
$$;
