-- What a grant is in time, whom it reaches, and that it is only ever withdrawn.

-- The statement's time, not the transaction's: a grant that was withdrawn while a long reading runs ends with its next statement.
CREATE FUNCTION grant_is_live(during tstzrange, withdrawn_at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT withdrawn_at IS NULL AND during @> statement_timestamp()
$$;

-- Is ``place`` inside ``area``, by the codes of GB/T 2260 (province 320000 > prefecture 320500 > county 320509)?
CREATE FUNCTION lies_in(place text, area text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT place = area
        OR (area LIKE '%0000' AND left(place, 2) = left(area, 2))
        OR (area LIKE '%00' AND area NOT LIKE '%0000' AND left(place, 4) = left(area, 4))
$$;

-- As which kinds the active organisation is reached. Nobody makes herself an operator; every other kind is a person's own
-- statement when she registers, so it reaches nothing until the operator has confirmed it.
CREATE FUNCTION app_reached_as() RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT kind FROM parties_organisation o, unnest(o.kinds) AS kind
                 WHERE o.id = app_org() AND o.merged_into_id IS NULL AND kind IN ('platform', 'city'))
$$;

-- Is the firm one of the active organisation's own place? A city or a government is reached by those only.
CREATE FUNCTION app_is_near(firm uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(lies_in(f.city_id, a.city_id), false)
    FROM parties_organisation f, parties_organisation a WHERE f.id = firm AND a.id = app_org()
$$;

-- The wider field takes the narrower one in (``types.INCLUDED``): who has the answers can compute the barrel.
CREATE FUNCTION grant_fields(fields varchar[]) RETURNS varchar[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY(
        SELECT DISTINCT field FROM unnest(
            fields || CASE WHEN 'profile' = ANY (fields) THEN '{outline}' ELSE '{}' END::varchar[]
                   || CASE WHEN 'assessment' = ANY (fields) THEN '{barrel,level}' ELSE '{}' END::varchar[]
                   || CASE WHEN 'barrel' = ANY (fields) THEN '{level}' ELSE '{}' END::varchar[]
        ) AS field ORDER BY field)
$$;

CREATE FUNCTION facts_grant_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.given_at := statement_timestamp();
    NEW.during := tstzrange(NEW.given_at, upper(NEW.during));
    NEW.withdrawn_at := NULL;
    NEW.fields := grant_fields(NEW.fields);
    RETURN NEW;
END $$;
CREATE TRIGGER facts_grant_given BEFORE INSERT ON facts_grant
    FOR EACH ROW EXECUTE FUNCTION facts_grant_given();

CREATE FUNCTION facts_grant_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['withdrawn_at', 'withdrawn_by_id', 'during'];
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.given_by_id IS NULL AND to_jsonb(NEW) - 'given_by_id' = to_jsonb(OLD) - 'given_by_id' THEN
        RETURN NEW;  -- the person who gave it is gone
    END IF;
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
       OR to_jsonb(NEW) - may <> to_jsonb(OLD) - may THEN
        RAISE EXCEPTION 'grant %: a grant is only ever withdrawn, once', OLD.id USING ERRCODE = '23514';
    END IF;
    NEW.withdrawn_at := statement_timestamp();
    NEW.during := OLD.during * tstzrange(NULL, NEW.withdrawn_at);
    RETURN NEW;
END $$;
CREATE TRIGGER facts_grant_withdrawn BEFORE UPDATE OR DELETE ON facts_grant
    FOR EACH ROW EXECUTE FUNCTION facts_grant_withdrawn();
CREATE TRIGGER facts_grant_no_truncate BEFORE TRUNCATE ON facts_grant
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The acceptance of the membership agreement and the grant that it gives are one act, whoever writes the acceptance.
CREATE FUNCTION facts_grant_by_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL THEN
            UPDATE facts_grant SET withdrawn_at = now(), withdrawn_by_id = app_person()
            WHERE agreement_id = NEW.id AND withdrawn_at IS NULL;
        END IF;
        RETURN NULL;
    END IF;
    IF NEW.withdrawn_at IS NULL AND cardinality(NEW.shows) > 0 AND NEW.org_id <> NEW.operator_id THEN
        UPDATE facts_grant SET withdrawn_at = now(), withdrawn_by_id = app_person()
        WHERE org_id = NEW.org_id AND grantee_id = NEW.operator_id AND purpose = 'operation' AND withdrawn_at IS NULL;
        INSERT INTO facts_grant (id, org_id, grantee_id, purpose, fields, during, agreement_id, given_by_id)
        VALUES (NEW.id, NEW.org_id, NEW.operator_id, 'operation', NEW.shows, tstzrange(NULL, NULL),
                NEW.id, NEW.accepted_by_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER facts_grant_by_agreement AFTER INSERT OR UPDATE ON parties_agreement
    FOR EACH ROW EXECUTE FUNCTION facts_grant_by_agreement();
