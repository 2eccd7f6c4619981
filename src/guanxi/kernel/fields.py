"""The columns of a record. Each is a Django field that carries its `kind`.

They deconstruct to the stock Django fields, so a migration never imports us. `companions` are
further columns a field derives from its value (sort key, digits, currency); `change()` fills them.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import birthdays, kinds
from guanxi.kernel.errors import Wrong
from guanxi.kernel.lookups import Marks
from guanxi.kernel.phones import read_phone
from guanxi.kernel.sealing import Sealed, fingerprint, seal
from guanxi.kernel.text import name_key

MONEY_SCALE = 10_000
Derive = Callable[[Any], Any]


class Companions:
    """Shared by the fields below: stock deconstruction and derived columns beside the field."""

    kind: kinds.Kind
    stock: str
    #: name suffix -> (column, how to derive it from the field's value; None = set by hand)
    companions: Mapping[str, tuple[models.Field, Derive | None]] = {}

    def deconstruct(self):
        name, _path, args, keywords = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.stock}", args, keywords

    def clone(self):
        """What migrations keep of the field: the stock one."""
        _name, _path, args, keywords = self.deconstruct()
        return getattr(models, self.stock)(*args, **keywords)

    def contribute_to_class(self, cls, name, **options):
        super().contribute_to_class(cls, name, **options)  # type: ignore[misc]
        if cls._meta.abstract:
            return
        for suffix, (column, _derive) in self.companions.items():
            if not any(field.name == f"{name}_{suffix}" for field in cls._meta.local_fields):
                cls.add_to_class(f"{name}_{suffix}", column.clone())

    def derive(self, record: Any) -> None:
        name: str = self.name  # type: ignore[attr-defined]
        value = getattr(record, name)
        for suffix, (_column, derive) in self.companions.items():
            if derive is not None:
                setattr(record, f"{name}_{suffix}", derive(value))


class Text(Companions, models.CharField):
    """One line; `by_pinyin` keeps a key beside it by which lists sort, `surname` for persons."""

    stock = "CharField"

    def __init__(
        self,
        label: Any,
        *,
        max: int,
        optional: bool = False,
        by_pinyin: bool = False,
        surname: bool = False,
        check: Callable[[str], str] | None = None,
        kind: kinds.Kind | None = None,
        **more: Any,
    ) -> None:
        self.kind = kind or kinds.TextKind(max=max, check=check)
        if by_pinyin:
            key = models.CharField(max_length=80, blank=True, default="", editable=False)
            self.companions = {"key": (key, partial(name_key, surname=surname))}
        super().__init__(label, max_length=max, **_blank(optional), **more)


class LongText(Companions, models.TextField):
    stock = "TextField"

    def __init__(
        self, label: Any, *, max: int = 500, optional: bool = True, kind: kinds.Kind | None = None
    ) -> None:
        self.kind = kind or kinds.LongTextKind(max=max)
        super().__init__(label, **_blank(optional))


def Conditions(label: Any, *, of: str) -> LongText:
    return LongText(label, kind=kinds.ConditionsKind(of=of))


def _mark(value: Any) -> str:
    if not isinstance(value, Sealed):
        return fingerprint(value) if value else ""
    try:
        return fingerprint(value.open())
    except Wrong:
        return ""


class Encrypted(Companions, models.TextField):
    """A text encrypted at rest: `Sealed` when read; `<name>_mark` finds it again as a whole."""

    stock = "TextField"
    companions = {
        "mark": (
            models.CharField(max_length=64, blank=True, default="", editable=False, db_index=True),
            _mark,
        )
    }

    def __init__(self, label: Any, *, kind: kinds.SealedKind, optional: bool = True) -> None:
        self.kind = kind
        super().__init__(label, **_blank(optional))

    def from_db_value(self, value, expression, connection):
        return Sealed(value) if value else ""

    def get_prep_value(self, value):
        if isinstance(value, Sealed):
            return value.token
        return seal(value) if value else value


class Birthday(Companions, models.CharField):
    """A day of birth by either calendar, with or without its year; `<name>_mark` finds who has
    one."""

    stock = "CharField"
    companions = {
        "mark": (
            models.PositiveIntegerField(default=0, editable=False, db_index=True),
            birthdays.mark,
        )
    }

    def __init__(self, label: Any) -> None:
        self.kind = kinds.BirthdayKind()
        super().__init__(label, max_length=16, blank=True, default="")


class Region(Companions, models.CharField):
    """A province, city or district by its GB/T 2260 code."""

    stock = "CharField"

    def __init__(self, label: Any) -> None:
        self.kind = kinds.RegionKind()
        super().__init__(label, max_length=6, blank=True, default="")


def Email(label: Any, *, optional: bool = True) -> Text:
    return Text(label, max=120, optional=optional, kind=kinds.EmailKind())


def Web(label: Any, *, optional: bool = True) -> Text:
    return Text(label, max=200, optional=optional, kind=kinds.WebKind())


class Phone(Companions, models.CharField):
    """The number as typed; `<name>_digits` and `<name>_e164` beside it."""

    stock = "CharField"
    companions = {
        "digits": (
            models.CharField(max_length=30, blank=True, default="", editable=False),
            lambda text: read_phone(text).digits[:30] if text else "",
        ),
        "e164": (
            models.CharField(max_length=20, blank=True, default="", editable=False),
            lambda text: read_phone(text).e164 or "" if text else "",
        ),
    }

    def __init__(self, label: Any, *, optional: bool = True) -> None:
        self.kind = kinds.PhoneKind()
        super().__init__(label, max_length=50, **_blank(optional))


class Integer(Companions, models.IntegerField):
    stock = "IntegerField"

    def __init__(
        self,
        label: Any,
        *,
        min: int = 0,
        max: int = 2_147_483_647,
        optional: bool = False,
        plain: bool = False,
        default: int | None = None,
    ) -> None:
        self.kind = kinds.IntegerKind(min=min, max=max, plain=plain)
        super().__init__(label, **_null(optional), **_default(default))


class Percent(Companions, models.PositiveSmallIntegerField):
    stock = "PositiveSmallIntegerField"

    def __init__(self, label: Any, *, optional: bool = False, default: int | None = None) -> None:
        self.kind = kinds.PercentKind()
        super().__init__(label, **_null(optional), **_default(default))


class Money(Companions, models.BigIntegerField):
    """Decimal in Python, an integer of 1/10,000 in the table, `<name>_currency` beside it."""

    stock = "BigIntegerField"
    companions = {"currency": (models.CharField(max_length=3, default="CNY", editable=False), None)}

    def __init__(self, label: Any, *, optional: bool = True, negative: bool = False) -> None:
        self.kind = kinds.MoneyKind(negative=negative)
        super().__init__(label, **_null(optional))

    def from_db_value(self, value, expression, connection):
        return None if value is None else Decimal(int(value)) / MONEY_SCALE

    def to_python(self, value):
        return value if value is None or isinstance(value, Decimal) else Decimal(str(value))

    def get_prep_value(self, value):
        if value is None or hasattr(value, "resolve_expression"):
            return value
        return int((Decimal(str(value)) * MONEY_SCALE).to_integral_value())


class Date(Companions, models.DateField):
    stock = "DateField"

    def __init__(self, label: Any, *, optional: bool = False) -> None:
        self.kind = kinds.DateKind()
        super().__init__(label, **_null(optional))


class Instant(Companions, models.DateTimeField):
    stock = "DateTimeField"

    def __init__(self, label: Any, *, optional: bool = False, **more: Any) -> None:
        self.kind = kinds.InstantKind()
        super().__init__(label, **_null(optional), **more)


class Boolean(Companions, models.BooleanField):
    stock = "BooleanField"

    def __init__(self, label: Any, *, default: bool = False) -> None:
        self.kind = kinds.BooleanKind()
        super().__init__(label, default=default)


class Choice(Companions, models.CharField):
    """One of a fixed set of codes: `choices` is a TextChoices class or a mapping code -> label."""

    stock = "CharField"

    def __init__(
        self,
        label: Any,
        *,
        choices: Any,
        optional: bool = False,
        default: str | None = None,
        max: int = 40,
    ) -> None:
        pairs = dict(choices.choices) if hasattr(choices, "choices") else dict(choices)
        self.kind = kinds.ChoiceKind(choices=pairs)
        options = _blank(optional) | _default(default)
        super().__init__(label, max_length=max, **options)


class Tags(Companions, models.TextField):
    """A list of words, stored as |one|two| so that one LIKE finds one of them."""

    stock = "TextField"

    def __init__(self, label: Any) -> None:
        self.kind = kinds.TagsKind()
        super().__init__(label, blank=True, default=list)

    def deconstruct(self):
        name, path, args, keywords = super().deconstruct()
        return name, path, args, {**keywords, "default": ""}

    def from_db_value(self, value, expression, connection):
        return self.to_python(value)

    def to_python(self, value):
        if isinstance(value, str):
            return [tag for tag in value.split("|") if tag]
        return list(value or ())

    def get_prep_value(self, value):
        return f"|{'|'.join(value)}|" if value else ""


Tags.register_lookup(Marks)


class Link(Companions, models.ForeignKey):
    """A link to another record. The reverse accessor is hidden; queries use the `lookup` name.

    `owns`: on a Part, the link to the record it belongs to.
    `tree`: the target is a tree, so conditions know "is or lies below".
    """

    stock = "ForeignKey"

    def __init__(
        self,
        to: str,
        label: Any,
        *,
        lookup: str = "",
        optional: bool = False,
        owns: bool = False,
        tree: bool = False,
        kind: kinds.LinkKind | None = None,
        **more: Any,
    ) -> None:
        maker = kinds.TreeLinkKind if tree else kinds.LinkKind
        self.kind = kind or maker(to=to.lower())
        self.owns = owns
        if lookup:
            more["related_query_name"] = lookup
        super().__init__(
            to,
            on_delete=models.PROTECT,
            verbose_name=label,
            related_name="+",
            **_null(optional),
            **more,
        )

    def contribute_to_class(self, cls, name, **options):
        super().contribute_to_class(cls, name, **options)
        if isinstance(self.kind, kinds.LinkKind) and self.kind.to == "self":
            self.kind = type(self.kind)(to=cls._meta.label_lower)


class Attachment(Companions, models.ForeignKey):
    """A stored file of any type but programs."""

    stock = "ForeignKey"

    def __init__(self, label: Any, *, kind: kinds.FileKind | None = None, **more: Any) -> None:
        self.kind = kind or kinds.FileKind()
        super().__init__(
            "kernel.StoredFile",
            on_delete=models.PROTECT,
            verbose_name=label,
            related_name="+",
            null=True,
            blank=True,
            **more,
        )


def Image(label: Any) -> Attachment:
    """A picture: PNG, JPEG, GIF or WebP, at most 5 MB."""
    return Attachment(label, kind=kinds.ImageKind())


def Person(label: Any, *, lookup: str = "", optional: bool = True, **more: Any) -> Link:
    return Link(
        "people.Person", label, lookup=lookup, optional=optional, kind=kinds.PersonKind(), **more
    )


def Department(label: Any, *, lookup: str = "", optional: bool = True) -> Link:
    return Link("people.Department", label, lookup=lookup, optional=optional, tree=True)


def Position() -> Integer:
    """The place of a row among its siblings, changed by the sort page only."""
    return Integer(_("position"), max=1_000_000, default=0)


def _blank(optional: bool) -> dict[str, Any]:
    return {"blank": True, "default": ""} if optional else {}


def _null(optional: bool) -> dict[str, Any]:
    return {"null": True, "blank": True} if optional else {}


def _default(value: Any) -> dict[str, Any]:
    return {} if value is None else {"default": value}
