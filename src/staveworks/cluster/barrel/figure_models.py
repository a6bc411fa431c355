"""Published figures: tables of nobody, written only by the job that sees all firms (the cross role), never by the application."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import COMMON, Base, private


class Publication(Base):
    """One snapshot: what was published of a month, all at once."""

    tenancy = COMMON
    period = models.CharField(max_length=7, unique=True, help_text="YYYY-MM")
    rule = models.CharField(
        max_length=60, help_text="aggregates.minimum/n: the version that set the fewest firms"
    )
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "barrel_publication"


class PublishedGroup(Base):
    """Firms that are shown together, by whole groups only. ``node``: the part of their place in the tree that they share."""

    tenancy = COMMON
    measure = models.CharField(max_length=40, blank=True, help_text="a plank's code; empty: the water level")
    node = models.JSONField(help_text="[prefecture, county, business type, size], as far as it goes")
    first = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    last = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="groups")

    class Meta:
        db_table = "barrel_published_group"


class Contribution(models.Model):
    """One firm's value in a published group. Only the firm itself may see that it is in there."""

    tenancy = private()
    pk = models.CompositePrimaryKey("group_id", "org_id")
    group = models.ForeignKey(PublishedGroup, on_delete=models.PROTECT, related_name="contributions")
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    value = models.FloatField()

    class Meta:
        db_table = "barrel_contribution"
        indexes = [models.Index(fields=["org"], name="barrel_contribution_of_firm")]


class Figure(Base):
    """What is said of a place, a business type and a size together; empty: all of them. Over whole groups."""

    tenancy = COMMON
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="figures")
    place = models.CharField(max_length=6, blank=True, help_text="GB/T 2260")
    business_type = models.CharField(max_length=60, blank=True)
    size = models.CharField(max_length=10, blank=True)
    measure = models.CharField(max_length=40, blank=True)
    firms = models.PositiveIntegerField(help_text="at least so many, in fives")
    low = models.PositiveSmallIntegerField(help_text="lower quartile; 10: 10 or less")
    median = models.PositiveSmallIntegerField()
    high = models.PositiveSmallIntegerField(help_text="upper quartile; 90: 90 or more")
    since = models.CharField(max_length=7, help_text="the period of its oldest group")

    class Meta:
        db_table = "barrel_figure"
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "place", "business_type", "size", "measure"], name="barrel_figure_once"
            ),
            models.CheckConstraint(condition=Q(firms__gte=5), name="barrel_figure_over_five_firms"),
            models.CheckConstraint(
                condition=Q(low__gte=10, high__lte=90, low__lte=models.F("median"))
                & Q(median__lte=models.F("high")),
                name="barrel_figure_coded",
            ),
        ]
