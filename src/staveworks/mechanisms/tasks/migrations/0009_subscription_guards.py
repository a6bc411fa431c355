"""Whose subscriptions are whose; no period twice, early or missed, no price without its notice."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, secure

SQL = Path(__file__).parent.parent / "sql" / "subscriptions.sql"
PARTIES = "buyer_org_id = app_org() OR provider_org_id = app_org()"


def same_parties(table: str, column: str, target: str) -> str:
    """A foreign key to a row of the same buyer and provider."""
    return f"""
        ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_parties FOREIGN KEY ({column}, buyer_org_id, provider_org_id)
            REFERENCES {target} (id, buyer_org_id, provider_org_id) DEFERRABLE INITIALLY DEFERRED;
    """


KEYS = """
ALTER TABLE tasks_subscription ADD CONSTRAINT tasks_subscription_parties UNIQUE (id, buyer_org_id, provider_org_id);
""" + "".join(
    same_parties(table, "subscription_id", "tasks_subscription")
    for table in ("tasks_subscription_period", "tasks_subscription_move", "tasks_subscription_price")
) + same_parties("tasks_subscription", "line_id", "orders_line") + """
REVOKE DELETE, TRUNCATE ON tasks_subscription, tasks_subscription_price FROM staveworks_app;
"""


class Migration(migrations.Migration):
    dependencies = [("tasks", "0008_subscriptions")]
    operations = [
        secure("tasks_subscription", using=PARTIES),
        secure("tasks_subscription_period", using=PARTIES),
        secure("tasks_subscription_move", using=PARTIES),
        secure("tasks_subscription_price", using=PARTIES),
        append_only("tasks_subscription_period"),
        append_only("tasks_subscription_move"),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
    ]
