"""Answers that were given in a firm's name are found without reading the log of all answers."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("barrel", "0009_given_guards")]
    operations = [
        AddIndexConcurrently(
            "answerchange",
            models.Index(
                condition=models.Q(("via_org_id__isnull", False), ("mandate_id__isnull", False), _connector="OR"),
                fields=["org"],
                name="barrel_answer_change_given",
            ),
        ),
    ]
