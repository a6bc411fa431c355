-- Goods in lots. A store is a resource whose amount is in its lots, each a counted resource of its own (store_id). A hold of the store
-- takes of its lots: what keeps the shortest first (ends_at), then the oldest (since_date); from ends_at on a lot is taken from no more.
-- These replace the functions of the same names in kernel.sql. The order of locks stays: whoever locks a store locks its lots with it,
-- all resources of a call in one statement by ascending id.

-- Be alone with these resources, and with the lots of those that are stores.
CREATE OR REPLACE FUNCTION reservation_lock(resources uuid[]) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moment timestamptz;
BEGIN
    resources := ARRAY(SELECT id FROM reservation_resource WHERE id = ANY (resources) OR store_id = ANY (resources));
    PERFORM FROM reservation_resource WHERE id = ANY (resources) ORDER BY id FOR NO KEY UPDATE;
    moment := clock_timestamp();
    UPDATE reservation_reservation SET state = 'expired'
    WHERE resource_id = ANY (resources) AND state = 'held' AND expires_at <= moment;
    RETURN moment;
END $$;

-- As in kernel.sql; and of a store, of its lots.
CREATE OR REPLACE FUNCTION reservation_hold(chain uuid, ttl interval, asks jsonb) RETURNS TABLE (place int, obstacle text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE moment timestamptz; expires timestamptz; turn int;
BEGIN
    IF app_org() IS NULL THEN
        RAISE EXCEPTION 'nobody holds' USING ERRCODE = '42501';
    END IF;
    moment := reservation_lock(ARRAY(SELECT DISTINCT resource FROM reservation_asked(asks)));
    expires := moment + ttl;

    INSERT INTO reservation_counter (id, org_id, resource_id, during, capacity)
    SELECT reservation_new_id(), r.org_id, r.id, a.during, r.capacity
    FROM (SELECT DISTINCT resource, during FROM reservation_asked(asks)) a
    JOIN reservation_resource r ON r.id = a.resource AND r.kind = 'counted' AND r.withdrawn_at IS NULL
    WHERE NOT EXISTS (SELECT FROM reservation_counter c WHERE c.resource_id = r.id AND c.during && a.during)
    ORDER BY r.id, a.during;

    INSERT INTO reservation_reservation
        (id, chain_id, place, subject_id, resource_id, counter_id, quantity, during, state, expires_at, holder_id, owner_id)
    SELECT reservation_new_id(), chain, a.place, a.subject, a.resource, a.counter, a.quantity, a.during, 'held', expires, app_org(), a.org_id
    FROM (SELECT a.*, c.id AS counter, c.org_id, c.capacity - c.used AS free,
                 sum(a.quantity) OVER (PARTITION BY c.id ORDER BY a.place) AS with_those_before
          FROM reservation_asked(asks) a
          JOIN reservation_resource r ON r.id = a.resource AND r.kind = 'counted' AND r.withdrawn_at IS NULL
          JOIN reservation_counter c ON c.resource_id = r.id AND c.during = a.during) a
    WHERE a.with_those_before <= a.free
    ORDER BY a.resource, a.during;

    -- Of a store, lot by lot: asks and lots are laid end to end along one line, each ask takes of a lot what they have in common.
    INSERT INTO reservation_reservation
        (id, chain_id, place, subject_id, resource_id, counter_id, quantity, during, state, expires_at, holder_id, owner_id)
    SELECT reservation_new_id(), chain, a.place, a.subject, l.id, l.counter,
           least(a.upto, l.upto) - greatest(a.upto - a.quantity, l.upto - l.free), '(,)', 'held', expires, app_org(), l.org_id
    FROM (SELECT a.*, sum(a.quantity) OVER (PARTITION BY a.resource ORDER BY a.place) AS upto FROM reservation_asked(asks) a WHERE a.during = '(,)') a
    JOIN reservation_resource s ON s.id = a.resource AND s.kind = 'store' AND s.withdrawn_at IS NULL
    JOIN (SELECT r.id, r.org_id, r.store_id, c.id AS counter, c.capacity - c.used AS free,
                 sum(c.capacity - c.used) OVER (PARTITION BY r.store_id ORDER BY r.ends_at NULLS LAST, r.since_date, r.id) AS upto,
                 sum(c.capacity - c.used) OVER (PARTITION BY r.store_id) AS whole
          FROM reservation_resource r JOIN reservation_counter c ON c.resource_id = r.id
          WHERE r.store_id IN (SELECT resource FROM reservation_asked(asks))
            AND r.withdrawn_at IS NULL AND (r.ends_at IS NULL OR r.ends_at > moment)) l ON l.store_id = s.id
    WHERE a.upto <= l.whole AND least(a.upto, l.upto) > greatest(a.upto - a.quantity, l.upto - l.free)
    ORDER BY l.id, a.place;

    FOR turn IN SELECT DISTINCT layer FROM reservation_asked(asks) ORDER BY layer LOOP
        INSERT INTO reservation_reservation
            (id, chain_id, place, subject_id, resource_id, unit, quantity, during, state, expires_at, holder_id, owner_id)
        SELECT reservation_new_id(), chain, a.place, a.subject, r.id, u.unit, 1, a.during, 'held', expires, app_org(), r.org_id
        FROM reservation_asked(asks) a
        JOIN reservation_resource r ON r.id = a.resource AND r.kind = 'exclusive' AND r.withdrawn_at IS NULL
        CROSS JOIN LATERAL (
            SELECT unit FROM generate_series(1, r.capacity) unit
            WHERE NOT EXISTS (SELECT FROM reservation_reservation x WHERE x.resource_id = r.id AND x.unit = unit.unit
                              AND x.during && a.during AND x.state IN ('held', 'committed', 'in_use', 'consumed', 'maintenance'))
            ORDER BY unit LIMIT a.quantity) u
        WHERE a.layer = turn AND NOT lower_inf(a.during) AND NOT upper_inf(a.during)
        ORDER BY r.id, lower(a.during), u.unit;
    END LOOP;

    RETURN QUERY
    SELECT a.place, CASE
        WHEN r.id IS NULL THEN 'unknown'
        WHEN r.withdrawn_at IS NOT NULL THEN 'withdrawn'
        WHEN coalesce(t.taken, 0) = a.quantity THEN NULL
        WHEN r.kind = 'exclusive' AND (lower_inf(a.during) OR upper_inf(a.during)) THEN 'needs_time'
        WHEN r.kind = 'store' AND a.during <> '(,)' THEN 'other_slot'
        WHEN r.kind = 'counted' AND NOT EXISTS (SELECT FROM reservation_counter c WHERE c.resource_id = r.id AND c.during = a.during) THEN 'other_slot'
        ELSE 'taken' END
    FROM reservation_asked(asks) a
    LEFT JOIN reservation_resource r ON r.id = a.resource
    LEFT JOIN (SELECT place, sum(quantity) AS taken FROM reservation_reservation WHERE chain_id = chain GROUP BY place) t ON t.place = a.place;
END $$;

-- As in kernel.sql; and of a store, the sum of its lots that can be taken from.
CREATE OR REPLACE FUNCTION reservation_busy(resources uuid[], inside tstzrange)
RETURNS TABLE (resource uuid, unit int, during tstzrange, amount bigint, capacity bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT resource_id, unit, during, 1::bigint, 1::bigint FROM reservation_reservation
    WHERE resource_id = ANY (resources) AND unit IS NOT NULL AND during && inside
      AND state IN ('held', 'committed', 'in_use', 'consumed', 'maintenance')
      AND NOT (state = 'held' AND expires_at <= clock_timestamp())
    UNION ALL
    SELECT c.resource_id, NULL, c.during, c.used - coalesce((
        SELECT sum(quantity) FROM reservation_reservation x
        WHERE x.counter_id = c.id AND x.state = 'held' AND x.expires_at <= clock_timestamp()), 0), c.capacity
    FROM reservation_counter c WHERE c.resource_id = ANY (resources) AND c.during && inside
    UNION ALL
    SELECT s.id, NULL, '(,)', coalesce(sum(l.taken), 0)::bigint, coalesce(sum(l.capacity), 0)::bigint
    FROM reservation_resource s LEFT JOIN (
        SELECT r.store_id, c.capacity, c.used - coalesce((
            SELECT sum(quantity) FROM reservation_reservation x
            WHERE x.counter_id = c.id AND x.state = 'held' AND x.expires_at <= clock_timestamp()), 0) AS taken
        FROM reservation_resource r JOIN reservation_counter c ON c.resource_id = r.id
        WHERE r.store_id = ANY (resources) AND r.withdrawn_at IS NULL AND (r.ends_at IS NULL OR r.ends_at > clock_timestamp())) l ON l.store_id = s.id
    WHERE s.id = ANY (resources) AND s.kind = 'store' GROUP BY s.id
$$;
