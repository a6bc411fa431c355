"""Columns and constraints of diagnosis. Who may see which row stands in migration 0002."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Now

from staveworks.cluster.barrel import figure_models  # noqa: F401 - Django finds all models of the room here
from staveworks.cluster.barrel.types import Kind, State
from staveworks.db.models import COMMON, Base, private
from staveworks.db.personal import RECORD, about
from staveworks.foundation.facts.types import Grade


class Edition(Base):
    """A rubric as it stood when somebody was first assessed by it, with every file that it needs. Never changed."""

    tenancy = COMMON
    rubric = models.CharField(max_length=60)
    edition = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    sources = models.JSONField(
        help_text="file name → text: the rubric, those it refers to, the register of planks"
    )
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "barrel_edition"


class Assessment(Base):
    """One firm's questionnaire: open while it is answered, finished on a date, superseded by a later one."""

    tenancy = private()
    personal = about(
        "做过的诊断",
        "Assessments",
        "started_by_id",
        "finished_by_id",
        shows="org_id rubric started_at finished_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="assessments")
    rubric = models.CharField(max_length=60)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in Kind])
    state = models.CharField(max_length=12, choices=[(state, state) for state in State], default=State.OPEN)
    profile = models.CharField(max_length=60, blank=True)
    adjustments = models.JSONField(default=dict, help_text="plank code → the firm's own target")
    adjustment_reason = models.CharField(max_length=400, blank=True)
    rescored_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="rescored")
    started_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(null=True)
    finished_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "barrel_assessment"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "rubric"], condition=Q(state="open"), name="barrel_assessment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="open", finished_at=None)
                | Q(state="set_aside")
                | (~Q(state="open") & ~Q(finished_at=None)),
                name="barrel_assessment_finished_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(adjustments={}) | ~Q(adjustment_reason=""), name="barrel_assessment_reason_given"
            ),
        ]


class Answer(Base):
    """What holds now for one leaf. ``value`` is null where an answer was taken back: that is unanswered, never zero."""

    tenancy = private()
    personal = about(
        "诊断里的回答",
        "Answers in assessments",
        "answered_by_id",
        shows="org_id leaf answered_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    leaf = models.CharField(max_length=120)
    value = models.JSONField(null=True)
    carried = models.BooleanField(
        default=False, help_text="taken over from an earlier assessment or the profile"
    )
    answered_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "barrel_answer"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "leaf"], name="barrel_answer_one_per_leaf")
        ]


class AnswerChange(Base):
    """Every value an answer ever had, in order; append-only."""

    tenancy = private()
    personal = about("回答的修改", "Changes of answers", "person_id", shows="org_id leaf at", kept=RECORD)
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="changes")
    leaf = models.CharField(max_length=120)
    value = models.JSONField(null=True)
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    via_org_id = models.UUIDField(null=True)
    mandate_id = models.UUIDField(null=True, help_text="the mandate by which it was given, if any")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "barrel_answer_change"
        indexes = [
            models.Index(fields=["assessment", "leaf", "at"], name="barrel_answer_change_order"),
            models.Index(
                fields=["org"],
                condition=Q(via_org_id__isnull=False) | Q(mandate_id__isnull=False),
                name="barrel_answer_change_given",
            ),
        ]


class AnswerCheck(Base):
    """Somebody of the firm's own has looked at an answer that was given in its name, and it is right; append-only."""

    tenancy = private()
    personal = about("确认的代答", "Answers confirmed", "person_id", shows="org_id at", kept=RECORD)
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    change = models.OneToOneField(AnswerChange, on_delete=models.PROTECT, related_name="check_of")
    person = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "barrel_answer_check"


class Evidence(Base):
    """A file that stands behind an answer."""

    tenancy = private()
    personal = about("附上的证据", "Evidence attached", "added_by_id", shows="org_id added_at", kept=RECORD)
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    added_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "barrel_evidence"
        constraints = [models.UniqueConstraint(fields=["answer", "file"], name="barrel_evidence_once")]


class Attestation(Base):
    """Somebody vouches for an answer as it stands. A changed answer loses it: the database sets ``lost_at``."""

    tenancy = private()
    personal = about("核验过的回答", "Answers attested", "by_person_id", shows="org_id grade at", kept=RECORD)
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="attestations")
    grade = models.CharField(
        max_length=10, choices=[(grade, grade) for grade in Grade if grade != Grade.SELF]
    )
    by_org = models.ForeignKey("parties.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    by_person = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=Now())
    lost_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "barrel_attestation"
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "grade"], condition=Q(lost_at=None), name="barrel_attestation_once_live"
            )
        ]


class Diagnosis(models.Model):
    """What an assessment came to, as of ``at``; one row an assessment, one ``current`` row a firm. See the README.

    ``org``: the firm for which it counts, which is another than the assessment's where that entry was merged into it.
    """

    tenancy = private()
    assessment = models.OneToOneField(
        Assessment, primary_key=True, on_delete=models.PROTECT, related_name="diagnosis"
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="diagnoses")
    current = models.BooleanField(default=False)
    finished = models.BooleanField(default=False)
    score = models.JSONField(help_text="[low, likely, high], as all intervals here")
    level = models.JSONField(null=True, help_text="[low, high]")
    water_low = models.FloatField(null=True)
    water_likely = models.FloatField(null=True)
    water_high = models.FloatField(null=True)
    mean = models.JSONField(null=True)
    unevenness = models.JSONField(null=True)
    bearing = models.JSONField(null=True)
    verified_water = models.JSONField(null=True)
    binding = models.CharField(max_length=40, blank=True)
    next_to_bind = ArrayField(models.CharField(max_length=40), default=list)
    planks = models.JSONField(default=dict)
    plank_codes = ArrayField(
        models.CharField(max_length=40),
        default=list,
        db_default=Value([], ArrayField(models.CharField(max_length=40))),
        help_text="the planks in the order of plank_heights; kept by the database",
    )
    plank_heights = ArrayField(
        models.FloatField(),
        default=list,
        db_default=Value([], ArrayField(models.FloatField())),
        help_text="their likely heights; kept by the database",
    )
    answered = models.PositiveSmallIntegerField()
    asked = models.PositiveSmallIntegerField()
    medians = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="leaf of kind peer → the peers' median it was scored against",
    )
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "barrel_diagnosis"
        constraints = [
            models.UniqueConstraint(
                fields=["org"], condition=Q(current=True), name="barrel_diagnosis_one_current"
            )
        ]
        indexes = [
            models.Index(fields=["water_low"], condition=Q(current=True), name="barrel_diagnosis_by_water")
        ]


class PeerGroup(Base):
    """What firms of one business type and size answered: quantiles only, never fewer than five firms."""

    tenancy = COMMON
    digest = models.CharField(max_length=64, help_text="of the edition")
    business_type = models.CharField(max_length=60)
    size = models.CharField(max_length=10, blank=True, help_text="empty: all sizes")
    firms = models.PositiveIntegerField()
    water = models.JSONField(help_text="quartiles of the likely water level, or score without planks")
    planks = models.JSONField(help_text="plank → the same of its likely height")
    scores = models.JSONField(help_text="leaf → 21 quantiles of its score, from five answers on")
    medians = models.JSONField(help_text="leaf of kind peer → median")
    behind = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        help_text="keyed digests of the answers that were summed up: how many are new decides whether the group moves",
    )
    refreshed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "barrel_peer_group"
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "business_type", "size"], name="barrel_peer_group_once"
            ),
            models.CheckConstraint(condition=Q(firms__gte=5), name="barrel_peer_group_not_recognisable"),
        ]
