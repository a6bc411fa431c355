"""Whose the confirmations are; they are only added, and stay with the firm whose answer it was."""

from django.db import migrations

from staveworks.db.operations import append_only, secure

SAME_FIRM = """
-- Not by a foreign key over two columns: that wants a unique index on the log of answers, which is long and in use.
CREATE FUNCTION barrel_answer_check_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM barrel_answer_change WHERE id = NEW.change_id AND org_id = NEW.org_id) THEN
        RAISE EXCEPTION 'change % is not of firm %', NEW.change_id, NEW.org_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER barrel_answer_check_own BEFORE INSERT ON barrel_answer_check
    FOR EACH ROW EXECUTE FUNCTION barrel_answer_check_own();
"""


class Migration(migrations.Migration):
    dependencies = [("barrel", "0008_given")]
    operations = [
        secure("barrel_answer_check", using="org_id = app_org()"),
        append_only("barrel_answer_check"),
        migrations.RunSQL(SAME_FIRM, migrations.RunSQL.noop),
    ]
