"""The heights of the diagnoses that were there before. Apart from the migration that adds the column, whose lock keeps everybody out."""

from django.db import migrations

FILLED = """
-- In the name of each firm in turn: the owner of the tables sees no rows in nobody's.
DO $$
DECLARE firm uuid; acted text := current_setting('app.org', true);
BEGIN
    FOR firm IN SELECT id FROM parties_organisation LOOP
        PERFORM set_config('app.org', firm::text, true);
        UPDATE barrel_diagnosis SET plank_heights = '{}' WHERE org_id = firm AND plank_heights = '{}' AND planks <> '{}';
    END LOOP;
    PERFORM set_config('app.org', coalesce(acted, ''), true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("barrel", "0011_heights"), ("parties", "0011_entries")]
    operations = [migrations.RunSQL(FILLED, migrations.RunSQL.noop)]
