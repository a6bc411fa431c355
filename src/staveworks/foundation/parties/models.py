"""Columns and constraints; decisions are in ``domain.py``, writes in ``usecases``."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from staveworks.db.models import COMMON, Base, private, shared
from staveworks.db.personal import RECORD, about
from staveworks.foundation.parties import claim_models  # noqa: F401 - Django finds all models of the room here
from staveworks.foundation.parties.types import Kind, Role


class City(models.Model):
    """A place of GB/T 2260: province, prefecture or county. ``zone`` is its time zone; coordinates in degrees (WGS 84)."""

    tenancy = COMMON
    code = models.CharField(max_length=6, primary_key=True)
    level = models.SmallIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")

    class Meta:
        db_table = "parties_city"


class Person(AbstractBaseUser, Base):
    """A human being, or a service account that acts as the operator. *Common*: sign-in must find her before anybody is signed in."""

    tenancy = COMMON
    personal = about("账号", "The account", "id", shows="name phone email joined_at last_login")
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=16, unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(unique=True, null=True, blank=True)
    service = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(db_default=Now())
    erased_at = models.DateTimeField(
        null=True, help_text="deleted for good: the row stays, so that what was done keeps its number"
    )

    objects = BaseUserManager()
    USERNAME_FIELD = "id"
    REQUIRED_FIELDS = []

    class Meta:
        db_table = "parties_person"

    def __str__(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        return False


class Organisation(Base):
    """A party. Everybody may read it: name, code and place are what the public business register shows; the rest is in ``Profile``.

    Written by itself, and by its steward until it is claimed.
    """

    tenancy = shared("id", "steward_id")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    sort_key = models.CharField(max_length=400, db_index=True)
    former_names = ArrayField(models.CharField(max_length=200), default=list)
    kinds = ArrayField(models.CharField(max_length=20, choices=[(kind, kind) for kind in Kind]), default=list)
    uscc = models.CharField(max_length=18, null=True)
    country = models.CharField(max_length=2, default="CN")
    city = models.ForeignKey(City, null=True, on_delete=models.PROTECT, related_name="organisations")
    steward = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="stewarded")
    claimed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_organisation"
        constraints = [
            models.UniqueConstraint(
                fields=["uscc"], condition=Q(merged_into=None), name="parties_organisation_uscc_once"
            ),
            models.CheckConstraint(condition=Q(kinds__len__gte=1), name="parties_organisation_some_kind"),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")), name="parties_organisation_not_into_itself"
            ),
        ]
        indexes = [GinIndex(fields=["kinds"], name="parties_organisation_kinds")]


class Profile(models.Model):
    """What is held about an organisation beyond the register; its own and its steward's until it is claimed."""

    tenancy = shared("org_id", "steward_id")
    org = models.OneToOneField(
        Organisation, primary_key=True, on_delete=models.CASCADE, related_name="profile"
    )
    steward = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    business_type = models.CharField(max_length=40, blank=True)
    contact = models.CharField(max_length=80, blank=True)
    phones = ArrayField(models.CharField(max_length=24), default=list)
    email = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=400, blank=True)
    website = models.CharField(max_length=200, blank=True)
    products = models.CharField(max_length=400, blank=True)
    staff = models.PositiveIntegerField(null=True)
    staff_approximate = models.BooleanField(default=False)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "parties_profile"


class Membership(Base):
    """A person's role in an organisation."""

    tenancy = shared("org_id", "person_id")
    personal = about("在单位里的角色", "Roles in organisations", "person_id", shows="org_id role since")
    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    since = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_membership"
        constraints = [
            models.UniqueConstraint(fields=["org", "person", "role"], name="parties_membership_once")
        ]


class Invitation(Base):
    """A promise of a role to whoever holds the link; only the digest of its token is kept."""

    tenancy = shared("org_id", "token_digest")
    personal = about(
        "发出或接受的邀请",
        "Invitations sent or accepted",
        "invited_by_id",
        "accepted_by_id",
        shows="org_id role created_at accepted_at",
        kept=RECORD,
    )
    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    contact = models.CharField(max_length=254)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_invitation"


