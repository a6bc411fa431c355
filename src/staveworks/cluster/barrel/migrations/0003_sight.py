"""Parts of a barrel for those who were granted a part: papers apart from answers, the water level without the planks."""

from django.db import migrations

from staveworks.db.operations import secure, sees

OWN = "org_id = app_org()"
TABLES = {
    "assessment": "assessment",
    "answer": "assessment",
    "answer_change": "assessment",
    "attestation": "assessment",
    "evidence": "documents",
    "diagnosis": "barrel",
}
LEVEL = f"""
CREATE POLICY level_read ON barrel_diagnosis FOR SELECT TO CURRENT_ROLE USING ({sees("barrel_diagnosis", "level")});
CREATE VIEW barrel_level WITH (security_barrier) AS
    SELECT org_id, at, finished, water_low, water_likely, water_high, binding FROM barrel_diagnosis WHERE current;
REVOKE INSERT, UPDATE, DELETE ON barrel_level FROM staveworks_app;
"""


class Migration(migrations.Migration):
    dependencies = [("barrel", "0002_guards"), ("facts", "0002_guards")]
    operations = [
        *(
            secure(f"barrel_{table}", using=sees(f"barrel_{table}", field), write=OWN)
            for table, field in TABLES.items()
        ),
        migrations.RunSQL(LEVEL, migrations.RunSQL.noop),
    ]
