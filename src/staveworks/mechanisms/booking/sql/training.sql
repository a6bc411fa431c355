-- Training: who comes to a resource that asks for it has a certificate of it that is good on every day of the booking.

-- A certificate stays as it was given. It is ended once; a name may be emptied (erasure).
CREATE FUNCTION booking_training_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['name', 'contact', 'ended_on', 'ended_reason'];
BEGIN
    IF to_jsonb(NEW) - may <> to_jsonb(OLD) - may
        OR (NEW.name <> OLD.name AND NEW.name <> '') OR (NEW.contact <> OLD.contact AND NEW.contact <> '')
        OR (OLD.ended_on IS NOT NULL AND (NEW.ended_on IS DISTINCT FROM OLD.ended_on OR NEW.ended_reason <> OLD.ended_reason)) THEN
        RAISE EXCEPTION 'training certificate %: it stays, and is ended once', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER booking_training_stays BEFORE UPDATE ON booking_training_certificate
    FOR EACH ROW EXECUTE FUNCTION booking_training_stays();

-- Looked at when it is held: a certificate that was ended a moment ago, while somebody filled in the form, is good no more.
-- Runs as whoever holds, who sees her own firm's certificates.
CREATE FUNCTION booking_trained_comes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE untrained uuid;
BEGIN
    SELECT asked.resource_id INTO untrained
    FROM (
        SELECT b.resource_id, l.buyer_org_id, l.request ->> 'comes' AS comes,
               ((l.quote ->> 'starts_at')::timestamptz AT TIME ZONE b.zone)::date AS first,
               (((l.quote ->> 'due_at')::timestamptz - interval '1 microsecond') AT TIME ZONE b.zone)::date AS last
        FROM becomes n
        JOIN booking_bookable b ON b.resource_id = n.resource_id AND b.needs_training
        JOIN orders_line l ON l.id = n.subject_id
        WHERE n.state = 'held'
    ) asked
    WHERE NOT EXISTS (
        SELECT FROM booking_training_certificate c
        WHERE c.resource_id = asked.resource_id AND c.buyer_org_id = asked.buyer_org_id AND c.id::text = asked.comes
          AND c.contact <> '' AND c.valid_from <= asked.first AND c.valid_until >= asked.last
          AND (c.ended_on IS NULL OR c.ended_on > asked.last))
    LIMIT 1;
    IF untrained IS NOT NULL THEN
        RAISE EXCEPTION 'nobody with a training certificate comes'
            USING ERRCODE = '23514', CONSTRAINT = 'booking_training_admission', DETAIL = untrained;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER booking_trained_comes AFTER INSERT ON reservation_reservation
    REFERENCING NEW TABLE AS becomes FOR EACH STATEMENT EXECUTE FUNCTION booking_trained_comes();
