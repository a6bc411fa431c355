"""Grants to a kind reach an organisation that the platform's operator has confirmed to be one, at the place that it confirmed.

What an organisation says of itself, its kinds and its city, it may write at any time: neither opens anything.
"""

from django.db import migrations

from staveworks.db.operations import secure

REACHED = """
CREATE OR REPLACE FUNCTION app_reached_as() RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT c.kind::text FROM facts_confirmed_kind c JOIN parties_organisation o ON o.id = c.org_id
                 WHERE c.org_id = app_org() AND c.withdrawn_at IS NULL AND c.kind = ANY (o.kinds) AND o.merged_into_id IS NULL)
$$;
CREATE FUNCTION app_is_near(firm uuid, as_kind text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(lies_in(f.city_id, c.place), false)
    FROM parties_organisation f, facts_confirmed_kind c
    WHERE f.id = firm AND c.org_id = app_org() AND c.kind = as_kind AND c.withdrawn_at IS NULL AND c.place <> ''
$$;
REVOKE DELETE, TRUNCATE ON facts_confirmed_kind FROM staveworks_app;
"""
PLATFORM = """
confirmed_by_org_id = app_org() AND EXISTS (
    SELECT 1 FROM parties_organisation o WHERE o.id = app_org() AND 'platform' = ANY (o.kinds))
"""
# Seen by who gave it and by whom it reaches. firm_shown stands on this policy.
REACHES = """
    org_id = (SELECT app_org()) OR grantee_id = (SELECT app_org())
    OR (grantee_kind = ANY ((SELECT app_reached_as())::text[])
        AND (grantee_kind <> ALL ('{city,government}'::text[]) OR app_is_near(org_id, grantee_kind)))
"""


class Migration(migrations.Migration):
    dependencies = [("facts", "0004_confirmed_kinds")]
    operations = [
        secure("facts_confirmed_kind", using="true", write=PLATFORM),
        migrations.RunSQL(REACHED, migrations.RunSQL.noop),
        secure("facts_grant", using=REACHES, write="org_id = app_org()"),
        migrations.RunSQL("DROP FUNCTION app_is_near(uuid)", migrations.RunSQL.noop),
    ]
