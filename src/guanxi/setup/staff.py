"""Colleagues by pasting a table, each with a first password that is shown this once."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.text import fold, whole_number
from guanxi.kernel.values import create_record, edit_record
from guanxi.people.accounts import give_signin, propose_username
from guanxi.people.models import Department, Person, Role
from guanxi.setup.pasting import Colleague, read_colleagues
from guanxi.setup.steps import ADMINISTRATORS, HERE
from guanxi.ui import htmx
from guanxi.ui.web import page

#: Each password is hashed slowly on purpose; more would keep the page waiting too long.
MOST = 50
PLAIN = ("name", "job", "mobile", "email", "number")
USUAL_ROLE = "sales"
EXAMPLE = (
    "姓名\t部门\t职务\t手机\n王芳\t华东销售部\t销售经理\t138 0013 8001\n李强\t华南销售部\t销售代表"
)


@dataclass(frozen=True)
class Given:
    """A sign-in and its first password, on its way to the page and kept nowhere."""

    name: str
    username: str
    password: str
    department: str


@never_cache
@page(ADMINISTRATORS)
def staff_page(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _show(request, actor, {})
    sent = request.POST.dict()
    try:
        given = _given(actor, sent)
    except Invalid as invalid:
        errors = {name: " ".join(texts) for name, texts in invalid.errors.items()}
        return _show(request, actor, sent, errors, status=400)
    except Refused as refused:
        return _show(request, actor, sent, {"list": refused.message}, status=409)
    context = {"layout": htmx.layout(request), "title": _("First passwords"), "given": given}
    return render(request, "setup/passwords.html", context | {"back": HERE})


def _given(actor: Actor, sent: dict[str, str]) -> list[Given]:
    role = _role(actor, sent.get("role", ""))
    if sent.get("act") == "rest":
        return give_to_rest(actor, role)
    rows = read_colleagues(sent.get("list", ""))
    if not rows:
        raise Invalid({"list": [_("Please fill this in.")]})
    return write_colleagues(actor, rows, role)


def _role(actor: Actor, typed: str) -> Role:
    roles = Role.rows(actor).live()
    found = roles.filter(pk=whole_number(typed)).first()
    if found is None:
        raise Invalid({"role": [_("Choose from the list, please.")]})
    return found


def write_colleagues(actor: Actor, rows: list[Colleague], role: Role) -> list[Given]:
    """All of them or none; raises Invalid with a sentence for each line that can't be taken."""
    if len(rows) > MOST:
        text = _("At most %(max)s at once; import a longer list, then give the sign-ins here.")
        raise Invalid({"list": [text % {"max": MOST}]})
    names = _Names(actor)
    errors: list[str] = []
    made: list[tuple[Colleague, Person, Role]] = []
    with transaction.atomic():
        for row in rows:
            try:
                own = names.find(names.roles, row, "role") or role
                made.append((row, _write(actor, names, row, own), own))
            except Invalid as invalid:
                errors += _sentences(row, invalid)
        for row, person, _own in made if not errors else ():
            try:
                _set_superior(actor, names, row, person)
            except Invalid as invalid:
                errors += _sentences(row, invalid)
        if errors:
            raise Invalid({"list": errors})
        return [_sign_in(actor, person) for _row, person, _own in made]


