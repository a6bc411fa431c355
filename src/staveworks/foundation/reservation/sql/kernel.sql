-- The reservation kernel: who may touch what, and the acts that need to see the reservations of everybody.
--
-- Order of locks, everywhere: resources by ascending id first (reservation_lock), then whatever hangs on them. Whoever holds
-- the lock of a resource is alone with its reservations and counters, so that nobody waits in a circle (README.md).
-- The functions run as the tables' owner. Row security is forced on the owner too; the policies "kernel_…" let it see rows
-- of all parties, and write what a holder or an owner may write.

CREATE FUNCTION reservation_new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    -- UUIDv7 by RFC 9562; PostgreSQL has its own only from 18 on
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

-- What a reservation takes from its counter. Used kilograms stay taken: they are gone.
CREATE FUNCTION reservation_taken(state text, quantity bigint, consumed bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN state IN ('held', 'committed', 'in_use') THEN quantity WHEN state = 'consumed' THEN consumed ELSE 0 END
$$;

-- A counter moves only with its reservations, in the same statement, whoever writes them.
CREATE FUNCTION reservation_count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM reservation_counter WHERE id IN (SELECT counter_id FROM becomes) ORDER BY id FOR NO KEY UPDATE;
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM reservation_resource WHERE id IN (SELECT resource_id FROM becomes) ORDER BY id FOR SHARE;
        IF EXISTS (SELECT FROM becomes n JOIN reservation_resource r ON r.id = n.resource_id WHERE n.unit > r.capacity) THEN
            RAISE EXCEPTION 'the resource has no such unit' USING ERRCODE = '23514', CONSTRAINT = 'reservation_unit_exists';
        END IF;
        UPDATE reservation_counter c SET used = c.used + d.taken
        FROM (SELECT counter_id, sum(reservation_taken(state, quantity, consumed)) AS taken FROM becomes GROUP BY counter_id) d
        WHERE c.id = d.counter_id AND d.taken <> 0;
    ELSE
        UPDATE reservation_counter c SET used = c.used + d.taken
        FROM (SELECT n.counter_id, sum(reservation_taken(n.state, n.quantity, n.consumed) - reservation_taken(o.state, o.quantity, o.consumed)) AS taken
              FROM becomes n JOIN was o USING (id) GROUP BY n.counter_id) d
        WHERE c.id = d.counter_id AND d.taken <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reservation_count_insert AFTER INSERT ON reservation_reservation
    REFERENCING NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION reservation_count();
CREATE TRIGGER reservation_count_update AFTER UPDATE ON reservation_reservation
    REFERENCING OLD TABLE AS was NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION reservation_count();

-- What was agreed stays; state, expiry, what is used and the reason may move. Once a unit is done with, its span ends: the rest
-- is free. A hold becomes firm, or is held for longer, only by its holder and only before it expired.
CREATE FUNCTION reservation_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['state', 'expires_at', 'consumed', 'reason', 'moved_at'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state NOT IN ('held', 'maintenance') OR NEW.consumed <> 0 THEN
            RAISE EXCEPTION 'a reservation begins as a hold' USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - may <> to_jsonb(OLD) - may OR NEW.consumed < OLD.consumed THEN
        RAISE EXCEPTION 'reservation %: what was agreed stays', OLD.id USING ERRCODE = '23514';
    END IF;
    IF OLD.state = 'held' AND (NEW.state = 'committed' OR NEW.expires_at IS DISTINCT FROM OLD.expires_at)
       AND (OLD.expires_at <= clock_timestamp() OR app_org() IS DISTINCT FROM OLD.holder_id) THEN
        RAISE EXCEPTION 'reservation %: an expired hold, or another''s', OLD.id USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'expired' AND OLD.state = 'held' AND OLD.expires_at > clock_timestamp() THEN
        RAISE EXCEPTION 'reservation %: not expired yet', OLD.id USING ERRCODE = '23514';
    END IF;
    IF OLD.state IN ('consumed', 'released', 'expired') THEN
        RAISE EXCEPTION 'reservation %: % is final', OLD.id, OLD.state USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'consumed' AND NEW.unit IS NOT NULL THEN
        NEW.during := OLD.during * tstzrange(NULL, clock_timestamp());
    END IF;
    NEW.moved_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER reservation_kept BEFORE INSERT OR UPDATE ON reservation_reservation
    FOR EACH ROW EXECUTE FUNCTION reservation_kept();
CREATE TRIGGER reservation_no_truncate BEFORE TRUNCATE ON reservation_reservation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A unit that somebody still has can't be taken away. (The amount of a counted resource is guarded by its counters' CHECK.)
CREATE FUNCTION reservation_units_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.kind <> OLD.kind OR NEW.org_id <> OLD.org_id THEN
        RAISE EXCEPTION 'resource %: what it is stays', OLD.id USING ERRCODE = '23514';
    END IF;
    IF NEW.kind = 'exclusive' AND NEW.capacity < OLD.capacity AND EXISTS (
        SELECT FROM reservation_reservation WHERE resource_id = NEW.id AND unit > NEW.capacity
        AND upper(during) > clock_timestamp() AND (state IN ('committed', 'in_use') OR (state = 'held' AND expires_at > clock_timestamp()))
    ) THEN
        RAISE EXCEPTION 'resource %: a unit that is reserved can''t go', OLD.id USING ERRCODE = '23514', CONSTRAINT = 'reservation_units_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reservation_units_kept BEFORE UPDATE ON reservation_resource
    FOR EACH ROW EXECUTE FUNCTION reservation_units_kept();

-- Be alone with these resources until the transaction ends; then nobody's overdue hold is left on them. The moment is taken
-- after the locks: what expired while waiting has expired. Returns it.
CREATE FUNCTION reservation_lock(resources uuid[]) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moment timestamptz;
BEGIN
    PERFORM FROM reservation_resource WHERE id = ANY (resources) ORDER BY id FOR NO KEY UPDATE;
    moment := clock_timestamp();
    UPDATE reservation_reservation SET state = 'expired'
    WHERE resource_id = ANY (resources) AND state = 'held' AND expires_at <= moment;
    RETURN moment;
END $$;

-- Overdue holds of at most so many resources expire, for the periodic job. Returns how many resources had some.
CREATE FUNCTION reservation_expire(most int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found uuid[];
BEGIN
    SELECT array_agg(resource_id) INTO found FROM (
        SELECT DISTINCT resource_id FROM reservation_reservation WHERE state = 'held' AND expires_at <= clock_timestamp() LIMIT most) due;
    PERFORM reservation_lock(found);
    RETURN coalesce(cardinality(found), 0);
END $$;

-- The asks of a call as rows: [{place, layer, subject, resource, quantity, during}]. Without a span: at no time, all of it.
CREATE FUNCTION reservation_asked(asks jsonb)
RETURNS TABLE (place int, layer int, subject uuid, resource uuid, quantity bigint, during tstzrange) LANGUAGE sql IMMUTABLE AS $$
    SELECT place, layer, subject, resource, quantity, coalesce(during, '(,)')
    FROM jsonb_to_recordset(asks) AS (place int, layer int, subject uuid, resource uuid, quantity bigint, during tstzrange)
$$;

-- Take every ask or say which can't be had: each ask's place and what stands in its way (null: taken). The caller rolls back
-- unless all were taken. Asks of one layer don't overlap on a resource, so that a layer is one statement, its rows in the
-- order of (resource, start).
CREATE FUNCTION reservation_hold(chain uuid, ttl interval, asks jsonb) RETURNS TABLE (place int, obstacle text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE expires timestamptz; turn int;
BEGIN
    IF app_org() IS NULL THEN
        RAISE EXCEPTION 'nobody holds' USING ERRCODE = '42501';
    END IF;
    expires := reservation_lock(ARRAY(SELECT DISTINCT resource FROM reservation_asked(asks))) + ttl;

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
        WHEN r.kind = 'counted' AND NOT EXISTS (SELECT FROM reservation_counter c WHERE c.resource_id = r.id AND c.during = a.during) THEN 'other_slot'
        ELSE 'taken' END
    FROM reservation_asked(asks) a
    LEFT JOIN reservation_resource r ON r.id = a.resource
    LEFT JOIN (SELECT place, sum(quantity) AS taken FROM reservation_reservation WHERE chain_id = chain GROUP BY place) t ON t.place = a.place;
END $$;

-- What is taken of these resources in a span, by nobody's name: unit and span of exclusive ones (amount 1), slot and amount of
-- counted ones. Holds that are overdue take nothing any more, though nobody has ended them yet.
CREATE FUNCTION reservation_busy(resources uuid[], inside tstzrange)
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
$$;

-- What these resources are, for whoever wants to take them: kind, capacity, whether they are offered.
CREATE FUNCTION reservation_resources(resources uuid[])
RETURNS TABLE (resource uuid, owner uuid, kind text, capacity bigint, withdrawn boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id, org_id, kind, capacity, withdrawn_at IS NOT NULL FROM reservation_resource WHERE id = ANY (resources)
$$;

-- What is wrong, by a look at every row: a verdict for tests and for an operator's check. No row: all is well.
CREATE FUNCTION reservation_faults() RETURNS TABLE (fault text, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT 'overlap', a.id FROM reservation_reservation a JOIN reservation_reservation b
        ON a.resource_id = b.resource_id AND a.unit = b.unit AND a.id < b.id AND a.during && b.during
    WHERE a.state IN ('held', 'committed', 'in_use', 'consumed', 'maintenance') AND b.state IN ('held', 'committed', 'in_use', 'consumed', 'maintenance')
    UNION ALL
    SELECT 'counter differs from its reservations', c.id FROM reservation_counter c
    WHERE c.used <> (SELECT coalesce(sum(reservation_taken(state, quantity, consumed)), 0) FROM reservation_reservation x WHERE x.counter_id = c.id)
    UNION ALL
    SELECT 'oversold', c.id FROM reservation_counter c WHERE c.used NOT BETWEEN 0 AND c.capacity
    UNION ALL
    SELECT 'a unit that does not exist', x.id FROM reservation_reservation x JOIN reservation_resource r ON r.id = x.resource_id
    WHERE x.unit > r.capacity AND x.state IN ('committed', 'in_use') AND upper(x.during) > clock_timestamp()
    UNION ALL
    SELECT 'a state that is none', x.id FROM reservation_reservation x
    WHERE x.state NOT IN ('held', 'committed', 'in_use', 'consumed', 'released', 'expired', 'maintenance')
$$;
