-- As in sight.sql, asked by a function, which is planned once a connection (as ``firms_held``): whom a grant reaches stands in the
-- policy of facts_grant, which is long, and was planned anew in every statement, twice for each table that the statement names.
CREATE FUNCTION firms_shown() RETURNS TABLE (firm uuid, granted text[], read text[]) LANGUAGE plpgsql STABLE ROWS 50 AS $$
BEGIN
    RETURN QUERY
    SELECT g.org_id, g.fields::text[], r.fields::text[] FROM facts_reading r JOIN facts_grant g ON g.purpose = r.purpose
    WHERE r.id = nullif(current_setting('app.reading', true), '')::uuid AND r.org_id = app_org()
      AND r.xid = pg_current_xact_id_if_assigned() AND grant_is_live(g.during, g.withdrawn_at);
END $$;
CREATE OR REPLACE VIEW firm_shown AS SELECT firm, granted, read FROM firms_shown();
