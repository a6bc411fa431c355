"""Prescriptions are their firm's; what was asked and what was answered stay as they were."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, same_organisation, secure

SQL = Path(__file__).parent.parent / "sql" / "guards.sql"
OWN = "org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [("prescription", "0001_initial"), ("parties", "0002_guards"), ("barrel", "0001_initial")]
    operations = [
        secure("prescription_basis", using=OWN),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        secure("prescription_prescription", using=OWN),
        append_only("prescription_prescription"),
        same_organisation("prescription_prescription", "basis_id", "prescription_basis"),
        secure("prescription_step", using=OWN),
        append_only("prescription_step"),
        same_organisation("prescription_step", "basis_id", "prescription_basis"),
    ]
