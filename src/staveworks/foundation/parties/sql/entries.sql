-- Entry → the firm as which it stands, for entries that were merged; also by way of others (A into B into C).
CREATE VIEW firm_entries AS
    WITH RECURSIVE up AS (
        SELECT id AS entry, merged_into_id AS firm FROM parties_organisation WHERE merged_into_id IS NOT NULL
        UNION
        SELECT up.entry, o.merged_into_id FROM up JOIN parties_organisation o ON o.id = up.firm
        WHERE o.merged_into_id IS NOT NULL
    )
    SELECT up.entry, up.firm FROM up JOIN parties_organisation f ON f.id = up.firm WHERE f.merged_into_id IS NULL;

-- What a merged entry has is seen by whoever sees the firm as which it stands: its own people, its steward while it is unclaimed.
-- Who held the entry sees it no longer where the surviving firm is claimed.
CREATE OR REPLACE VIEW firm_held AS
    SELECT id AS firm FROM parties_organisation
    WHERE steward_id = (SELECT app_org()) AND claimed_at IS NULL AND merged_into_id IS NULL
    UNION ALL
    SELECT e.entry FROM firm_entries e JOIN parties_organisation f ON f.id = e.firm
    WHERE f.id = (SELECT app_org()) OR (f.steward_id = (SELECT app_org()) AND f.claimed_at IS NULL);
REVOKE INSERT, UPDATE, DELETE ON firm_entries FROM staveworks_app;
