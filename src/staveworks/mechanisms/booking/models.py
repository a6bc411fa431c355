"""What can be booked: how it is called, where it stands, when it is open. How many units there are the reservation kernel knows."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import shared
from staveworks.mechanisms.booking.domain.quota import QuotaPeriod
from staveworks.mechanisms.booking.types import BookableKind


class Bookable(models.Model):
    """Of a resource in the kernel. Everybody reads it (who books must know when it is open), its organisation writes it.

    ``opening``: as ``domain/opening.py`` reads it. Lengths in minutes; ``grace``: after so many nobody is expected any more.
    ``quota_period``: in which a firm and a person may book so many minutes; empty: as much as is free.
    """

    tenancy = shared("org_id")
    resource = models.OneToOneField("reservation.Resource", primary_key=True, on_delete=models.PROTECT)
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in BookableKind])
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True, help_text="where to come")
    city = models.ForeignKey("parties.City", null=True, on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    opening = models.JSONField()
    grid = models.PositiveSmallIntegerField()
    shortest = models.PositiveIntegerField()
    longest = models.PositiveIntegerField()
    before = models.PositiveSmallIntegerField(default=0)
    after = models.PositiveSmallIntegerField(default=0)
    notice_minutes = models.PositiveIntegerField(default=0)
    horizon_days = models.PositiveSmallIntegerField(default=60)
    grace = models.PositiveSmallIntegerField(default=30)
    quota_period = models.CharField(max_length=8, blank=True, db_default="")
    firm_minutes = models.PositiveIntegerField(null=True)
    person_minutes = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "booking_bookable"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(BookableKind)), name="booking_bookable_kind"),
            models.CheckConstraint(
                condition=Q(
                    grid__gte=1, shortest__gte=F("grid"), longest__gte=F("shortest"), horizon_days__gte=1
                ),
                name="booking_bookable_lengths",
            ),
            models.CheckConstraint(
                condition=Q(quota_period="", firm_minutes__isnull=True, person_minutes__isnull=True)
                | Q(Q(firm_minutes__gte=1) | Q(person_minutes__gte=1), quota_period__in=list(QuotaPeriod)),
                name="booking_bookable_quota",
            ),
        ]
        indexes = [models.Index(fields=["org", "name_zh"], name="booking_bookable_desk")]


class Feed(models.Model):
    """A secret address at which a resource's calendar can be read by a program. One of a resource; a new one ends the old."""

    tenancy = shared("org_id")
    resource = models.OneToOneField(Bookable, primary_key=True, on_delete=models.CASCADE)
    org = models.ForeignKey("parties.Organisation", on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "booking_feed"
