"""Whose rows are whose, what may follow what; nothing of it is changed or taken away afterwards."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, same_organisation, secure
from staveworks.mechanisms.tasks.types.samples import FOLLOWS

SQL = Path(__file__).parent.parent / "sql" / "guards.sql"
PROVIDER = "provider_org_id = app_org()"
PARTIES = f"buyer_org_id = app_org() OR {PROVIDER}"
# The buyer reads a result once a report states it: until then it is the laboratory's draft.
STATED = (
    f"{PROVIDER} OR (buyer_org_id = app_org()"
    " AND EXISTS (SELECT FROM tasks_reported d WHERE d.result_id = tasks_result.id))"
)
STEPS = " ".join(f"{was or 'awaited'}>{step}" for was, steps in FOLLOWS.items() for step in steps)


def same_parties(table: str, column: str, target: str, key: str = "id") -> migrations.RunSQL:
    """A foreign key to a row of the same buyer and provider."""
    return migrations.RunSQL(
        f"""
        DO $$ BEGIN
            IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = '{target}_parties') THEN
                ALTER TABLE {target} ADD CONSTRAINT {target}_parties UNIQUE ({key}, buyer_org_id, provider_org_id);
            END IF;
        END $$;
        ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_same_parties FOREIGN KEY ({column}, buyer_org_id, provider_org_id)
            REFERENCES {target} ({key}, buyer_org_id, provider_org_id) DEFERRABLE INITIALLY DEFERRED;
        """,
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial"), ("orders", "0002_guards"), ("files", "0002_guards")]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE TRIGGER tasks_custody_follows BEFORE INSERT ON tasks_custody"
            f" FOR EACH ROW EXECUTE FUNCTION tasks_custody_follows('{STEPS}')",
            migrations.RunSQL.noop,
        ),
        secure("tasks_task", using=PARTIES, write=PROVIDER),
        secure("tasks_sample", using=PARTIES, write=PROVIDER),
        secure("tasks_test", using=PARTIES, write=PROVIDER),
        secure("tasks_custody", using=PARTIES, write=PROVIDER),
        secure("tasks_result", using=STATED, write=PROVIDER),
        secure("tasks_report", using=PARTIES, write=PROVIDER),
        secure("tasks_reported", using=PARTIES, write=PROVIDER),
        secure("tasks_scope", using="true", write="org_id = app_org()"),
        append_only("tasks_custody"),
        append_only("tasks_result"),
        append_only("tasks_report"),
        append_only("tasks_reported"),
        # What was ordered stays; the application keeps UPDATE, which its row locks need.
        migrations.RunSQL(
            "\n".join(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();"
                f"REVOKE DELETE, TRUNCATE ON {table} FROM staveworks_app;"
                for table in ("tasks_task", "tasks_sample", "tasks_test")
            )
            + "REVOKE DELETE, TRUNCATE ON tasks_scope FROM staveworks_app;",
            migrations.RunSQL.noop,
        ),
        same_parties("tasks_task", "line_id", "orders_line"),
        same_parties("tasks_sample", "task_id", "tasks_task", "line_id"),
        same_parties("tasks_report", "task_id", "tasks_task", "line_id"),
        same_parties("tasks_test", "sample_id", "tasks_sample"),
        same_parties("tasks_custody", "sample_id", "tasks_sample"),
        same_parties("tasks_result", "test_id", "tasks_test"),
        same_parties("tasks_reported", "report_id", "tasks_report"),
        same_parties("tasks_reported", "result_id", "tasks_result"),
        same_organisation("tasks_report", "file_id", "files_stored_file", org="provider_org_id"),
    ]
