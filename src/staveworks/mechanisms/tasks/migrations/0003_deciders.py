"""Who decides the dispute of a line reads its test order as the buyer does: samples, custody, what the reports state.

Readers only: policies to write stay the laboratory's.
"""

from django.db import migrations

PROVIDER = "provider_org_id = app_org()"
PARTIES = f"buyer_org_id = app_org() OR {PROVIDER}"
STATED = "EXISTS (SELECT FROM tasks_reported d WHERE d.result_id = tasks_result.id)"
DECIDED = "EXISTS (SELECT FROM orders_dispute o WHERE o.line_id = {line} AND o.decider_org_id = app_org())"


def decided(source: str, condition: str) -> str:
    """Through rows of ``source``, whose ``task_id`` is the line."""
    return (
        f"EXISTS (SELECT FROM {source} JOIN orders_dispute o ON o.line_id = s.task_id"
        f" WHERE {condition} AND o.decider_org_id = app_org())"
    )


def readers(table: str, using: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER POLICY tenancy_read ON {table} USING ({using})", migrations.RunSQL.noop
    )


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_guards"), ("orders", "0002_guards")]
    operations = [
        readers("tasks_task", f"{PARTIES} OR {DECIDED.format(line='tasks_task.line_id')}"),
        readers("tasks_sample", f"{PARTIES} OR {DECIDED.format(line='tasks_sample.task_id')}"),
        readers("tasks_report", f"{PARTIES} OR {DECIDED.format(line='tasks_report.task_id')}"),
        readers("tasks_test", f"{PARTIES} OR {decided('tasks_sample s', 's.id = tasks_test.sample_id')}"),
        readers(
            "tasks_custody", f"{PARTIES} OR {decided('tasks_sample s', 's.id = tasks_custody.sample_id')}"
        ),
        readers(
            "tasks_reported", f"{PARTIES} OR {decided('tasks_report s', 's.id = tasks_reported.report_id')}"
        ),
        readers(
            "tasks_result",
            f"{PROVIDER} OR ({STATED} AND (buyer_org_id = app_org() OR "
            + decided(
                "tasks_test t JOIN tasks_sample s ON s.id = t.sample_id", "t.id = tasks_result.test_id"
            )
            + "))",
        ),
    ]
