"""The kernel's functions and triggers, whose rows are whose, and the edges along which a reservation moves."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import legal_edges, same_organisation, secure
from staveworks.foundation.reservation.types import EDGES

KERNEL = Path(__file__).parent.parent / "sql" / "kernel.sql"

# The kernel's functions run as the owner: they see all parties' rows (they must find what is free), lock them, and write
# no hold but the active organisation's.
POLICIES = """
CREATE POLICY kernel_read ON reservation_resource FOR SELECT TO staveworks_owner USING (true);
CREATE POLICY kernel_lock ON reservation_resource FOR UPDATE TO staveworks_owner USING (true);
CREATE POLICY kernel_read ON reservation_counter FOR SELECT TO staveworks_owner USING (true);
CREATE POLICY kernel_open ON reservation_counter FOR INSERT TO staveworks_owner WITH CHECK (used = 0);
CREATE POLICY kernel_count ON reservation_counter FOR UPDATE TO staveworks_owner USING (true);
CREATE POLICY kernel_read ON reservation_reservation FOR SELECT TO staveworks_owner USING (true);
CREATE POLICY kernel_expire ON reservation_reservation FOR UPDATE TO staveworks_owner
    USING (state = 'held') WITH CHECK (state = 'expired');
REVOKE DELETE, TRUNCATE ON reservation_resource FROM staveworks_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON reservation_counter FROM staveworks_app;
GRANT INSERT (id, org_id, resource_id, during, capacity), UPDATE (capacity) ON reservation_counter TO staveworks_app;
REVOKE DELETE, TRUNCATE ON reservation_reservation FROM staveworks_app;
"""


class Migration(migrations.Migration):
    dependencies = [("reservation", "0001_initial"), ("parties", "0002_guards")]
    operations = [
        migrations.RunSQL(KERNEL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        secure("reservation_resource", using="org_id = app_org()"),
        secure("reservation_counter", using="org_id = app_org()"),
        secure(
            "reservation_reservation",
            using="holder_id = app_org() OR owner_id = app_org()",
        ),
        migrations.RunSQL(
            # Nobody puts a hold into another's name, not even the resource's owner.
            "DROP POLICY tenancy_insert ON reservation_reservation;"
            "CREATE POLICY tenancy_insert ON reservation_reservation FOR INSERT WITH CHECK (holder_id = app_org());",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        same_organisation("reservation_reservation", "resource_id", "reservation_resource", org="owner_id"),
        same_organisation("reservation_counter", "resource_id", "reservation_resource"),
        # …and a reservation counts on a counter of its own resource.
        same_organisation(
            "reservation_reservation",
            "counter_id",
            "reservation_counter",
            org="resource_id",
            target_org="resource_id",
        ),
        legal_edges("reservation_reservation", "state", [(str(was), str(becomes)) for was, becomes in EDGES]),
    ]
