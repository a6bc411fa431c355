-- What holds for every row of the ledger, whoever writes it.
--
-- All functions run as the owner of the tables (SECURITY DEFINER), whom the policy "kernel" lets see every organisation's rows:
-- a transfer stands in the books of several, and a deferred trigger would otherwise look with the eyes of whoever commits.
--
-- Locks are always taken in this order, so that no two transactions wait for each other: ids of transfers (ascending), the
-- period (shared; exclusive by a closing, which holds nothing else), accounts (ascending).

CREATE POLICY kernel ON ledger_account TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY kernel ON ledger_transfer TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY kernel ON ledger_posting TO CURRENT_USER USING (true) WITH CHECK (true);

-- The application reads; it writes by the functions of kernel.sql only.
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ledger_account, ledger_transfer, ledger_posting, ledger_closing FROM staveworks_app;

-- ---------------------------------------------------------------- accounts

ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_identity UNIQUE (id, org_id, currency);
ALTER TABLE ledger_posting ADD CONSTRAINT ledger_posting_account FOREIGN KEY (account_id, org_id, currency)
    REFERENCES ledger_account (id, org_id, currency);

-- An account knows from its opening whether it is an operator's: two CHECKs on ledger_account then keep it from owing
-- customers' money. What an operator is owed, and what it has at the bank, never falls below 0: that would be the same debt.
CREATE FUNCTION ledger_account_opened() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger:kinds:' || NEW.org_id, 0));
    SELECT kinds && ARRAY['platform', 'city']::varchar[] INTO NEW.operator FROM parties_organisation WHERE id = NEW.org_id;
    NEW.operator := coalesce(NEW.operator, false);
    IF NEW.operator AND NEW.kind IN ('receivable', 'bank') THEN
        NEW.floor := greatest(coalesce(NEW.floor, 0), 0);
    END IF;
    NEW.balance := 0;
    NEW.held := 0;
    NEW.opened_at := statement_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_opened BEFORE INSERT ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_account_opened();

-- Whoever has books as a firm doesn't become an operator with them.
CREATE FUNCTION ledger_operator_without_books() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger:kinds:' || NEW.id, 0));
    IF EXISTS (SELECT FROM ledger_account WHERE org_id = NEW.id) THEN
        RAISE EXCEPTION 'organisation % has books and can''t become an operator', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_account_no_customers_money';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_operator_without_books BEFORE UPDATE OF kinds ON parties_organisation
    FOR EACH ROW WHEN (NEW.kinds && ARRAY['platform', 'city']::varchar[] AND NOT OLD.kinds && ARRAY['platform', 'city']::varchar[])
    EXECUTE FUNCTION ledger_operator_without_books();

-- A balance moves only with postings: inside their trigger. Whose account it is, of what kind and currency, never changes.
CREATE FUNCTION ledger_account_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['balance', 'held', 'floor'] = to_jsonb(OLD) - ARRAY['balance', 'held', 'floor']
       AND ((NEW.balance, NEW.held) = (OLD.balance, OLD.held) OR pg_trigger_depth() > 1) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger_account: a balance moves only with postings, an account stays what it is' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER ledger_account_kept BEFORE UPDATE OR DELETE ON ledger_account
    FOR EACH ROW EXECUTE FUNCTION ledger_account_kept();
CREATE TRIGGER ledger_account_no_truncate BEFORE TRUNCATE ON ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- postings

-- All postings of a transfer are written in one statement, and none is ever added to it. They move the balances.
CREATE FUNCTION ledger_posted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE bad uuid;
BEGIN
    SELECT t.id INTO bad FROM fresh f JOIN ledger_transfer t ON t.id = f.transfer_id
    GROUP BY t.id, t.legs HAVING count(*) <> t.legs LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'transfer %: not all of its postings, or one more', bad
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_transfer_balanced';
    END IF;
    PERFORM 1 FROM ledger_account WHERE id IN (SELECT account_id FROM fresh) ORDER BY id FOR NO KEY UPDATE;
    -- An operator's money at the bank grows only by what it had earned, never against a debt.
    SELECT f.transfer_id INTO bad FROM fresh f JOIN ledger_account a ON a.id = f.account_id WHERE a.operator
    GROUP BY f.transfer_id, f.org_id
    HAVING bool_or(a.kind = 'bank' AND f.amount > 0) AND bool_or(a.kind = 'payable' AND f.amount < 0) LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'transfer %: an operator can''t take money that it owes to somebody', bad
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_account_no_customers_money';
    END IF;
    UPDATE ledger_account a SET balance = a.balance + moved.posted, held = a.held + moved.held
    FROM (
        SELECT f.account_id,
               coalesce(sum(f.amount) FILTER (WHERE t.state = 'posted'), 0)::bigint AS posted,
               coalesce(sum(-f.amount) FILTER (WHERE t.state = 'pending' AND f.amount < 0), 0)::bigint AS held
        FROM fresh f JOIN ledger_transfer t ON t.id = f.transfer_id GROUP BY f.account_id
    ) moved WHERE a.id = moved.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_posted AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_posted();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE ON ledger_posting
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_posting_no_truncate BEFORE TRUNCATE ON ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- transfers

