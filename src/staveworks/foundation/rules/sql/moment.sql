-- As in guards.sql, but the moment of a version is taken once it is its turn: whoever waited for another version to be adopted
-- began her statement before that one, and would end it before it began. Should the clock be set back, a version still begins
-- after the latest that has begun.
CREATE OR REPLACE FUNCTION rules_version_adopted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moment timestamptz; latest timestamptz; begins timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('rules:' || NEW.code, 0));
    moment := clock_timestamp();
    IF EXISTS (SELECT 1 FROM rules_version WHERE code = NEW.code) THEN
        IF lower(NEW.during) < statement_timestamp() THEN
            RAISE EXCEPTION 'rule %: a version never reaches back', NEW.code USING ERRCODE = '23514';
        END IF;
        -- Begun: not one that was adopted for a later day, unless that day has come.
        SELECT max(lower(during)) INTO latest FROM rules_version
        WHERE code = NEW.code AND lower(during) <= greatest(adopted_at, moment);
        moment := greatest(moment, latest + interval '1 microsecond');
        begins := greatest(lower(NEW.during), moment);
        NEW.during := tstzrange(begins, NULL);
        UPDATE rules_version SET during = CASE WHEN lower(during) >= begins THEN 'empty' ELSE during * tstzrange(NULL, begins) END
        WHERE code = NEW.code AND NOT isempty(during) AND (upper_inf(during) OR upper(during) > begins);
    ELSE
        NEW.during := tstzrange(lower(NEW.during), NULL);
    END IF;
    NEW.number := coalesce((SELECT max(number) FROM rules_version WHERE code = NEW.code), 0) + 1;
    NEW.adopted_at := moment;
    RETURN NEW;
END $$;
