"""Who may see which rows, and the edges along which claims move."""

from django.db import migrations

from staveworks.db.operations import legal_edges, secure

FUNCTIONS = """
CREATE OR REPLACE FUNCTION agreement_shows(firm uuid, what text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM parties_agreement a
                   WHERE a.org_id = firm AND a.operator_id = app_org() AND a.withdrawn_at IS NULL AND what = ANY (a.shows))
$$;
CREATE OR REPLACE FUNCTION sees_firm(firm uuid, what text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT firm = app_org()
        OR EXISTS (SELECT 1 FROM parties_organisation o
                   WHERE o.id = firm AND o.steward_id = app_org() AND o.claimed_at IS NULL)
        OR agreement_shows(firm, what)
$$;
CREATE TABLE web_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX web_cache_expires ON web_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial"), ("eventlog", "0002_guards")]
    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        secure(
            "parties_organisation",
            using="true",
            write="id = app_org() OR (steward_id = app_org() AND claimed_at IS NULL)",
        ),
        migrations.RunSQL("REVOKE DELETE ON parties_organisation FROM staveworks_app", migrations.RunSQL.noop),
        secure(
            "parties_profile",
            using="org_id = app_org() OR steward_id = app_org() OR agreement_shows(org_id, 'profile')",
            write="org_id = app_org() OR steward_id = app_org()",
        ),
        secure(
            "parties_membership",
            using="org_id = app_org() OR person_id = app_person()",
            write="org_id = app_org()",
        ),
        secure("parties_invitation", using="org_id = app_org() OR token_digest = app_token()"),
        secure(
            "parties_mandate",
            using="org_id = app_org() OR agent_org_id = app_org() OR agent_person_id = app_person()",
            write="org_id = app_org()",
        ),
        secure("parties_claim", using="steward_id = app_org() OR person_id = app_person()"),
        legal_edges(
            "parties_claim",
            "state",
            [
                ("open", "proven"),
                ("open", "granted"),
                ("open", "refused"),
                ("open", "withdrawn"),
                ("proven", "granted"),
                ("proven", "refused"),
                ("proven", "withdrawn"),
            ],
        ),
        secure("parties_claim_link", using="steward_id = app_org() OR token_digest = app_token()"),
        secure(
            "parties_agreement",
            using="org_id = app_org() OR operator_id = app_org()",
            write="org_id = app_org()",
        ),
        secure("parties_saved_view", using="org_id = app_org()"),
        secure("parties_token", using="org_id = app_org() OR token_digest = app_token()"),
    ]
