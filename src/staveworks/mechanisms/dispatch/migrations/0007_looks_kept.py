"""Old entries of the log of who looked at capacity go by the rule of retention, as the cross role, never earlier than its floor."""

from django.db import migrations

KEPT = """
DROP TRIGGER dispatch_look_append_only ON dispatch_look;
CREATE TRIGGER dispatch_look_append_only BEFORE UPDATE OR DELETE ON dispatch_look
    FOR EACH ROW EXECUTE FUNCTION facts_log_kept();
CREATE TRIGGER dispatch_reading_not_deleted BEFORE DELETE ON dispatch_reading
    FOR EACH ROW EXECUTE FUNCTION facts_log_kept();
CREATE TRIGGER dispatch_reading_no_truncate BEFORE TRUNCATE ON dispatch_reading
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT DELETE ON dispatch_look, dispatch_reading TO staveworks_cross;
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0006_withdrawn"), ("facts", "0002_guards")]
    operations = [migrations.RunSQL(KEPT, migrations.RunSQL.noop)]
