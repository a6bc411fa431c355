"""Columns and constraints; decisions are in ``domain.py``, writes in ``usecases``."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from staveworks.db.models import Base, private
from staveworks.db.personal import RECORD, about
from staveworks.foundation.rosters.types import Outcome, PairState, RosterState


class Roster(Base):
    """A list that somebody loaded. Its bytes lie outside the web root, named by their digest."""

    tenancy = private()
    personal = about(
        "上传的名册", "Rosters uploaded", "uploaded_by_id", shows="org_id name uploaded_at", kept=RECORD
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="rosters")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(help_text="bytes")
    is_correction = models.BooleanField(default=False)
    corrects = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="corrections")
    sheets = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=[(s, s) for s in RosterState], default=RosterState.MAPPED)
    reason = models.JSONField(null=True)
    total = models.PositiveIntegerField(default=0)
    progress = models.PositiveIntegerField(default=0)
    loaded = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    queued = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    cells_to_correct = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, help_text="the last start or resumption")
    started_from = models.PositiveIntegerField(default=0, help_text="progress at that time")
    touched_at = models.DateTimeField(null=True, help_text="the last sign of life of a running import")
    finished_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(
        null=True, help_text="when its bytes went: by the rule, or for a person who is erased"
    )

    class Meta:
        db_table = "rosters_roster"
        indexes = [
            models.Index(fields=["org", "digest"], name="rosters_roster_digest"),
            models.Index(fields=["org", "-uploaded_at"], name="rosters_roster_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(progress=F("loaded") + F("merged") + F("queued") + F("refused")),
                name="rosters_roster_counts_add_up",
            ),
            models.CheckConstraint(condition=Q(progress__lte=F("total")), name="rosters_roster_not_beyond"),
        ]


class RosterRow(Base):
    """A row as it came, as it was read (``entry``, null if refused) and what became of it.

    ``organisation`` is the firm in which the row stands *now*: a merge moves it, undoing moves it back.
    """

    tenancy = private()
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(help_text="0 is the first data row of the file")
    sheet = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(help_text="1 is the first line of the file or sheet")
    cells = models.JSONField(default=list)
    entry = models.JSONField(null=True)
    issues = models.JSONField(default=list)
    outcome = models.CharField(max_length=10, choices=[(o, o) for o in Outcome])
    organisation = models.ForeignKey(
        "parties.Organisation", null=True, on_delete=models.PROTECT, related_name="roster_rows"
    )
    reason = models.JSONField(null=True)
    matched_id = models.UUIDField(
        null=True,
        help_text="of an automatic merge: the row it was found to be the same as, or the firm where only the register has it",
    )

    class Meta:
        db_table = "rosters_row"
        constraints = [
            models.UniqueConstraint(fields=["roster", "position"], name="rosters_row_position_once"),
            models.UniqueConstraint(fields=["roster", "sheet", "number"], name="rosters_row_number_once"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.REFUSED, organisation=None)
                | Q(~Q(outcome=Outcome.REFUSED), organisation__isnull=False),
                name="rosters_row_firm_unless_refused",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation"], name="rosters_row_organisation"),
            models.Index(
                fields=["matched_id"], condition=Q(matched_id__isnull=False), name="rosters_row_matched"
            ),
        ]


class MatchKey(models.Model):
    """Rows that share a key may be the same firm. Repeated rows of the same bytes have none.

    Without foreign keys: eight of them a row are checked by what writes them, and rows are never deleted.
    """

    tenancy = private()
    pk = models.CompositePrimaryKey("org_id", "key", "row_id")
    org_id = models.UUIDField()
    key = models.CharField(max_length=80)
    row_id = models.UUIDField()

    class Meta:
        db_table = "rosters_match_key"


class DuplicatePair(Base):
    """Two rows that may be the same firm: a question for a person, or an automatic merge that one has looked at.

    The firms are those in which the rows stand now; ``right_firm`` stands for a row where only the register has the firm.
    """

    tenancy = private()
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    left_row = models.ForeignKey(RosterRow, on_delete=models.CASCADE, related_name="pairs_left")
    right_row = models.ForeignKey(RosterRow, null=True, on_delete=models.CASCADE, related_name="pairs_right")
    right_firm = models.ForeignKey(
        "parties.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    score = models.PositiveSmallIntegerField()
    match = models.JSONField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in PairState], default=PairState.OPEN)
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "rosters_pair"
        constraints = [
            models.UniqueConstraint(fields=["left_row", "right_row"], name="rosters_pair_asked_once"),
            models.UniqueConstraint(fields=["left_row", "right_firm"], name="rosters_pair_firm_asked_once"),
            models.CheckConstraint(condition=~Q(left_row=F("right_row")), name="rosters_pair_two_rows"),
            models.CheckConstraint(
                condition=Q(right_row=None) ^ Q(right_firm=None), name="rosters_pair_one_right_side"
            ),
        ]
        indexes = [models.Index(fields=["org", "state", "-score", "id"], name="rosters_pair_queue")]


class Decision(Base):
    """What a person decided about a pair, with all that is needed to undo it.

    ``changes``: per changed column of the kept firm, its value before and after. ``moved_rows``: rows that went over from
    ``gone`` to ``kept``. ``settled_pairs``: open pairs that the merge answered along the way. ``split``: an automatic merge
    kept apart; then ``moved_rows`` went from ``kept`` to ``gone``, a firm of their own.
    """

    tenancy = private()
    personal = about(
        "处理的疑似重复",
        "Duplicates decided",
        "by_id",
        "undone_by_id",
        shows="org_id at undone_at",
        kept=RECORD,
    )
    org = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(DuplicatePair, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=10, choices=[("merge", "merge"), ("apart", "apart")])
    split = models.BooleanField(default=False, db_default=False)
    kept = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    left_name = models.CharField(max_length=200)
    right_name = models.CharField(max_length=200)
    changes = models.JSONField(default=dict)
    moved_rows = ArrayField(models.UUIDField(), default=list)
    settled_pairs = ArrayField(models.UUIDField(), default=list)
    by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(db_default=Now())
    undone_by = models.ForeignKey("parties.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rosters_decision"
        constraints = [
            models.UniqueConstraint(
                fields=["pair"], condition=Q(undone_at=None), name="rosters_decision_one_live"
            )
        ]
        indexes = [models.Index(fields=["org", "-at"], name="rosters_decision_newest")]
