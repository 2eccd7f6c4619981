"""Who signs in (User), who does business (Person), where they stand, what they may do (Role)."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import fields
from guanxi.kernel.actor import POLICY_LABELS, REACH_LABELS, VERBS
from guanxi.kernel.record import Dictionary, Part, Record


class User(AbstractUser):
    """Somebody who signs in. Business rows never point here: they point to Person."""

    language = models.CharField(max_length=10, default="zh-hans")
    theme = models.CharField(max_length=10, default="auto")
    density = models.CharField(max_length=12, default="comfortable")
    time_zone = models.CharField(max_length=50, blank=True)
    must_change_password = models.BooleanField(default=False)
    #: Notices not read yet, kept by `guanxi.notices`: the bell of every page needs no count.
    unread = models.PositiveIntegerField(default=0)


class Department(Record):
    name = fields.Text(_("department name"), max=50, by_pinyin=True)
    code = fields.Text(_("code"), max=40, optional=True)
    parent = fields.Link("self", _("above"), lookup="children", optional=True, tree=True)
    head = fields.Person(_("head"), lookup="heads")
    remark = fields.LongText(_("remark"))
    position = fields.Position()

    class Meta(Record.Meta):
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("book", "parent", "name"), name="department_name"),
        )


class Person(Record):
    name = fields.Text(pgettext_lazy("person", "name"), max=50, by_pinyin=True, surname=True)
    number = fields.Text(_("staff number"), max=30, optional=True)
    department = fields.Department(_("department"), lookup="members")
    superior = fields.Person(_("superior"), lookup="subordinates")
    job = fields.Text(_("job title"), max=50, optional=True)
    mobile = fields.Phone(_("mobile"))
    email = fields.Email(_("e-mail"))
    joined_on = fields.Date(_("joined on"), optional=True)
    remark = fields.LongText(_("remark"))
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    signs_in = fields.Boolean(_("may sign in"))
    password_reset_at = fields.Instant(_("password reset"), optional=True, editable=False)

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
