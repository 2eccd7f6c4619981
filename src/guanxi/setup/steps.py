"""The check-list of a new installation: what there is to do, what is done, what was skipped."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import journal, registry
from guanxi.kernel.actor import Actor, system_actor
from guanxi.kernel.company import company, own_company
from guanxi.kernel.stamps import remembered
from guanxi.people.models import Department, Holiday, Person
from guanxi.people.organisation import touch

ADMINISTRATORS = "people.role:edit"
HERE = "/setup/"
SKIPPED = "skipped"
DONE = "done"


@dataclass(frozen=True)
class Step:
    """`is_done(book)` looks at what there is; None where only a person can say it."""

    key: str
    label: Any
    text: Any
    icon: str
    url: str
    is_done: Callable[[int], bool] | None = None


def _all_of(book: int) -> Actor:
    return system_actor("setting up", surface="page", book=book)


def _has_name(book: int) -> bool:
    return bool(company(book).name)


@remembered(8)
def _has_departments(book: int) -> bool:
    return Department.rows(_all_of(book)).live().exists()


@remembered(8)
def _has_colleagues(book: int) -> bool:
    return Person.rows(_all_of(book)).live().filter(signs_in=True).count() > 1


def _has_customers(book: int) -> bool:
    spec = registry.find("customers.customer")
    return spec is None or spec.model.rows(_all_of(book)).exists()


def _has_no_demo(book: int) -> bool:
    return journal.standing_batch(_all_of(book), kind="demo") is None


def _has_holidays(book: int) -> bool:
    """Somebody has looked at them, or the table already tells of the coming year."""
    return _swapped_days(book, timezone.localdate().year + 1)


@remembered(8)
def _swapped_days(book: int, year: int) -> bool:
    return Holiday.rows(_all_of(book)).live().filter(day__year=year, works=True).exists()


STEPS = (
    Step(
        "company",
        _("The company"),
        _("Name, logo, currency: they stand in the menu and on prints."),
        "building",
        f"{HERE}company/",
        _has_name,
    ),
    Step(
        "departments",
        _("Departments"),
        _("Paste the list as it stands in a table or a mail."),
        "sitemap",
        f"{HERE}departments/",
        _has_departments,
    ),
    Step(
        "staff",
        _("Colleagues"),
        _("Paste names, departments and mobiles; each gets a first password."),
        "users",
        f"{HERE}staff/",
        _has_colleagues,
    ),
    Step(
        "customers",
        _("Customers"),
        _("Bring the table you have: Excel or CSV, with a trial run."),
        "table-import",
        "/import/customers/",
        _has_customers,
    ),
    Step(
        "holidays",
        _("Holidays and swapped days"),
        _("The official calendar is there; add what your company does differently."),
        "calendar",
        f"{HERE}holidays/",
        _has_holidays,
    ),
    Step(
        "numbering",
        _("Numbering"),
        _("How the numbers of customers and opportunities look."),
        "hash",
        "/numbering/",
    ),
    Step(
        "demo",
        _("Demo data"),
        _("Remove the invented company before real work begins."),
        "users-group",
        "/demo/",
        _has_no_demo,
    ),
)


def state_of(actor: Actor, step: Step) -> str:
    """ "done", "skipped" or ""."""
    if step.is_done is not None and step.is_done(actor.book):
        return DONE
    return str(company(actor.book).steps.get(step.key, ""))


def mark(actor: Actor, key: str, state: str) -> None:
    """Remembers what a person says of a step: "skipped", "done", or "" to open it again."""
    row = own_company(actor.book)
    kept = {name: value for name, value in row.steps.items() if name != key}
    row.steps = {**kept, key: state} if state else kept
    row.save()
    touch()