-- Before it commits, a transfer has as many postings as it says, and those of each organisation sum to 0 in each currency.
-- A reversal is the mirror of what it reverses.
CREATE FUNCTION ledger_balanced() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM ledger_posting WHERE transfer_id = NEW.id) <> NEW.legs
       OR EXISTS (SELECT FROM ledger_posting WHERE transfer_id = NEW.id GROUP BY org_id, currency HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'transfer %: its postings don''t balance', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_transfer_balanced';
    END IF;
    IF NEW.reverses_id IS NOT NULL AND (
        NOT EXISTS (SELECT FROM ledger_transfer WHERE id = NEW.reverses_id AND state = 'posted' AND reverses_id IS NULL
                    AND legs = NEW.legs)
        OR EXISTS (SELECT account_id, amount FROM ledger_posting WHERE transfer_id = NEW.id
                   EXCEPT SELECT account_id, -amount FROM ledger_posting WHERE transfer_id = NEW.reverses_id)
    ) THEN
        RAISE EXCEPTION 'transfer %: not the mirror of a posted transfer', NEW.id
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_transfer_mirror';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_balanced AFTER INSERT ON ledger_transfer DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_balanced();

-- Nothing is posted into a closed period. The lock is shared by all who post and taken alone by whoever closes, so that a
-- closing counts everything that is posted into what it closes.
CREATE FUNCTION ledger_period_open(earliest date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger:period', 0));
    IF earliest <= (SELECT max(through) FROM ledger_closing) THEN
        RAISE EXCEPTION 'the books are closed for %', earliest USING ERRCODE = '23514', CONSTRAINT = 'ledger_period_open';
    END IF;
END $$;

CREATE FUNCTION ledger_transfer_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE earliest date := (SELECT min(day) FROM fresh WHERE state = 'posted');
BEGIN
    IF earliest IS NOT NULL THEN
        PERFORM ledger_period_open(earliest);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_transfer_made AFTER INSERT ON ledger_transfer REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_transfer_made();

-- pending → posted: what was held is taken; pending → voided: it is given back. A chain moves as one.
CREATE FUNCTION ledger_transfer_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE earliest date := (SELECT min(day) FROM becomes WHERE state = 'posted');
BEGIN
    IF EXISTS (SELECT FROM becomes GROUP BY chain_id HAVING count(DISTINCT state) > 1)
       OR EXISTS (SELECT FROM ledger_transfer t WHERE t.state = 'pending' AND t.chain_id IN (SELECT chain_id FROM becomes)) THEN
        RAISE EXCEPTION 'a chain is posted or voided as one' USING ERRCODE = '23514', CONSTRAINT = 'ledger_chain_whole';
    END IF;
    IF earliest IS NOT NULL THEN
        PERFORM ledger_period_open(earliest);
    END IF;
    PERFORM 1 FROM ledger_account
    WHERE id IN (SELECT p.account_id FROM ledger_posting p WHERE p.transfer_id IN (SELECT id FROM becomes))
    ORDER BY id FOR NO KEY UPDATE;
    UPDATE ledger_account a SET balance = a.balance + moved.posted, held = a.held - moved.held
    FROM (
        SELECT p.account_id,
               coalesce(sum(p.amount) FILTER (WHERE t.state = 'posted'), 0)::bigint AS posted,
               coalesce(sum(-p.amount) FILTER (WHERE p.amount < 0), 0)::bigint AS held
        FROM becomes t JOIN ledger_posting p ON p.transfer_id = t.id GROUP BY p.account_id
    ) moved WHERE a.id = moved.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_transfer_moved AFTER UPDATE ON ledger_transfer REFERENCING NEW TABLE AS becomes
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_transfer_moved();

CREATE FUNCTION ledger_transfer_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'pending' AND NEW.state <> 'pending'
       AND to_jsonb(NEW) - ARRAY['state', 'day'] = to_jsonb(OLD) - ARRAY['state', 'day'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger_transfer: only a pending one moves, and nothing else of it' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER ledger_transfer_kept BEFORE UPDATE OR DELETE ON ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION ledger_transfer_kept();
CREATE TRIGGER ledger_transfer_no_truncate BEFORE TRUNCATE ON ledger_transfer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- ---------------------------------------------------------------- closing

CREATE FUNCTION ledger_closed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger:period', 0));
    IF NEW.through <= (SELECT max(through) FROM ledger_closing) THEN
        RAISE EXCEPTION 'closed through % already', NEW.through USING ERRCODE = '23514', CONSTRAINT = 'ledger_closing_forward';
    END IF;
    IF NEW.through >= (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION '% is not over', NEW.through USING ERRCODE = '23514', CONSTRAINT = 'ledger_closing_past';
    END IF;
    SELECT count(*) INTO NEW.transfers FROM ledger_transfer WHERE state = 'posted' AND day <= NEW.through;
    SELECT coalesce(jsonb_object_agg(currency, moved), '{}') INTO NEW.turnover FROM (
        SELECT p.currency, sum(p.amount) AS moved FROM ledger_posting p JOIN ledger_transfer t ON t.id = p.transfer_id
        WHERE t.state = 'posted' AND t.day <= NEW.through AND p.amount > 0 GROUP BY p.currency
    ) sums;
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_closed BEFORE INSERT ON ledger_closing
    FOR EACH ROW EXECUTE FUNCTION ledger_closed();
CREATE TRIGGER ledger_closing_append_only BEFORE UPDATE OR DELETE ON ledger_closing
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_closing_no_truncate BEFORE TRUNCATE ON ledger_closing
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
