"""Histories of firms that turn out to be one: a diagnosis may count for the surviving firm; an assessment may be set aside."""

from pathlib import Path

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

from staveworks.db.operations import legal_edges, secure, sees

SQL = Path(__file__).parent.parent / "sql" / "histories.sql"
OF_ITS_ASSESSMENT = (
    "EXISTS (SELECT FROM barrel_assessment a WHERE a.id = barrel_diagnosis.assessment_id AND a.org_id = (SELECT app_org()))"
)
"""Who acts for an entry moves its diagnoses, to the firm it was merged into and back."""


class Migration(migrations.Migration):
    dependencies = [("barrel", "0006_figures_guards"), ("parties", "0011_entries")]
    operations = [
        migrations.AlterField(
            model_name="assessment",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "open"),
                    ("finished", "finished"),
                    ("superseded", "superseded"),
                    ("set_aside", "set_aside"),
                ],
                default="open",
                max_length=12,
            ),
        ),
        migrations.RemoveConstraint(model_name="assessment", name="barrel_assessment_finished_is_dated"),
        # Every row there was written under the stricter constraint that went: nothing to validate, no scan.
        AddConstraintNotValid(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=Q(state="open", finished_at=None)
                | Q(state="set_aside")
                | (~Q(state="open") & ~Q(finished_at=None)),
                name="barrel_assessment_finished_is_dated",
            ),
        ),
        legal_edges(
            "barrel_assessment",
            "state",
            [
                ("open", "finished"),
                ("finished", "superseded"),
                ("open", "set_aside"),
                ("finished", "set_aside"),
                ("superseded", "set_aside"),
                ("superseded", "finished"),
                ("set_aside", "open"),
                ("set_aside", "finished"),
                ("set_aside", "superseded"),
            ],
        ),
        secure(
            "barrel_diagnosis",
            using=f"{sees('barrel_diagnosis', 'barrel')} OR {OF_ITS_ASSESSMENT}",
            write=f"org_id = app_org() OR {OF_ITS_ASSESSMENT}",
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
