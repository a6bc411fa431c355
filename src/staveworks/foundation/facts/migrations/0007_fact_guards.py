"""Who sees a statement: the firm, who stated it, the steward of an unclaimed firm, and whom a grant of its topic reaches."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import legal_edges, secure

SQL = Path(__file__).parent.parent / "sql" / "facts.sql"
SEEN = """
    facts_fact.org_id = (SELECT app_org()) OR facts_fact.stated_by_org_id = (SELECT app_org())
    OR EXISTS (SELECT FROM firm_held h WHERE h.firm = facts_fact.org_id)
    OR EXISTS (SELECT FROM firm_shown s WHERE s.firm = facts_fact.org_id
               AND facts_fact.topic = ANY (s.granted) AND facts_fact.topic = ANY (s.read))
"""


class Migration(migrations.Migration):
    dependencies = [("facts", "0006_facts"), ("rules", "0003_validity")]
    operations = [
        secure(
            "facts_fact",
            using=SEEN,
            write="org_id = app_org() OR stated_by_org_id = app_org()",
        ),
        secure(
            "facts_correction",
            using="org_id = app_org() OR decider_org_id = app_org()",
        ),
        legal_edges("facts_correction", "state", [("open", "accepted"), ("open", "declined")]),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