class _Names:
    """What the columns may name, folded; several of one name name none."""

    def __init__(self, actor: Actor) -> None:
        self.departments = self._of(Department.rows(actor).live())
        self.roles = self._of(Role.rows(actor).live())
        self.people = self._of(Person.rows(actor).live())

    @staticmethod
    def _of(rows: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for row in rows:
            key = fold(row.name)
            found[key] = row if key not in found else None
        return found

    def find(self, known: dict[str, Any], row: Colleague, column: str) -> Any:
        """None for an empty cell; raises Invalid for a name nothing, or more than one, has."""
        text = row.values.get(column, "")
        if not text:
            return None
        if known.get(fold(text)) is None:
            sentence = _("“%(name)s” is not there, or there are several.")
            raise Invalid({column: [sentence % {"name": text}]})
        return known[fold(text)]


def _write(actor: Actor, names: _Names, row: Colleague, role: Role) -> Person:
    department = names.find(names.departments, row, "department")
    raw: dict[str, Any] = {name: row.values[name] for name in PLAIN if name in row.values}
    raw |= {"roles": [{"role": str(role.pk)}]}
    if department is not None:
        raw["department"] = str(department.pk)
    person = create_record(actor, registry.spec(Person), raw)
    assert isinstance(person, Person)
    key = fold(person.name)
    names.people[key] = person if key not in names.people else None
    return person


def _set_superior(actor: Actor, names: _Names, row: Colleague, person: Person) -> None:
    """Afterwards: whoever is named may stand further down in the list."""
    superior = names.find(names.people, row, "superior")
    if superior is not None:
        edit_record(actor, person, {"superior": str(superior.pk)})


def _sentences(row: Colleague, invalid: Invalid) -> list[str]:
    name = row.values.get("name", "")
    return [
        _("Line %(line)s (%(name)s): %(text)s") % {"line": row.line, "name": name, "text": text}
        for texts in invalid.errors.values()
        for text in texts
    ]


def _sign_in(actor: Actor, person: Person) -> Given:
    username = propose_username(person.name)
    password = give_signin(actor, person, username=username)
    department = str(person.department) if person.department_id else ""
    return Given(person.name, username, password, department)


def _without(actor: Actor) -> Any:
    return Person.rows(actor).live().filter(user__isnull=True).order_by("name_key", "id")


def give_to_rest(actor: Actor, role: Role) -> list[Given]:
    """Sign-ins for colleagues who came by import, up to 50 at once; who has a role keeps it."""
    given = []
    with transaction.atomic():
        for person in _without(actor)[:MOST]:
            if not _has_role(actor, person):
                edit_record(actor, person, {"roles": [{"role": str(role.pk)}]})
            given.append(_sign_in(actor, person))
    return given


def _has_role(actor: Actor, person: Person) -> bool:
    return Person.rows(actor).filter(pk=person.pk, roles__isnull=False).exists()


def _show(
    request: HttpRequest,
    actor: Actor,
    sent: dict[str, str],
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    fields = [_list_field(sent), _role_field(actor, sent)]
    context = {
        "layout": htmx.layout(request),
        "title": _("Colleagues"),
        "back": HERE,
        "fields": [one | {"error": (errors or {}).get(one["name"], "")} for one in fields],
        "button": _("Add and give first passwords"),
        "there": Person.rows(actor).live().count(),
        "there_url": "/persons/",
        "import_url": "/import/persons/",
        "without": _without(actor).count(),
    }
    return render(request, "setup/paste.html", context, status=status)


def _list_field(sent: dict[str, str]) -> dict[str, Any]:
    return {
        "name": "list",
        "label": _("Colleagues, one a line"),
        "widget": "textarea",
        "rows": 10,
        "wide": True,
        "required": True,
        "value": sent.get("list", ""),
        "placeholder": EXAMPLE,
        "autofocus": True,
        "help": _(
            "Paste from a table. Columns by their titles, or in this order: name, "
            "department, job title, mobile, e-mail, superior, role."
        ),
    }


def _role_field(actor: Actor, sent: dict[str, str]) -> dict[str, Any]:
    roles = Role.rows(actor).live().order_by("position", "id")
    usual = next((str(one.pk) for one in roles if one.code == USUAL_ROLE), "")
    chosen = sent.get("role", usual)
    return {
        "name": "role",
        "label": _("Role of those without one"),
        "widget": "choice",
        "complete": True,
        "value": chosen,
        "options": [
            {"value": str(one.pk), "label": str(one), "selected": str(one.pk) == chosen}
            for one in roles
        ],
    }
