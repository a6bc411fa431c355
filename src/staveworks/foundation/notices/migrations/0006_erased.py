"""Nothing more is said to whoever was erased, and nothing waits for her."""

from django.db import migrations

TRIGGERS = "\n".join(
    f"""CREATE TRIGGER notices_{table}_erased BEFORE INSERT ON notices_{table}
        FOR EACH ROW EXECUTE FUNCTION refuse_erased('person_id');"""
    for table in ("message", "delivery", "preference", "todo", "tap_link")
)


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_messages_carrier"), ("parties", "0009_erased")]
    operations = [migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop)]
