"""Everybody reads what is listed; its provider writes it. Words are only ever added."""

from django.db import migrations

from staveworks.db.operations import append_only, same_organisation, secure

OWN = "provider_org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_listing")]
    operations = [
        secure("catalogue_listing", using="true", write=OWN),
        same_organisation(
            "catalogue_listing",
            "version_id",
            "catalogue_version",
            org="provider_org_id",
            target_org="provider_org_id",
        ),
        secure("catalogue_listed_effect", using="true", write=OWN),
        append_only("catalogue_word"),
    ]
