"""A firm's capacity is its own; an operator sees it only in a reading that is logged: prices the platform's, hours also the city's."""

from pathlib import Path

from django.db import migrations

from staveworks.db.operations import append_only, same_organisation, secure
from staveworks.foundation.rules.shipping import Ship

SQL = Path(__file__).parent.parent / "sql" / "guards.sql"
OWN = "org_id = app_org()"
CENTRE = (
    f"{OWN} OR ((SELECT capacity_scope()) IS NOT NULL"
    " AND starts_with(city_id, (SELECT capacity_place())))"
)
# A window is seen by whoever sees its work centre: the policy above decides inside the subquery.
WINDOW = (
    f"{OWN} OR ((SELECT capacity_scope()) IS NOT NULL"
    " AND EXISTS (SELECT FROM dispatch_work_centre c WHERE c.id = dispatch_window.centre_id))"
)
CONFIRMED = f"{OWN} OR (SELECT capacity_scope()) IS NOT NULL"
PRICED = f"{OWN} OR (SELECT capacity_scope()) = 'dispatch'"


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0001_initial"),
        ("parties", "0005_sight"),
        ("files", "0002_guards"),
        ("rules", "0006_limits"),
    ]
    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        secure("dispatch_reading", using=OWN),
        secure("dispatch_look", using=f"{OWN} OR reader_org_id = app_org()", write="reader_org_id = app_org()"),
        secure(
            "dispatch_limit_lifted",
            using=f"{OWN} OR operator_org_id = app_org()",
            write="operator_org_id = app_org()",
        ),
        secure("dispatch_work_centre", using=CENTRE, write=OWN),
        secure("dispatch_window", using=WINDOW, write=OWN),
        secure("dispatch_confirmation", using=CONFIRMED, write=OWN),
        secure("dispatch_capability", using=PRICED, write=OWN),
        secure("dispatch_centre_certificate", using=PRICED, write=OWN),
        secure("dispatch_window_sheet", using=OWN),
        append_only("dispatch_look"),
        append_only("dispatch_limit_lifted"),
        append_only("dispatch_confirmation"),
        append_only("dispatch_window_sheet"),
        append_only("dispatch_heat"),
        same_organisation("dispatch_capability", "centre_id", "dispatch_work_centre"),
        same_organisation("dispatch_centre_certificate", "centre_id", "dispatch_work_centre"),
        same_organisation("dispatch_centre_certificate", "file_id", "files_stored_file"),
        same_organisation("dispatch_window", "centre_id", "dispatch_work_centre"),
        Ship(),
    ]
