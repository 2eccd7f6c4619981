"""Field types, shared by native and custom fields."""

from guanxi.kernel.kinds.birthdays import SPANS, BirthdayKind
from guanxi.kernel.kinds.choices import BooleanKind, ChoiceKind, TagsKind
from guanxi.kernel.kinds.conditions import ConditionsKind, Told, tree_text
from guanxi.kernel.kinds.contacts import Account, AccountKind, PhoneKind
from guanxi.kernel.kinds.files import FileKind, ImageKind, Shown
from guanxi.kernel.kinds.kind import Kind, Operator, as_html
from guanxi.kernel.kinds.links import Linked, LinkKind, PersonKind, TreeLinkKind
from guanxi.kernel.kinds.numbers import (
    CURRENCY_SIGNS,
    DecimalKind,
    IntegerKind,
    MoneyKind,
    PercentKind,
    show_money,
)
from guanxi.kernel.kinds.regions import RegionKind
from guanxi.kernel.kinds.sealed import SealedKind
from guanxi.kernel.kinds.texts import EmailKind, LongTextKind, TextKind, WebKind
from guanxi.kernel.kinds.times import (
    PERIODS,
    ClockKind,
    DateKind,
    InstantKind,
    midnight,
    period_days,
)

__all__ = [
    "CURRENCY_SIGNS",
    "PERIODS",
    "SPANS",
    "Account",
    "AccountKind",
    "BirthdayKind",
    "BooleanKind",
    "ChoiceKind",
    "ClockKind",
    "ConditionsKind",
    "DateKind",
    "DecimalKind",
    "EmailKind",
    "FileKind",
    "ImageKind",
    "InstantKind",
    "IntegerKind",
    "Kind",
    "LinkKind",
    "Linked",
    "LongTextKind",
    "MoneyKind",
    "Operator",
    "PercentKind",
    "PersonKind",
    "PhoneKind",
    "RegionKind",
    "SealedKind",
    "Shown",
    "TagsKind",
    "TextKind",
    "Told",
    "TreeLinkKind",
    "WebKind",
    "as_html",
    "midnight",
    "period_days",
    "show_money",
    "tree_text",
]
