"""Whose stock is whose; a lot's record is only added to and adds up to what the kernel sells."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, secure

SQL = Path(__file__).parent.parent / "sql" / "stock.sql"
OWN = "org_id = app_org()"
# A buyer reads which lots its goods came from: those of which it holds or held something.
BOUGHT = (
    f"{OWN} OR EXISTS (SELECT FROM reservation_reservation r"
    " WHERE r.resource_id = tasks_stock_lot.resource_id AND r.holder_id = app_org())"
)
KEYS = """
ALTER TABLE tasks_stock ADD CONSTRAINT tasks_stock_org_pair UNIQUE (org_id, resource_id);
ALTER TABLE tasks_stock_lot ADD CONSTRAINT tasks_stock_lot_org_pair UNIQUE (org_id, resource_id);
ALTER TABLE tasks_stock ADD CONSTRAINT tasks_stock_resource_same_org
    FOREIGN KEY (org_id, resource_id) REFERENCES reservation_resource (org_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tasks_stock_lot ADD CONSTRAINT tasks_stock_lot_resource_same_org
    FOREIGN KEY (org_id, resource_id) REFERENCES reservation_resource (org_id, id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tasks_stock_lot ADD CONSTRAINT tasks_stock_lot_stock_same_org
    FOREIGN KEY (org_id, stock_id) REFERENCES tasks_stock (org_id, resource_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE tasks_stock_entry ADD CONSTRAINT tasks_stock_entry_lot_same_org
    FOREIGN KEY (org_id, lot_id) REFERENCES tasks_stock_lot (org_id, resource_id) DEFERRABLE INITIALLY DEFERRED;
REVOKE DELETE, TRUNCATE ON tasks_stock, tasks_stock_lot FROM staveworks_app;
"""


class Migration(migrations.Migration):
    dependencies = [("tasks", "0004_stock"), ("orders", "0004_used_resources")]
    operations = [
        secure("tasks_stock", using="true", write=OWN),
        secure("tasks_stock_lot", using=BOUGHT, write=OWN),
        secure("tasks_stock_entry", using=OWN),
        append_only("tasks_stock_entry"),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
    ]
