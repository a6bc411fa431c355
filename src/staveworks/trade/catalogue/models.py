"""Columns and constraints of the catalogue. Who may see which row, and what never changes, stands in migration 0002."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import COMMON, Base, private, shared
from staveworks.db.personal import RECORD, about
from staveworks.trade.catalogue.types import OfferState


class Offer(Base):
    """One service of one provider, through all its versions. Everybody sees it once it was published; its provider writes it."""

    tenancy = shared("provider_org_id")
    provider_org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=[(s, s) for s in OfferState], default=OfferState.DRAFT)
    number = models.PositiveIntegerField(default=0, help_text="of the latest version; 0: never published")
    created_at = models.DateTimeField(db_default=Now())
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_offer"
        indexes = [models.Index(fields=["provider_org", "-moved_at"], name="catalogue_offer_desk")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=OfferState.DRAFT, number=0)
                | (~Q(state=OfferState.DRAFT) & Q(number__gte=1)),
                name="catalogue_offer_numbered_once_published",
            )
        ]


class Draft(models.Model):
    """The provider's working copy of an offer, perhaps not complete yet. ``content`` is shaped as ``documents.py`` says."""

    tenancy = private("provider_org_id")
    personal = about(
        "改过的服务", "Offers edited", "edited_by_id", shows="provider_org_id edited_at", kept=RECORD
    )
    offer = models.OneToOneField(Offer, primary_key=True, on_delete=models.CASCADE, related_name="draft")
    provider_org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    edited_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    edited_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_draft"


class Version(Base):
    """What an offer said from a moment on: append-only, read by everybody. ``content`` as ``documents.py`` says, complete."""

    tenancy = shared("provider_org_id")
    personal = about(
        "上架的服务",
        "Offers published",
        "published_by_id",
        shows="provider_org_id number published_at",
        kept=RECORD,
    )
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="versions")
    provider_org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    mechanism = models.CharField(max_length=40)
    city = models.ForeignKey("parties.City", null=True, on_delete=models.PROTECT, related_name="+")
    planks = ArrayField(models.CharField(max_length=40))
    content = models.JSONField()
    published_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "catalogue_version"
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="catalogue_version_numbered"),
            models.CheckConstraint(condition=Q(planks__len__gte=1), name="catalogue_version_some_plank"),
        ]


class Listing(models.Model):
    """How a published offer is found: made from its version, gone when it is withdrawn, made again at any time.

    ``price_from_fen``: the smallest order of a member of its city; None: on request. ``effects_fen``: what such a member pays until the
    stated effects hold; None: on request, or written by a version that didn't know it, which meant the smallest order.
    ``next_free_at``: by the mechanism's calendar; None: it has none.
    """

    tenancy = shared("provider_org_id")
    offer = models.OneToOneField(Offer, primary_key=True, on_delete=models.CASCADE, related_name="listing")
    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="+")
    provider_org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    mechanism = models.CharField(max_length=40)
    city = models.ForeignKey("parties.City", null=True, on_delete=models.PROTECT, related_name="+")
    planks = ArrayField(models.CharField(max_length=40))
    programmes = ArrayField(models.CharField(max_length=40), default=list)
    price_from_fen = models.BigIntegerField(null=True)
    effects_fen = models.BigIntegerField(null=True)
    lead_time_days = models.PositiveIntegerField()
    next_free_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField()
    words = SearchVectorField()

    class Meta:
        db_table = "catalogue_listing"
        indexes = [
            GinIndex(fields=["words"], name="catalogue_listing_words", fastupdate=False),
            models.Index(fields=["-published_at", "offer"], name="catalogue_listing_newest"),
        ]


class ListedEffect(models.Model):
    """What a listed offer states for one plank: points, at least so high (``floor``) or so much more (``gain``)."""

    tenancy = shared("provider_org_id")
    pk = models.CompositePrimaryKey("listing_id", "plank")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="effects")
    provider_org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    plank = models.CharField(max_length=40)
    gain = models.FloatField(default=0)
    floor = models.FloatField(default=0)

    class Meta:
        db_table = "catalogue_listed_effect"
        indexes = [
            models.Index(
                fields=["plank"], include=["listing", "gain", "floor"], name="catalogue_effect_plank"
            )
        ]


class Word(models.Model):
    """A word in Latin letters of a published offer: what a mistyped one is held against. Common: nobody's, only ever added to."""

    tenancy = COMMON
    word = models.CharField(max_length=40, primary_key=True)

    class Meta:
        db_table = "catalogue_word"
