"""Whose data the active organisation sees, in two views that every policy asks (``db.operations.sees``).

Views, not a function: a policy that calls a function with a subquery calls it for every row (80 µs each), a view becomes part of
the query. ``firm_shown`` stands here over the agreements; the room of facts puts grants and readings in its place.

A profile is seen in parts: ``parties_outline`` leaves out the ways to reach anybody. The owner of a view is held by policies too,
by those for its own role: here the one that lets it show an outline.
"""

from django.db import migrations

from staveworks.db.operations import secure, sees

VIEWS = """
CREATE VIEW firm_held AS
    SELECT id AS firm FROM parties_organisation WHERE steward_id = (SELECT app_org()) AND claimed_at IS NULL;
CREATE VIEW firm_shown AS
    SELECT org_id AS firm, shows::text[] AS granted, shows::text[] AS read FROM parties_agreement
    WHERE operator_id = (SELECT app_org()) AND withdrawn_at IS NULL;
REVOKE INSERT, UPDATE, DELETE ON firm_held, firm_shown FROM staveworks_app;
"""
OUTLINE = f"""
CREATE POLICY outline_read ON parties_profile FOR SELECT TO CURRENT_ROLE USING ({sees("parties_profile", "outline")});
CREATE VIEW parties_outline WITH (security_barrier) AS
    SELECT org_id, business_type, products, website, staff, staff_approximate FROM parties_profile;
REVOKE INSERT, UPDATE, DELETE ON parties_outline FROM staveworks_app;
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_last_owner")]
    operations = [
        migrations.RunSQL(VIEWS, migrations.RunSQL.noop),
        secure(
            "parties_profile",
            using=f"steward_id = (SELECT app_org()) OR {sees('parties_profile', 'profile')}",
            write="org_id = app_org() OR steward_id = app_org()",
        ),
        migrations.RunSQL(OUTLINE, migrations.RunSQL.noop),
    ]
