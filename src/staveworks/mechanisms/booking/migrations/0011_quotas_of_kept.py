"""A quota counts what is kept from a waiting list, beside what is booked and held."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "quotas_kept.sql"


class Migration(migrations.Migration):
    dependencies = [("booking", "0010_sound_wishes")]
    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
