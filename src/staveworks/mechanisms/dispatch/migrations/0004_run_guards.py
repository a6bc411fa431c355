"""Runs are their operator's; what was asked and answered stays as it was; a firm reads what it was told, and nothing else."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, legal_edges, same_organisation, secure
from staveworks.foundation.rules.shipping import Ship

SQL = Path(__file__).parent.parent / "sql" / "run_guards.sql"
OWN = "org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0003_runs"), ("parties", "0002_guards")]
    operations = [
        secure("dispatch_demand", using=OWN),
        secure("dispatch_inputs", using=OWN),
        append_only("dispatch_inputs"),
        secure("dispatch_run", using=OWN),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        legal_edges(
            "dispatch_run",
            "state",
            [
                ("queued", "running"),
                ("queued", "cancelled"),
                ("queued", "failed"),
                ("running", "finished"),
                ("running", "cancelled"),
                ("running", "failed"),
            ],
        ),
        secure("dispatch_answer", using=OWN),
        append_only("dispatch_answer"),
        secure("dispatch_share", using=f"{OWN} OR firm_id = app_org()", write=OWN),
        append_only("dispatch_share"),
        same_organisation("dispatch_run", "inputs_id", "dispatch_inputs"),
        same_organisation("dispatch_run", "base_id", "dispatch_run"),
        same_organisation("dispatch_run", "demand_id", "dispatch_demand"),
        same_organisation("dispatch_answer", "run_id", "dispatch_run"),
        same_organisation("dispatch_share", "run_id", "dispatch_run"),
        Ship(),
    ]
