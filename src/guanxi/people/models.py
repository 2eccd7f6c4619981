"""Who signs in (User), who does business (Person), where they stand, what they may do (Role)."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import fields
from guanxi.kernel.actor import POLICY_LABELS, REACH_LABELS, VERBS
from guanxi.kernel.record import Dictionary, Part, Record
from guanxi.kernel.sealing import SealedText


class User(AbstractUser):
    """Somebody who signs in. Business rows never point here: they point to Person."""

    language = models.CharField(max_length=10, default="zh-hans")
    theme = models.CharField(max_length=10, default="auto")
    density = models.CharField(max_length=12, default="comfortable")
    time_zone = models.CharField(max_length=50, blank=True)
    must_change_password = models.BooleanField(default=False)
    password_changed_at = models.DateTimeField(null=True)
    #: Whether there is a SecondFactor: no page needs a query to know.
    has_second_factor = models.BooleanField(default=False)
    #: Told by the middleware for one request: the settings want a second factor, there is none.
    must_set_up_factor = False
    #: Notices not read yet, kept by `guanxi.notices`: the bell of every page needs no count.
    unread = models.PositiveIntegerField(default=0)


class Tree(Dictionary):
    """A further hierarchy beside the line: by profession, region, product. The line itself, of
    departments and superiors, is no row."""

    class Meta(Dictionary.Meta):
        verbose_name = _("hierarchy")
        verbose_name_plural = _("hierarchies")


class Department(Record):
    name = fields.Text(_("department name"), max=50, by_pinyin=True)
    code = fields.Text(_("code"), max=40, optional=True)
    parent = fields.Link("self", _("above"), lookup="children", optional=True, tree=True)
    head = fields.Person(_("head"), lookup="heads")
    tree = fields.Link("people.Tree", _("hierarchy"), lookup="departments", optional=True)
    remark = fields.LongText(_("remark"))
    position = fields.Position()

    class Meta(Record.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("book", "parent", "name"), name="department_name"),
        )


class UnitPlace(Part):
    """Where a department hangs in a further hierarchy, besides its place in its own."""

    department = fields.Link("people.Department", _("department"), lookup="places", owns=True)
    tree = fields.Link("people.Tree", _("hierarchy"), lookup="unit_places")
    parent = fields.Link("people.Department", _("above"), lookup="places_below", optional=True)

    class Meta(Part.Meta):
        verbose_name = _("place in a further hierarchy")
        verbose_name_plural = _("places in further hierarchies")
        constraints = (
            models.UniqueConstraint(fields=("department", "tree"), name="unit_place_once"),
        )


class Person(Record):
    name = fields.Text(pgettext_lazy("person", "name"), max=50, by_pinyin=True, surname=True)
    number = fields.Text(_("staff number"), max=30, optional=True)
    department = fields.Department(_("department"), lookup="members")
    superior = fields.Person(_("superior"), lookup="subordinates")
    job = fields.Text(_("job title"), max=50, optional=True)
    mobile = fields.Phone(_("mobile"))
    phone = fields.Phone(_("landline"))
    email = fields.Email(_("e-mail"))
    joined_on = fields.Date(_("joined on"), optional=True)
    remark = fields.LongText(_("remark"))
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    signs_in = fields.Boolean(_("may sign in"))
    password_reset_at = fields.Instant(_("password reset"), optional=True, editable=False)
    #: For people and the journal; what counts at sign-in is the SecondFactor itself.
    second_factor_at = fields.Instant(_("two-step sign-in since"), optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("staff")
        indexes = (models.Index(fields=("mobile_e164",), name="person_mobile"),)
        constraints = (
            models.UniqueConstraint(
                fields=("book", "number"), condition=~models.Q(number=""), name="person_number"
            ),
        )


class Role(Dictionary):
    """A named set of grants. Its code is stable; day-one roles are found again by it."""

    class Meta(Dictionary.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")


class Grant(Part):
    """One verb on one object, or on a group of them ("*", "records", "terms", "people")."""

    role = fields.Link("people.Role", _("role"), lookup="grants", owns=True)
    object = fields.Text(_("object"), max=80)
    verb = fields.Choice(_("right"), choices=VERBS)
    reach = fields.Choice(
        _("reach"), choices={reach.name.lower(): label for reach, label in REACH_LABELS.items()}
    )
    #: Through which hierarchy superiors and departments count; None is the line.
    tree = fields.Link("people.Tree", _("hierarchy"), lookup="grants", optional=True)

    class Meta(Part.Meta):
        constraints = (
            models.UniqueConstraint(fields=("role", "object", "verb"), name="grant_once"),
        )


class FieldRule(Part):
    """What holders of a role may do with one field, on their own rows and on others'."""

    POLICIES = {policy.name.lower(): label for policy, label in POLICY_LABELS.items()}

    role = fields.Link("people.Role", _("role"), lookup="field_rules", owns=True)
    object = fields.Text(_("object"), max=80)
    field = fields.Text(_("field"), max=80)
    mine = fields.Choice(_("on my rows"), choices=POLICIES, default="free")
    others = fields.Choice(_("on others' rows"), choices=POLICIES, default="free")

    class Meta(Part.Meta):
        constraints = (
            models.UniqueConstraint(fields=("role", "object", "field"), name="field_rule_once"),
        )


