"""Who sees which row and when; what stays; the rule on how long proposals may be opened."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, legal_edges, same_organisation, secure
from staveworks.foundation.rules.shipping import Ship
from staveworks.mechanisms.projects.types import EDGES

SQL = Path(__file__).parent.parent / "sql" / "guards.sql"
MINE = "buyer_org_id = app_org()"
PARTIES = f"{MINE} OR provider_org_id = app_org()"
# A published request: everybody who acts for an organisation, or those invited.
ASKED = f"""
    {MINE} OR (state <> 'draft' AND app_org() IS NOT NULL AND (public OR EXISTS (
        SELECT FROM projects_invited i WHERE i.request_id = projects_request.id AND i.provider_org_id = app_org())))
"""
# Of a visible request; where it has an NDA, for whoever accepted it.
ATTACHED = f"""
    {MINE} OR EXISTS (SELECT FROM projects_request r WHERE r.id = request_id AND (r.nda = '' OR EXISTS (
        SELECT FROM projects_promise p WHERE p.request_id = r.id AND p.provider_org_id = app_org())))
"""
# Before the deadline a buyer doesn't even learn how many there are.
AFTER = f"""
    provider_org_id = app_org() OR ({MINE} AND EXISTS (
        SELECT FROM projects_request r WHERE r.id = request_id AND r.closes_at <= clock_timestamp()))
"""
OF_REQUEST = ["invited", "attachment", "promise", "proposal", "opening", "contract"]
OF_CONTRACT = ["change", "milestone", "delivery"]
THEIRS = "provider_org_id = app_org()"


def narrow(table: str, verb: str, condition: str) -> str:
    clause = "USING" if verb == "DELETE" else "WITH CHECK"
    name = f"tenancy_{verb.lower()}"
    return f"DROP POLICY {name} ON {table}; CREATE POLICY {name} ON {table} FOR {verb} {clause} ({condition});"


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0001_initial"),
        ("orders", "0002_guards"),
        ("files", "0002_guards"),
        ("rules", "0004_acted_on"),
    ]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        secure("projects_invited", using=PARTIES, write=MINE),
        secure("projects_request", using=ASKED, write=MINE),
        migrations.RunSQL(
            narrow("projects_request", "DELETE", f"{MINE} AND state = 'draft'"), migrations.RunSQL.noop
        ),
        legal_edges("projects_request", "state", [(str(was), str(becomes)) for was, becomes in EDGES]),
        secure("projects_promise", using=PARTIES, write=THEIRS),
        append_only("projects_promise"),
        secure("projects_attachment", using=ATTACHED, write=MINE),
        secure("projects_proposal", using=AFTER, write=THEIRS),
        append_only("projects_proposal"),
        secure("projects_opening", using=PARTIES, write=THEIRS),
        append_only("projects_opening"),
        secure("projects_points", using=MINE),
        secure("projects_contract", using=PARTIES, write=MINE),
        secure("projects_change", using=PARTIES),
        append_only("projects_change"),
        secure("projects_signature", using=PARTIES),
        append_only("projects_signature"),
        secure("projects_milestone", using=PARTIES),
        secure("projects_delivery", using=PARTIES),
        migrations.RunSQL(
            "REVOKE DELETE ON projects_points, projects_contract, projects_milestone, projects_delivery FROM staveworks_app",
            migrations.RunSQL.noop,
        ),
        *(
            same_organisation(
                f"projects_{name}", "request_id", "projects_request", org="buyer_org_id", target_org="buyer_org_id"
            )
            for name in OF_REQUEST
        ),
        *(
            same_organisation(
                f"projects_{name}", "contract_id", "projects_contract", org="buyer_org_id", target_org="buyer_org_id"
            )
            for name in OF_CONTRACT
        ),
        same_organisation("projects_attachment", "file_id", "files_stored_file", org="buyer_org_id"),
        same_organisation(
            "projects_signature", "change_id", "projects_change", org="buyer_org_id", target_org="buyer_org_id"
        ),
        migrations.RunSQL(
            """
            ALTER TABLE projects_contract ADD CONSTRAINT projects_contract_provider_pair UNIQUE (provider_org_id, id);
            ALTER TABLE projects_change ADD CONSTRAINT projects_change_provider_pair UNIQUE (provider_org_id, id);
            ALTER TABLE projects_change ADD CONSTRAINT projects_change_provider_same
                FOREIGN KEY (provider_org_id, contract_id) REFERENCES projects_contract (provider_org_id, id) DEFERRABLE INITIALLY DEFERRED;
            ALTER TABLE projects_milestone ADD CONSTRAINT projects_milestone_provider_same
                FOREIGN KEY (provider_org_id, contract_id) REFERENCES projects_contract (provider_org_id, id) DEFERRABLE INITIALLY DEFERRED;
            ALTER TABLE projects_delivery ADD CONSTRAINT projects_delivery_provider_same
                FOREIGN KEY (provider_org_id, contract_id) REFERENCES projects_contract (provider_org_id, id) DEFERRABLE INITIALLY DEFERRED;
            ALTER TABLE projects_signature ADD CONSTRAINT projects_signature_provider_same
                FOREIGN KEY (provider_org_id, change_id) REFERENCES projects_change (provider_org_id, id) DEFERRABLE INITIALLY DEFERRED;
            """,
            migrations.RunSQL.noop,
        ),
        Ship(),
    ]
