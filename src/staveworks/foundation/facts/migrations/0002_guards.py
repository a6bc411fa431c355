"""Grants become the only source of access; readings of others' data are logged before anything is seen."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import secure

SQL = Path(__file__).parent.parent / "sql"

# Agreements in force become the grants that they gave. Under forced row security their owner sees none of them.
GRANTED = """
ALTER TABLE parties_agreement NO FORCE ROW LEVEL SECURITY;
ALTER TABLE facts_grant DISABLE TRIGGER facts_grant_given;
INSERT INTO facts_grant (id, org_id, grantee_id, purpose, fields, during, agreement_id, given_by_id, given_at)
SELECT id, org_id, operator_id, 'operation', grant_fields(shows), tstzrange(accepted_at, NULL), id, accepted_by_id, accepted_at
FROM parties_agreement WHERE withdrawn_at IS NULL AND cardinality(shows) > 0;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE facts_grant ENABLE TRIGGER facts_grant_given;
ALTER TABLE parties_agreement FORCE ROW LEVEL SECURITY;
ALTER TABLE facts_reading ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
"""


# Seen by who gave it and by whom it reaches. firm_shown stands on this policy.
REACHES = """
    org_id = (SELECT app_org()) OR grantee_id = (SELECT app_org())
    OR (grantee_kind = ANY ((SELECT app_reached_as())::text[])
        AND (grantee_kind <> ALL ('{city,government}'::text[]) OR app_is_near(org_id)))
"""


def _sql(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((SQL / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("facts", "0001_initial"), ("parties", "0005_sight"), ("eventlog", "0002_guards")]
    operations = [
        _sql("grants.sql"),
        migrations.RunSQL(GRANTED, migrations.RunSQL.noop),
        secure(
            "facts_grant",
            using=REACHES,
            write="org_id = app_org()",
        ),
        secure("facts_reading", using="org_id = app_org()"),
        secure(
            "facts_read",
            using="org_id = app_org() OR reader_org_id = app_org()",
            write="reader_org_id = app_org()",
        ),
        _sql("sight.sql"),
    ]