class Mandate(Base):
    """代办: a firm lets an agent (a person, or an organisation's people) act for it within named rights, until a date."""

    tenancy = shared("org_id", "agent_org_id", "agent_person_id")
    personal = about(
        "代办",
        "Mandates",
        "agent_person_id",
        "given_by_id",
        shows="org_id rights given_at until withdrawn_at",
        kept=RECORD,
    )
    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="mandates_given")
    agent_org = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="mandates_held"
    )
    agent_person = models.ForeignKey(
        Person, null=True, on_delete=models.CASCADE, related_name="mandates_held"
    )
    rights = ArrayField(models.CharField(max_length=40))
    given_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(db_default=Now())
    until = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_mandate"
        constraints = [
            models.CheckConstraint(
                condition=Q(agent_org=None) ^ Q(agent_person=None), name="parties_mandate_one_agent"
            ),
            models.CheckConstraint(condition=Q(rights__len__gte=1), name="parties_mandate_some_right"),
        ]


class Claim(Base):
    """A person says: this imported firm is mine. Proven by a code or a licence, decided by a person of the steward."""

    tenancy = shared("steward_id", "person_id")
    personal = about(
        "认领",
        "Claims of firms",
        "person_id",
        "decided_by_id",
        shows="org_id method state created_at decided_at",
        kept=RECORD,
    )
    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="claims")
    steward = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims_to_decide")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claims")
    method = models.CharField(
        max_length=10,
        choices=[(m, m) for m in ("phone", "letter", "licence", "link", "counter")],
    )
    state = models.CharField(
        max_length=10,
        default="open",
        choices=[(s, s) for s in ("open", "proven", "granted", "refused", "withdrawn", "revoked")],
    )
    code_digest = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    licence_id = models.UUIDField(null=True)
    terms = models.JSONField(null=True, help_text="at the counter: what the code that reached her agreed to")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        db_table = "parties_claim"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "person"],
                condition=Q(state__in=["open", "proven"]),
                name="parties_claim_one_live",
            ),
            models.UniqueConstraint(
                fields=["org"], condition=Q(state="granted"), name="parties_claim_granted_once"
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", revoked_at__isnull=False)
                | (~Q(state="revoked") & Q(revoked_at=None)),
                name="parties_claim_revoked_is_dated",
            ),
        ]


class ClaimLink(Base):
    """The invitation to an unclaimed firm: whoever holds the link may claim it without another proof."""

    tenancy = shared("steward_id", "token_digest")
    personal = about(
        "发出的认领链接", "Claim links issued", "created_by_id", shows="org_id created_at", kept=RECORD
    )
    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="claim_links")
    steward = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contact = models.CharField(max_length=254, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_claim_link"


class Agreement(Base):
    """The membership agreement a firm accepted when it was claimed: what the operator may see by default, until withdrawn."""

    tenancy = shared("org_id", "operator_id")
    personal = about(
        "接受的入会约定",
        "Membership agreements accepted",
        "accepted_by_id",
        shows="org_id edition accepted_at",
        kept=RECORD,
    )
    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="agreements")
    operator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    edition = models.CharField(max_length=20)
    shows = ArrayField(models.CharField(max_length=40), default=list)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    accepted_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_agreement"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "operator"], condition=Q(withdrawn_at=None), name="parties_agreement_one_live"
            )
        ]


class Token(Base):
    """A key for programs: acts as its person in its organisation, within its scopes."""

    tenancy = shared("org_id", "token_digest")
    personal = about(
        "接口令牌", "API tokens", "person_id", shows="org_id name scopes created_at expires_at used_at"
    )
    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    token_digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_token"


class OperatorLink(models.Model):
    """The one-time link by which the first person of a fresh installation becomes its operator."""

    tenancy = COMMON
    id = models.SmallIntegerField(primary_key=True, default=1)
    token_digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "parties_operator_link"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="parties_operator_link_only_one")]


class CallWindow(models.Model):
    """How often one address or token (by digest) has called the API since its present minute began."""

    tenancy = COMMON
    caller = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField(db_index=True)
    calls = models.IntegerField()

    class Meta:
        db_table = "parties_call_window"


class SavedView(Base):
    """A table's filters and order under a name, for one person in one organisation."""

    tenancy = private()
    personal = about("保存的筛选", "Saved views", "person_id", shows="org_id page name query saved_at")
    org = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=400)
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "parties_saved_view"
        constraints = [
            models.UniqueConstraint(fields=["org", "person", "page", "name"], name="parties_saved_view_once")
        ]
