"""Who acts for an entry moves its diagnoses, as before; said so that the database plans it in a fraction of the time."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import secure, sees

SQL = Path(__file__).parent.parent / "sql" / "own_assessments.sql"
OF_ITS_ASSESSMENT = "assessment_id IN (SELECT barrel_own_assessments())"


class Migration(migrations.Migration):
    dependencies = [("barrel", "0012_heights_filled")]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        secure(
            "barrel_diagnosis",
            using=f"{sees('barrel_diagnosis', 'barrel')} OR {OF_ITS_ASSESSMENT}",
            write=f"org_id = (SELECT app_org()) OR {OF_ITS_ASSESSMENT}",
        ),
    ]
