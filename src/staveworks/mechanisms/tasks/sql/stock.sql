-- How much of a lot there is, is what its record says: received, and each correction with its reason; numbered in their order.
CREATE FUNCTION tasks_stock_entry_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM tasks_stock_lot WHERE resource_id = NEW.lot_id FOR NO KEY UPDATE;
    SELECT coalesce(max(number), 0) + 1 INTO NEW.number FROM tasks_stock_entry WHERE lot_id = NEW.lot_id;
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER tasks_stock_entry_follows BEFORE INSERT ON tasks_stock_entry FOR EACH ROW EXECUTE FUNCTION tasks_stock_entry_follows();

CREATE FUNCTION tasks_stock_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its uuid := to_jsonb(NEW) ->> TG_ARGV[0]; there bigint; said bigint;
BEGIN
    SELECT capacity INTO there FROM reservation_resource WHERE id = its;
    SELECT coalesce(sum(change), 0) INTO said FROM tasks_stock_entry WHERE lot_id = its;
    IF there <> said THEN
        RAISE EXCEPTION 'lot %: % in the kernel, % by its record', its, there, said USING ERRCODE = '23514', CONSTRAINT = 'tasks_stock_adds_up';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER tasks_stock_adds_up AFTER INSERT ON tasks_stock_entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION tasks_stock_adds_up('lot_id');
CREATE CONSTRAINT TRIGGER tasks_stock_adds_up AFTER UPDATE OF capacity ON reservation_resource DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.store_id IS NOT NULL) EXECUTE FUNCTION tasks_stock_adds_up('id');
