"""What can be booked: how it is called, where it stands, when it is open. How many units there are the reservation kernel knows."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import Base, shared
from staveworks.db.personal import RECORD, Addressed, about
from staveworks.mechanisms.booking.types import OPEN_WISHES, BookableKind, QuotaPeriod, WishState

ORGANISATION = "parties.Organisation"


class Bookable(models.Model):
    """Of a resource in the kernel. Everybody reads it (who books must know when it is open), its organisation writes it.

    ``opening``: as ``domain/opening.py`` reads it. Lengths in minutes; ``grace``: after so many nobody is expected any more;
    ``keep_minutes``: how long a time is kept for whoever is first in the waiting list.
    ``needs_training``: who comes has a certificate, of which ``training_offer`` may be the way to get one.
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
    keep_minutes = models.PositiveSmallIntegerField(default=120, db_default=120)
    needs_training = models.BooleanField(default=False, db_default=False)
    training_offer = models.ForeignKey(
        "catalogue.Offer",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="where to be trained",
    )
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
            models.CheckConstraint(
                condition=Q(needs_training=True) | Q(training_offer__isnull=True),
                name="booking_bookable_training",
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


class TrainingCertificate(Base):
    """That somebody of a buying firm was trained on a resource. Written by its provider, read by both. Nothing in it changes but
    that it is ended once, and that a name is emptied (erasure). Its person need not have an account.
    """

    tenancy = shared("buyer_org_id", "provider_org_id")
    addressed = Addressed(
        about(
            "培训证明",
            "Training certificates",
            shows="provider_org_id buyer_org_id name contact valid_from valid_until ended_on",
        ),
        columns=("contact",),
        emptied=("name", "contact"),
        writer="provider_org_id",
    )
    resource = models.ForeignKey(Bookable, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60, blank=True)
    contact = models.CharField(max_length=254, blank=True, help_text="phone or e-mail")
    valid_from = models.DateField()
    valid_until = models.DateField(help_text="its last day")
    ended_on = models.DateField(null=True, help_text="from this day on it is good no more")
    ended_reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "booking_training_certificate"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gte=F("valid_from")), name="booking_training_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_reason="")
                | (Q(ended_on__isnull=False) & ~Q(ended_reason="")),
                name="booking_training_ended_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(buyer_org=F("provider_org")), name="booking_training_two_parties"
            ),
        ]
        indexes = [models.Index(fields=["resource", "buyer_org"], name="booking_training_of_firm")]


class Wish(Base):
    """A place in the waiting list of a resource: any time in a window will do. Once it can be had it is kept for the buyer, by a
    hold whose subject is ``line_id``, the line that it becomes when she takes it. Written by the buyer's side alone.

    ``request``: the answers to the offer's form but when. A firm stands once in a list.
    """

    tenancy = shared("buyer_org_id", "provider_org_id")
    personal = about(
        "候补", "Places in waiting lists", "made_by_id", shows="buyer_org_id state made_at", kept=RECORD
    )
    resource = models.ForeignKey(Bookable, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    buyer_org = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey("catalogue.Offer", on_delete=models.PROTECT, related_name="+")
    moves = models.ForeignKey(
        "orders.Line", null=True, on_delete=models.PROTECT, related_name="+", help_text="to an earlier time"
    )
    request = models.JSONField()
    units = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    earliest_at = models.DateTimeField()
    latest_at = models.DateTimeField(help_text="it is over by then")
    state = models.CharField(
        max_length=10, choices=[(state, state) for state in WishState], default=WishState.WAITING
    )
    chain_id = models.UUIDField(null=True, help_text="of the hold")
    line_id = models.UUIDField(null=True, help_text="of the line that it becomes")
    starts_at = models.DateTimeField(null=True, help_text="of the time that is kept")
    kept_until = models.DateTimeField(null=True)
    made_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(db_default=Now())
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "booking_wish"
        constraints = [
            models.UniqueConstraint(
                fields=["resource", "buyer_org"],
                condition=Q(state__in=list(OPEN_WISHES)),
                name="booking_wish_once_in_a_list",
            ),
            models.CheckConstraint(
                condition=~Q(buyer_org=F("provider_org")), name="booking_wish_two_parties"
            ),
            models.CheckConstraint(
                condition=Q(units__gte=1, minutes__gte=1, latest_at__gt=F("earliest_at")),
                name="booking_wish_can_be_met",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[WishState.KEPT, WishState.TAKEN])
                | Q(
                    chain_id__isnull=False,
                    line_id__isnull=False,
                    starts_at__isnull=False,
                    kept_until__isnull=False,
                ),
                name="booking_wish_kept_says_what",
            ),
            models.CheckConstraint(condition=Q(state__in=list(WishState)), name="booking_wish_state"),
            models.CheckConstraint(
                condition=Q(
                    earliest_at__gte=datetime(2000, 1, 1, tzinfo=UTC),
                    latest_at__lt=datetime(2200, 1, 1, tzinfo=UTC),
                ),
                name="booking_wish_on_calendar",
            ),
        ]
        indexes = [
            models.Index(
                fields=["resource", "made_at"],
                condition=Q(state__in=list(OPEN_WISHES)),
                name="booking_wish_line",
            ),
            models.Index(fields=["buyer_org", "made_at"], name="booking_wish_of_buyer"),
        ]
