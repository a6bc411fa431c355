-- Whom an organisation holds, asked by a function: it is planned once a connection. As part of each query the view was planned anew in
-- every statement, twice for each table that the statement names.
CREATE FUNCTION firms_held() RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 1000 AS $$
BEGIN
    RETURN QUERY
    SELECT id FROM parties_organisation
    WHERE steward_id = app_org() AND claimed_at IS NULL AND merged_into_id IS NULL
    UNION ALL
    SELECT e.entry FROM firm_entries e JOIN parties_organisation f ON f.id = e.firm
    WHERE f.id = app_org() OR (f.steward_id = app_org() AND f.claimed_at IS NULL);
END $$;
CREATE OR REPLACE VIEW firm_held AS SELECT firm FROM firms_held() AS firm;
