"""Which files wait for the scanner; built while people go on writing."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("files", "0003_scan")]
    operations = [
        AddIndexConcurrently(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("scan", "waiting")), fields=["id"], name="files_stored_file_waiting"
            ),
        ),
    ]