class PersonRole(Part):
    person = fields.Link("people.Person", _("person"), lookup="roles", owns=True)
    role = fields.Link("people.Role", _("role"), lookup="holders")

    class Meta(Part.Meta):
        verbose_name = _("holder of a role")
        verbose_name_plural = _("holders of the role")
        constraints = (models.UniqueConstraint(fields=("person", "role"), name="person_role_once"),)


class Standing(Part):
    """Where a person stands in a further hierarchy: below whom, in which department."""

    person = fields.Link("people.Person", _("person"), lookup="standings", owns=True)
    tree = fields.Link("people.Tree", _("hierarchy"), lookup="standings")
    superior = fields.Person(_("superior"), lookup="standings_below")
    department = fields.Department(_("department"), lookup="standings")

    class Meta(Part.Meta):
        verbose_name = _("place in a further hierarchy")
        verbose_name_plural = _("places in further hierarchies")
        constraints = (models.UniqueConstraint(fields=("person", "tree"), name="standing_once"),)


class Holiday(Record):
    """A day that is not what its weekday says: off, or worked in exchange (调休)."""

    day = fields.Date(_("day"))
    name = fields.Text(_("holiday name"), max=40)
    works = fields.Boolean(_("worked in exchange"))

    class Meta(Record.Meta):
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = (models.UniqueConstraint(fields=("book", "day"), name="holiday_once"),)


class OrganisationStamp(models.Model):
    """Another random value with every change, so that each process knows when its picture is old.

    No counter: after a transaction that was rolled back the same number would come again.
    """

    value = models.PositiveBigIntegerField()


class Security(models.Model):
    """What an account set decides about signing in. Saved together with a new stamp.

    idle_minutes: a session without a request for so long ends; password_days: so old a password
    has to be changed; 0 is never. view_administrators: administrators may be viewed as, too.
    second_factor: who signs in with a second step; second_factor_roles: ids of roles for "roles".
    """

    class Asked(models.TextChoices):
        OFF = "off", _("off: nobody is asked for a code")
        FREE = "free", _("whoever wants to")
        ROLES = "roles", _("required for these roles, free for the others")
        ALL = "all", _("required for everybody")

    book = models.PositiveSmallIntegerField(unique=True)
    idle_minutes = models.PositiveSmallIntegerField(default=0)
    password_days = models.PositiveSmallIntegerField(default=0)
    view_administrators = models.BooleanField(default=False)
    second_factor = models.CharField(max_length=5, choices=Asked, default=Asked.FREE)
    second_factor_roles = models.JSONField(default=list)


class Viewing(models.Model):
    """That somebody looked at the product as another person; names stay when persons go."""

    viewer_id = models.PositiveBigIntegerField()
    viewer = models.CharField(max_length=100)
    person_id = models.PositiveBigIntegerField()
    person = models.CharField(max_length=100)
    book = models.PositiveSmallIntegerField()
    address = models.CharField(max_length=45)
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.viewer} → {self.person}"


class TokenScope(models.TextChoices):
    READ = "read", _("read only")
    WRITE = "write", _("read and write")


class ApiToken(models.Model):
    """What a program shows instead of a password; acts with the rights of its person.

    The token itself is nowhere: `digest` is its SHA-256, `prefix` its first letters for people.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=5, choices=TokenScope)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.prefix}… {self.name}"


class SecondFactor(models.Model):
    """What an app on the phone makes codes of. `last_step`: the half-minute of the last code that
    was taken; it and those before are refused."""

    user = models.OneToOneField(User, models.CASCADE, related_name="+")
    secret = SealedText()
    last_step = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id}"


class RecoveryCode(models.Model):
    """Opens once where the phone is lost. The code itself is nowhere: `digest` is its SHA-256."""

    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("factor", "digest"), name="recovery_code_once"),
        )

    def __str__(self) -> str:
        return f"{self.factor_id}"


class SignedIn(models.Model):
    """That somebody signed in with a browser: `key` is that of the session, "" once it has ended.

    Kept for a while after its end: the record of who was in, since when and from where.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("key",), condition=~models.Q(key=""), name="signed_in_key"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.address}"
