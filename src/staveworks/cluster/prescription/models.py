"""Columns and constraints of prescription. Who may see which row, and what stays as it was, stands in migration 0002."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.cluster.prescription.types import Objective
from staveworks.db.models import Base, private
from staveworks.db.personal import RECORD, about


class Basis(Base):
    """What was known when somebody asked. ``document``: ``{"firm": …, "offers": […]}`` as ``staveworks prescribe`` reads them;
    an offer's id is that of its version."""

    tenancy = private()
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey("barrel.Assessment", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, help_text="SHA-256 of document and horizon")
    document = models.JSONField()
    horizon_days = models.PositiveIntegerField(null=True, help_text="offers that take longer are left out")
    highest = models.FloatField(help_text="the water level with everything bought")
    made_at = models.DateTimeField(db_default=Now())
    drawn_at = models.DateTimeField(null=True, help_text="when the frontier was whole")

    class Meta:
        db_table = "prescription_basis"
        constraints = [models.UniqueConstraint(fields=["org", "digest"], name="prescription_basis_once")]


class Prescription(Base):
    """An answer upon a basis. ``result`` as ``staveworks prescribe --json`` prints it."""

    tenancy = private()
    personal = about(
        "开过的处方", "Prescriptions made", "made_by_id", shows="org_id budget_fen made_at", kept=RECORD
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    basis = models.ForeignKey(Basis, on_delete=models.PROTECT, related_name="prescriptions")
    objective = models.CharField(max_length=10, choices=[(each, each) for each in Objective])
    budget_fen = models.BigIntegerField()
    water_before = models.FloatField()
    result = models.JSONField()
    made_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "prescription_prescription"
        indexes = [models.Index(fields=["org", "-made_at"], name="prescription_newest")]
        constraints = [
            models.UniqueConstraint(fields=["basis", "budget_fen", "objective"], name="prescription_once"),
            models.CheckConstraint(condition=Q(budget_fen__gte=0), name="prescription_budget_not_negative"),
        ]


class Step(Base):
    """A net budget at which the best water level rises, the ``place``-th of its basis."""

    tenancy = private()
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    basis = models.ForeignKey(Basis, on_delete=models.PROTECT, related_name="steps")
    place = models.PositiveIntegerField()
    budget_fen = models.BigIntegerField()
    water_level = models.FloatField()
    chosen = ArrayField(models.CharField(max_length=40))

    class Meta:
        db_table = "prescription_step"
        constraints = [models.UniqueConstraint(fields=["basis", "place"], name="prescription_step_once")]
