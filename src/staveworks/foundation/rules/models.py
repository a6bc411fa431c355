"""Versions of rules. What holds them together stands in ``sql/guards.sql``."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now

from staveworks.db.models import COMMON, Base
from staveworks.db.personal import RECORD, about


class Version(Base):
    """One version of a rule: its text, its value, and when it holds. Everybody in the cluster reads it; append-only.

    A newer version ends the one before: the database does that when it is adopted. ``number`` and ``adopted_at`` are its too.
    """

    tenancy = COMMON
    personal = about(
        "通过的规则", "Rules adopted", "adopted_by_id", shows="code number adopted_at", kept=RECORD
    )
    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField(default=0)
    text_zh = models.TextField()
    text_en = models.TextField()
    value = models.JSONField()
    during = DateTimeRangeField()
    basis = models.CharField(
        max_length=20, default="operator", help_text="shipped, operator; later motion or law"
    )
    adopted_by_org = models.ForeignKey(
        "parties.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    adopted_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    adopted_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "rules_version"
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="rules_version_numbered"),
            ExclusionConstraint(
                name="rules_version_one_in_force",
                expressions=[("code", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        ]
