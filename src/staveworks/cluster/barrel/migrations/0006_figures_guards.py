"""Published figures are written by the cross role alone; a group that could give a firm away is refused at commit."""

from django.db import migrations

from staveworks.db.operations import append_only, secure

GUARDS = """
REVOKE INSERT, UPDATE, DELETE ON barrel_publication, barrel_published_group, barrel_contribution, barrel_figure
    FROM staveworks_app;
GRANT INSERT ON barrel_publication, barrel_published_group, barrel_contribution, barrel_figure TO staveworks_cross;
GRANT UPDATE (last_id) ON barrel_published_group TO staveworks_cross;

-- The rule of five, once more where nothing gets past it: five firms, and five values that no snapshot has shown before.
CREATE FUNCTION barrel_group_is_safe() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    firms integer;
    fresh integer;
BEGIN
    SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
               SELECT FROM barrel_contribution c JOIN barrel_published_group g ON g.id = c.group_id
               WHERE g.measure = NEW.measure AND g.first_id <> NEW.first_id AND c.org_id = mine.org_id AND c.value = mine.value))
      INTO firms, fresh
      FROM barrel_contribution mine WHERE mine.group_id = NEW.id;
    IF firms < 5 OR fresh < 5 THEN
        RAISE EXCEPTION 'group % has % firms, % of them with a value not shown before', NEW.id, firms, fresh
            USING ERRCODE = '23514';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER barrel_group_is_safe AFTER INSERT ON barrel_published_group DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION barrel_group_is_safe();

-- Contributions come with their group, never later.
ALTER TABLE barrel_published_group ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE FUNCTION barrel_contribution_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT xid FROM barrel_published_group WHERE id = NEW.group_id) IS DISTINCT FROM pg_current_xact_id() THEN
        RAISE EXCEPTION 'group % is published already', NEW.group_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER barrel_contribution_in_time BEFORE INSERT ON barrel_contribution
    FOR EACH ROW EXECUTE FUNCTION barrel_contribution_in_time();
"""


class Migration(migrations.Migration):
    dependencies = [("barrel", "0005_figures"), ("facts", "0002_guards"), ("parties", "0002_guards")]
    operations = [
        secure("barrel_contribution", using="org_id = app_org()"),
        *(append_only(f"barrel_{table}") for table in ("publication", "contribution", "figure")),
        migrations.RunSQL(GUARDS, migrations.RunSQL.noop),
    ]
