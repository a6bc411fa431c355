"""Everybody reads what a weekly capacity is called; its provider writes it."""

from django.db import migrations

from staveworks.db.operations import secure

KEYS = """
ALTER TABLE tasks_weekly ADD CONSTRAINT tasks_weekly_resource_same_org
    FOREIGN KEY (org_id, resource_id) REFERENCES reservation_resource (org_id, id) DEFERRABLE INITIALLY DEFERRED;
REVOKE DELETE, TRUNCATE ON tasks_weekly FROM staveworks_app;
"""


class Migration(migrations.Migration):
    dependencies = [("tasks", "0006_weekly")]
    operations = [
        secure("tasks_weekly", using="true", write="org_id = app_org()"),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
    ]
