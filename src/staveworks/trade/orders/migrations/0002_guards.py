"""Whose rows are whose, along which edges a line moves and by whose step; the rule on ordering."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, legal_edges, same_organisation, secure
from staveworks.foundation.rules.shipping import Ship
from staveworks.trade.orders.types import EDGES

SQL = Path(__file__).parent.parent / "sql" / "guards.sql"
MINE = "buyer_org_id = app_org()"
PARTIES = f"{MINE} OR provider_org_id = app_org()"
# A provider sees what is placed with it; who decides a dispute sees its line.
SEEN = f"""
    {MINE} OR (provider_org_id = app_org() AND state <> 'draft' AND state <> 'awaiting_approval')
    OR EXISTS (SELECT FROM orders_dispute d WHERE d.line_id = orders_line.id AND d.decider_org_id = app_org())
"""
DECIDED = f"{PARTIES} OR decider_org_id = app_org()"
PART_SEEN = f"{PARTIES} OR EXISTS (SELECT FROM orders_dispute d WHERE d.line_id = orders_part.line_id AND d.decider_org_id = app_org())"

NARROWER = """
DROP POLICY tenancy_insert ON orders_line;
CREATE POLICY tenancy_insert ON orders_line FOR INSERT WITH CHECK (buyer_org_id = app_org());
DROP POLICY tenancy_delete ON orders_line;
CREATE POLICY tenancy_delete ON orders_line FOR DELETE USING (buyer_org_id = app_org() AND state = 'draft');
DROP POLICY tenancy_insert ON orders_dispute;
CREATE POLICY tenancy_insert ON orders_dispute FOR INSERT WITH CHECK (buyer_org_id = app_org());
REVOKE DELETE ON orders_order, orders_approval, orders_dispute FROM staveworks_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0001_initial"),
        ("catalogue", "0002_guards"),
        ("reservation", "0002_guards"),
        ("rules", "0004_acted_on"),
    ]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        secure("orders_order", using=MINE),
        secure("orders_line", using=SEEN),
        legal_edges("orders_line", "state", [(str(was), str(becomes)) for was, becomes in EDGES]),
        secure("orders_approval", using=MINE),
        secure("orders_limit", using="org_id = app_org()"),
        secure("orders_part", using=PART_SEEN, write="provider_org_id = app_org()"),
        append_only("orders_part"),
        secure("orders_dispute", using=DECIDED),
        migrations.RunSQL(NARROWER, migrations.RunSQL.noop),
        same_organisation("orders_line", "order_id", "orders_order", org="buyer_org_id", target_org="buyer_org_id"),
        same_organisation(
            "orders_approval", "order_id", "orders_order", org="buyer_org_id", target_org="buyer_org_id"
        ),
        # A part or dispute names its line's parties, not others who would then see it.
        same_organisation("orders_part", "line_id", "orders_line", org="provider_org_id", target_org="provider_org_id"),
        migrations.RunSQL(
            """
            ALTER TABLE orders_line ADD CONSTRAINT orders_line_buyer_pair UNIQUE (buyer_org_id, id);
            ALTER TABLE orders_part ADD CONSTRAINT orders_part_buyer_same
                FOREIGN KEY (buyer_org_id, line_id) REFERENCES orders_line (buyer_org_id, id) DEFERRABLE INITIALLY DEFERRED;
            ALTER TABLE orders_dispute ADD CONSTRAINT orders_dispute_buyer_same
                FOREIGN KEY (buyer_org_id, line_id) REFERENCES orders_line (buyer_org_id, id) DEFERRABLE INITIALLY DEFERRED;
            ALTER TABLE orders_dispute ADD CONSTRAINT orders_dispute_provider_same
                FOREIGN KEY (provider_org_id, line_id) REFERENCES orders_line (provider_org_id, id) DEFERRABLE INITIALLY DEFERRED;
            """,
            migrations.RunSQL.noop,
        ),
        Ship(),
    ]
