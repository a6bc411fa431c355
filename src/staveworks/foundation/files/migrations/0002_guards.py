from django.db import migrations

from staveworks.db.operations import secure


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("parties", "0002_guards")]
    operations = [secure("files_stored_file", using="org_id = app_org()")]
