-- A sample's chain of custody: each step by what may follow the last one, numbered in its order, at the database's clock.
-- The lock lets two who act on one sample at once see each other; without it the unique number still refuses one of them.
CREATE FUNCTION tasks_custody_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    PERFORM FROM tasks_sample WHERE id = NEW.sample_id FOR NO KEY UPDATE;
    SELECT number, step INTO last FROM tasks_custody WHERE sample_id = NEW.sample_id ORDER BY number DESC LIMIT 1;
    IF NOT coalesce(last.step, 'awaited') || '>' || NEW.step = ANY (string_to_array(TG_ARGV[0], ' ')) THEN
        RAISE EXCEPTION 'sample %: % can''t follow %', NEW.sample_id, NEW.step, coalesce(last.step, 'nothing') USING ERRCODE = '23514';
    END IF;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;

-- No result without a sample that arrived; a correction is the next number.
CREATE FUNCTION tasks_result_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its uuid;
BEGIN
    SELECT sample_id INTO its FROM tasks_test WHERE id = NEW.test_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM tasks_custody WHERE sample_id = its) THEN
        RAISE EXCEPTION 'test %: its sample has not arrived', NEW.test_id USING ERRCODE = '23514';
    END IF;
    SELECT coalesce(max(number), 0) + 1 INTO NEW.number FROM tasks_result WHERE test_id = NEW.test_id;
    NEW.recorded_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_result_follows BEFORE INSERT ON tasks_result FOR EACH ROW EXECUTE FUNCTION tasks_result_follows();

-- Reports of a test order are counted; versions of one follow each other.
CREATE FUNCTION tasks_report_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest int;
BEGIN
    PERFORM FROM tasks_task WHERE line_id = NEW.task_id FOR NO KEY UPDATE;
    SELECT coalesce(max(series), 0) INTO newest FROM tasks_report WHERE task_id = NEW.task_id;
    IF NEW.series NOT BETWEEN 1 AND newest + 1 THEN
        RAISE EXCEPTION 'report % of %: the next one is %', NEW.series, NEW.task_id, newest + 1 USING ERRCODE = '23514';
    END IF;
    SELECT coalesce(max(version), 0) + 1 INTO NEW.version FROM tasks_report WHERE task_id = NEW.task_id AND series = NEW.series;
    IF NOT EXISTS (SELECT FROM files_stored_file WHERE id = NEW.file_id AND sha256 = NEW.sha256 AND size = NEW.size) THEN
        RAISE EXCEPTION 'report: the digest is not its file''s' USING ERRCODE = '23514';
    END IF;
    NEW.issued_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_report_follows BEFORE INSERT ON tasks_report FOR EACH ROW EXECUTE FUNCTION tasks_report_follows();

-- A report states results of its own order that nothing has corrected. A mark of accreditation covers all of them: the laboratory
-- itself tested, and was in scope for item and method on the day of the test and is today. The scope is locked against ending meanwhile.
CREATE FUNCTION tasks_reported_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE report record; stated record; each text;
BEGIN
    SELECT * INTO report FROM tasks_report WHERE id = NEW.report_id;
    SELECT r.number, r.test_id, r.tested_on, r.laboratory, t.item, t.method, s.task_id INTO stated
        FROM tasks_result r JOIN tasks_test t ON t.id = r.test_id JOIN tasks_sample s ON s.id = t.sample_id WHERE r.id = NEW.result_id;
    IF stated.task_id IS DISTINCT FROM report.task_id THEN
        RAISE EXCEPTION 'report %: a result of another order', NEW.report_id USING ERRCODE = '23514';
    END IF;
    PERFORM FROM tasks_test WHERE id = stated.test_id FOR SHARE;
    IF EXISTS (SELECT FROM tasks_result WHERE test_id = stated.test_id AND number > stated.number) THEN
        RAISE EXCEPTION 'report %: the result was corrected', NEW.report_id USING ERRCODE = '23514', CONSTRAINT = 'tasks_reported_latest';
    END IF;
    FOREACH each IN ARRAY report.marks LOOP
        PERFORM FROM tasks_scope WHERE org_id = report.provider_org_id AND mark = each AND item = stated.item AND method = stated.method
            AND from_date <= stated.tested_on AND stated.laboratory = ''
            AND (report.issued_at AT TIME ZONE 'Asia/Shanghai')::date <= coalesce(ended_date, until_date)
            AND stated.tested_on <= coalesce(ended_date, until_date)
            FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'report %: % doesn''t cover % by %', NEW.report_id, each, stated.item, stated.method
                USING ERRCODE = '23514', CONSTRAINT = 'tasks_reported_in_scope';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_reported_kept BEFORE INSERT ON tasks_reported FOR EACH ROW EXECUTE FUNCTION tasks_reported_kept();

-- At the end of the transaction a report states as many results as it says, so that none can be added to it later.
CREATE FUNCTION tasks_report_complete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE it uuid := coalesce(to_jsonb(NEW) ->> 'report_id', to_jsonb(NEW) ->> 'id');
BEGIN
    IF (SELECT states FROM tasks_report WHERE id = it) <> (SELECT count(*) FROM tasks_reported WHERE report_id = it) THEN
        RAISE EXCEPTION 'report %: it states other results than it says', it USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tasks_report_complete AFTER INSERT ON tasks_report DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION tasks_report_complete();
CREATE CONSTRAINT TRIGGER tasks_reported_complete AFTER INSERT ON tasks_reported DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION tasks_report_complete();

-- A scope stays as it was recorded; its end may be brought forward (suspended, withdrawn), never put back.
CREATE FUNCTION tasks_scope_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['ended_date', 'recorded_by_id'];
BEGIN
    IF to_jsonb(NEW) - may <> to_jsonb(OLD) - may OR (NEW.recorded_by_id IS DISTINCT FROM OLD.recorded_by_id AND NEW.recorded_by_id IS NOT NULL)
       OR coalesce(NEW.ended_date, 'infinity') > coalesce(OLD.ended_date, 'infinity') THEN
        RAISE EXCEPTION 'scope %: only its end may be brought forward', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_scope_kept BEFORE UPDATE ON tasks_scope FOR EACH ROW EXECUTE FUNCTION tasks_scope_kept();
