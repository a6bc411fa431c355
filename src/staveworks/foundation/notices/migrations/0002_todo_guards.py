"""Who may see which to-dos; a closed one stays as it is and takes its links along; steps are taken once."""

from django.db import migrations

from staveworks.db.operations import append_only, legal_edges, same_organisation, secure

KEPT = """
CREATE OR REPLACE FUNCTION notices_keep_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE people text[] := ARRAY['holder_id', 'done_by_id', 'person_id'];
BEGIN
    -- Only the erasure of a person may touch a closed one.
    IF OLD.state <> 'open' AND to_jsonb(NEW) - people <> to_jsonb(OLD) - people THEN
        RAISE EXCEPTION 'to-do % is closed', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER notices_todo_kept BEFORE UPDATE ON notices_todo
    FOR EACH ROW EXECUTE FUNCTION notices_keep_closed();

CREATE OR REPLACE FUNCTION notices_end_links() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE notices_tap_link SET withdrawn_at = now() WHERE todo_id = NEW.id AND withdrawn_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER notices_todo_closed AFTER UPDATE OF state ON notices_todo
    FOR EACH ROW WHEN (OLD.state = 'open' AND NEW.state <> 'open') EXECUTE FUNCTION notices_end_links();
"""
OWN = "org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_todos"), ("parties", "0004_last_owner")]
    operations = [
        secure("notices_todo", using="org_id = app_org() OR person_id = app_person()", write=OWN),
        secure("notices_tap_link", using="org_id = app_org() OR token_digest = app_token()", write=OWN),
        secure("notices_escalation", using=OWN),
        append_only("notices_escalation"),
        legal_edges("notices_todo", "state", [("open", "done"), ("open", "dropped")]),
        same_organisation("notices_tap_link", "todo_id", "notices_todo"),
        same_organisation("notices_escalation", "todo_id", "notices_todo"),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
