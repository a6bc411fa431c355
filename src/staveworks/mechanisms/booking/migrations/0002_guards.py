"""What can be booked everybody may read, its organisation writes it; a feed is read by whoever has its address."""

from django.db import migrations

from staveworks.db.operations import same_organisation, secure

OWN = "org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [("booking", "0001_initial"), ("parties", "0002_guards"), ("reservation", "0002_guards")]
    operations = [
        secure("booking_bookable", using="true", write=OWN),
        same_organisation("booking_bookable", "resource_id", "reservation_resource"),
        secure("booking_feed", using=f"{OWN} OR digest = app_token()", write=OWN),
    ]
