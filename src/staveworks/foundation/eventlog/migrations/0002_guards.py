"""Order, policies and append-only guards of the log."""

from django.db import migrations

from staveworks.db.operations import APP_FUNCTIONS, append_only, secure


class Migration(migrations.Migration):
    dependencies = [("eventlog", "0001_initial")]
    operations = [
        APP_FUNCTIONS,
        migrations.RunSQL(
            """
            ALTER TABLE eventlog_event ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
                ADD COLUMN seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY;
            CREATE UNIQUE INDEX eventlog_event_order ON eventlog_event (xid, seq);
            """,
            migrations.RunSQL.noop,
        ),
        secure("eventlog_event", using="org_id = app_org() OR via_org_id = app_org()"),
        append_only("eventlog_event"),
        secure("eventlog_idempotency_key", using="org_id = app_org()"),
        append_only("eventlog_idempotency_key"),
        append_only("eventlog_seal"),
        migrations.RunSQL(
            """
            REVOKE INSERT ON eventlog_seal FROM staveworks_app;
            GRANT SELECT, INSERT ON eventlog_seal TO staveworks_cross;
            """,
            migrations.RunSQL.noop,
        ),
    ]
