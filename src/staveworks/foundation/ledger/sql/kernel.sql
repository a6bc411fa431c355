-- The only ways by which the application writes the ledger. Each call is one statement for thousands of rows.

-- The ids of accounts, in the order in which they are asked for; those that don't exist yet are opened.
-- ``wanted``: [{org, kind, counterparty, currency}, …]
CREATE FUNCTION ledger_open(wanted json) RETURNS TABLE (place bigint, id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO ledger_account (id, org_id, kind, counterparty_id, currency)
    SELECT w.fresh, w.org, w.kind, w.counterparty, w.currency
    FROM json_to_recordset(wanted) AS w(fresh uuid, org uuid, kind text, counterparty uuid, currency text)
    WHERE NOT EXISTS (
        SELECT FROM ledger_account a WHERE a.org_id = w.org AND a.kind = w.kind AND a.currency = w.currency
        AND a.counterparty_id IS NOT DISTINCT FROM w.counterparty)
    ORDER BY w.org, w.kind, w.counterparty, w.currency
    ON CONFLICT (org_id, kind, counterparty_id, currency) DO NOTHING;
    RETURN QUERY
    SELECT w.place, a.id
    FROM ROWS FROM (json_to_recordset(wanted) AS (org uuid, kind text, counterparty uuid, currency text))
         WITH ORDINALITY AS w(org, kind, counterparty, currency, place)
    JOIN ledger_account a ON a.org_id = w.org AND a.kind = w.kind AND a.currency = w.currency
        AND a.counterparty_id IS NOT DISTINCT FROM w.counterparty;
END $$;

-- Transfers with their postings, all or none. One that exists with the same digest is left as it is; with another it refuses all.
-- ``transfers``: [{id, chain, kind, state, day, subject, reverses, legs, rules, digest (hex)}, …]
-- ``postings``: [{transfer, account, amount}, …]
-- Planned anew each time: a session keeps a plan that it made when the tables were small, which costs a fifth of the rate.
CREATE FUNCTION ledger_post(transfers json, postings json) RETURNS TABLE (id uuid, state text, day date, fresh boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE made uuid[]; bad uuid;
BEGIN
    WITH added AS (
        INSERT INTO ledger_transfer (id, chain_id, kind, state, day, subject_id, reverses_id, legs, rules, digest, made_at)
        SELECT t.id, t.chain, t.kind, t.state, t.day, t.subject, t.reverses, t.legs, t.rules, decode(t.digest, 'hex'), clock_timestamp()
        FROM json_to_recordset(transfers) AS t(id uuid, chain uuid, kind text, state text, day date, subject uuid,
                                               reverses uuid, legs smallint, rules jsonb, digest text)
        ORDER BY t.id
        ON CONFLICT (id) DO NOTHING RETURNING id
    ) SELECT coalesce(array_agg(added.id), '{}') INTO made FROM added;

    IF cardinality(made) < json_array_length(transfers) THEN
        SELECT t.id INTO bad
        FROM json_to_recordset(transfers) AS t(id uuid, digest text)
        JOIN ledger_transfer known ON known.id = t.id
        WHERE known.digest <> decode(t.digest, 'hex') LIMIT 1;
        IF bad IS NOT NULL THEN
            RAISE EXCEPTION 'transfer % exists with another content', bad
                USING ERRCODE = '23514', CONSTRAINT = 'ledger_transfer_same_content';
        END IF;
    END IF;

    INSERT INTO ledger_posting (transfer_id, account_id, org_id, currency, amount)
    SELECT p.transfer, p.account, a.org_id, a.currency, p.amount
    FROM json_to_recordset(postings) AS p(transfer uuid, account uuid, amount bigint)
    JOIN ledger_account a ON a.id = p.account
    WHERE p.transfer = ANY (made);

    SELECT t.id INTO bad FROM unnest(made) AS t(id)
    WHERE NOT EXISTS (SELECT FROM ledger_posting p WHERE p.transfer_id = t.id AND p.org_id = app_org()) LIMIT 1;
    IF bad IS NOT NULL THEN
        RAISE EXCEPTION 'transfer % is in none of the books of whoever posts it', bad
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_transfer_own_books';
    END IF;

    RETURN QUERY
    SELECT known.id, known.state::text, known.day, known.id = ANY (made)
    FROM json_to_recordset(transfers) AS t(id uuid) JOIN ledger_transfer known ON known.id = t.id;
END $$;

-- Pending transfers become ``becomes``, on ``settled`` if it is given. Whoever acts has postings in each of them.
-- The ids that moved; what is posted or voided already, or not seen, is left out.
CREATE FUNCTION ledger_settle(ids uuid[], becomes text, settled date) RETURNS TABLE (id uuid, state text, day date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM 1 FROM ledger_transfer t WHERE t.id = ANY (ids) ORDER BY t.id FOR UPDATE;
    RETURN QUERY
    UPDATE ledger_transfer t SET state = becomes, day = coalesce(settled, t.day)
    WHERE t.id = ANY (ids) AND t.state = 'pending'
      AND EXISTS (SELECT FROM ledger_posting p WHERE p.transfer_id = t.id AND p.org_id = app_org())
    RETURNING t.id, t.state::text, t.day;
END $$;

-- How far an account may go down. NULL: as far as it likes. Of one's own accounts only.
CREATE FUNCTION ledger_limit(account uuid, lowest bigint) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE changed integer;
BEGIN
    UPDATE ledger_account SET floor = lowest WHERE id = account AND org_id = app_org();
    GET DIAGNOSTICS changed = ROW_COUNT;
    RETURN changed;
END $$;

-- Close the books of the cluster. Who may is decided by the use case; the organisation is the one that acts.
CREATE FUNCTION ledger_close(closing uuid, last_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO ledger_closing (id, through, org_id) VALUES (closing, last_day, app_org());
END $$;

-- The mirror of a posted transfer, once. Postings of all its parties are mirrored; whoever acts is one of them.
CREATE FUNCTION ledger_reverse(reversed uuid, reversal uuid, counts date) RETURNS TABLE (id uuid, state text, day date, fresh boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE sign bytea := sha256(convert_to(reversed || ' reversed on ' || counts, 'UTF8')); added boolean; known bytea;
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_posting p WHERE p.transfer_id = reversed AND p.org_id = app_org()) THEN
        RAISE EXCEPTION 'transfer % is in none of the books of whoever reverses it', reversed
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_transfer_own_books';
    END IF;
    IF NOT EXISTS (SELECT FROM ledger_transfer t WHERE t.id = reversed AND t.state = 'posted' AND t.reverses_id IS NULL) THEN
        RAISE EXCEPTION 'transfer % isn''t posted, or is a reversal', reversed
            USING ERRCODE = '23514', CONSTRAINT = 'ledger_transfer_mirror';
    END IF;
    INSERT INTO ledger_transfer (id, chain_id, kind, state, day, subject_id, reverses_id, legs, rules, digest, made_at)
    SELECT reversal, reversal, t.kind, 'posted', counts, t.subject_id, t.id, t.legs, t.rules, sign, clock_timestamp()
    FROM ledger_transfer t WHERE t.id = reversed
    ON CONFLICT (id) DO NOTHING;
    added := FOUND;
    IF added THEN
        INSERT INTO ledger_posting (transfer_id, account_id, org_id, currency, amount)
        SELECT reversal, p.account_id, p.org_id, p.currency, -p.amount FROM ledger_posting p WHERE p.transfer_id = reversed;
        SET CONSTRAINTS ledger_balanced IMMEDIATE;
        SET CONSTRAINTS ledger_balanced DEFERRED;
    ELSE
        SELECT t.digest INTO known FROM ledger_transfer t WHERE t.id = reversal;
        IF known <> sign THEN
            RAISE EXCEPTION 'transfer % exists with another content', reversal
                USING ERRCODE = '23514', CONSTRAINT = 'ledger_transfer_same_content';
        END IF;
    END IF;
    RETURN QUERY SELECT t.id, t.state::text, t.day, added FROM ledger_transfer t WHERE t.id = reversal;
END $$;
