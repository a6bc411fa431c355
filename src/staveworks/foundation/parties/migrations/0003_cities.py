"""The places of GB/T 2260, from the data file that ships; a later edition comes with a migration of its own."""

import csv

from django.db import migrations

from staveworks.kit.data import SHIPPED


def load(apps, schema_editor):
    City = apps.get_model("parties", "City")
    with (SHIPPED / "regions" / "cn.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: (int(row["level"]), row["code"]))
    City.objects.using(schema_editor.connection.alias).bulk_create(
        [
            City(
                code=row["code"],
                level=int(row["level"]),
                parent_id=row["parent"] or None,
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                latitude=float(row["lat"]) if row["lat"] else None,
                longitude=float(row["lon"]) if row["lon"] else None,
            )
            for row in rows
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("parties", "0002_guards")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
