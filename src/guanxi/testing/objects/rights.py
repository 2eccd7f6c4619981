"""Every object: who gets which page, what strangers never see, what a mask hides, what pages
cost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import VERBS
from guanxi.kernel.change import change
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Wrong
from guanxi.kernel.models import Change
from guanxi.kernel.query import read as read_query
from guanxi.kernel.spec import Capability, Spec
from guanxi.people.models import Person, PersonRole
from guanxi.testing import budgets
from guanxi.testing.every_object import ALL, Case
from guanxi.testing.objects.forms import posted
from guanxi.testing.people import EVERYTHING, SYSTEM, actor, browser, hierarchy
from guanxi.testing.samples import make, sample_values

HIDDEN_WORDS = "绝密内容"
FEW, MANY = 3, 30


def test_without_rights_nothing_exists(self: Any, case: Case) -> None:
    client, row = case.browser(case.company.nobody), case.rows[0]
    for url in addresses(case.spec, row):
        assert client.get(url).status_code == 404, url
        assert client.post(url, {"tick": row.pk}).status_code == 404, url
    home = client.get("/")
    assert home.status_code == 200
    assert f'href="/{case.spec.path}/' not in home.content.decode()
    found = client.get("/search/", {"q": str(row)[:20]}).content.decode()
    assert f'"/{case.spec.path}/' not in found


def test_who_may_look_may_not_touch(self: Any, case: Case) -> None:
    client, row = case.browser(case.company.looker), case.rows[0]
    count, version = case.count(), row.version
    for steps in ((), (row.pk,), ("total",), ("columns",), (row.pk, "timeline")):
        assert client.get(case.url(*steps)).status_code == 200, steps
    for url in writing(case.spec, row):
        sent = {"tick": row.pk, "version": version, case.spec.title: "改"}
        assert client.post(url, sent).status_code == 403, url
    for act in ("edit", "invalidate", "delete"):
        assert client.get(case.url(row.pk, act)).status_code == 403, act
    page = client.get(case.url(row.pk))
    offered = [act["url"] for acts in page.context["acts"].values() for act in acts]
    assert not set(offered) & {*writing(case.spec, row), case.url("new")}
    assert client.get(case.url()).context["create_url"] == ""
    assert client.get(case.url()).context["bulk"]["actions"] == []
    assert (case.count(), case.fresh(row).version) == (count, version)
    undo = Change.objects.filter(object=case.spec.key, record_id=row.pk).order_by("-pk")[0]
    assert client.post(f"/undo/change/{undo.pk}/").status_code == 404


def test_strangers_never_meet(self: Any, case: Case) -> None:
    """What ben owns does not exist for anna, through no surface, and the other way round."""
    if not case.spec.scope.has_owner:
        pytest.skip("the rows have no owner")
    anna, ben = case.company.anna, case.company.ben
    rows = {person.pk: _owned(case, person) for person in (anna, ben)}
    for person, other in ((anna, ben), (ben, anna)):
        mine, theirs = rows[person.pk], rows[other.pk]
        client = case.browser(person)
        assert client.get(case.url(mine.pk)).status_code == 200
        for url in addresses(case.spec, theirs, only_record=True):
            assert client.get(url).status_code == 404, url
            sent = {"version": theirs.version, "row": theirs.pk, "owner": person.pk}
            assert client.post(url, sent).status_code == 404, url
        _surfaces_hide(case, client, mine, theirs)
        _bulk_leaves(case, client, theirs)
        change = Change.objects.filter(object=case.spec.key, record_id=theirs.pk).order_by("-pk")[0]
        assert client.post(f"/undo/change/{change.pk}/").status_code == 404
        assert case.fresh(theirs).version == theirs.version


def test_a_further_hierarchy_opens_what_is_below_in_it_and_nothing_else(
    self: Any, case: Case
) -> None:
    """anna's professional superior sees anna's rows; her line is no business of this grant."""
    if not case.spec.scope.has_owner:
        pytest.skip("the rows have no owner")
    anna, ben = case.company.anna, case.company.ben
    chief = case.company.person("专业上级", {})
    tree = hierarchy("另一条线", {anna: chief})
    grants = {("records", verb): "own_and_below" for verb in VERBS}
    grants |= {("terms", "view"): "all", ("people", "view"): "all"}
    role = case.company.role("专业上级", grants, through=tree)
    with change(SYSTEM, Person.rows(SYSTEM).get(pk=chief.pk)) as edit:
        edit.set_parts("roles", [PersonRole(role=role)])
    line = Person.rows(SYSTEM).get(pk=ben.pk)
    with change(SYSTEM, line):
        line.superior = chief
    mine, theirs = _owned(case, anna), _owned(case, ben)
    client = case.browser(chief)
    assert client.get(case.url(mine.pk)).status_code == 200
    assert client.get(case.url(mine.pk, "edit")).status_code == 200
    for url in addresses(case.spec, theirs, only_record=True):
        assert client.get(url).status_code == 404, url
    listed = case.ids(client.get(case.url(), ALL))
    assert mine.pk in listed
    assert theirs.pk not in listed


def test_forged_ids_of_links_are_refused(self: Any, case: Case) -> None:
    """A form, a fact, a child row can't name a row its author may not see."""
    anna, ben = case.company.anna, case.company.ben
    person = anna if case.spec.scope.has_owner else case.company.boss
    client = case.browser(person)
    for name in case.spec.form_fields:
        kind = column(case.spec, name).kind
        if not isinstance(kind, kinds.LinkKind):
            continue
        target = registry.spec(kind.to)
        forged = ["999999999", "-1", "²"]
        if target.scope.has_owner and person is anna:
            forged.append(str(make(target, actor(ben), 90, owner=str(ben.pk)).pk))
        for text in forged:
            before = case.count()
            values = sample_values(case.spec, 44, actor=actor(person)) | {name: text}
            answer = client.post(case.url("new"), posted(case.spec, values))
            assert answer.status_code == 422, (name, text)
            assert case.count() == before
            blank = client.get(case.url("new"), {name: text}).content.decode()
            assert HIDDEN_WORDS not in blank


def test_masked_and_hidden_values_are_nowhere(self: Any, case: Case) -> None:
    names = [name for name in case.spec.form_fields if can_hold_secret(case.spec, name)]
    row = case.rows[0]
    for name in names:
        field = column(case.spec, name)
        secret = secret_for(case.spec, name)
        client = case.browser()
        client.post(case.url(row.pk, "field", name), {name: secret, "version": row.version})
        row = case.fresh(row)
        assert getattr(row, name) == secret, name
        for policy in ("masked", "hidden"):
            reader = case.company.person(
                f"{policy}{name}", EVERYTHING, rules=[(case.spec.key, name, policy, policy)]
            )
            who = browser(reader)
            for url in _reading(case.spec, row):
                assert secret not in who.get(url).content.decode(), (name, policy, url)
            _cannot_be_asked(case, who, actor(reader), name, secret)
            sent = {name: "新的内容", "version": row.version}
            assert who.post(case.url(row.pk, "field", name), sent).status_code == 403, name
            assert who.post(case.url(row.pk, "edit"), sent).status_code == 422, name
            label = str(field.label)
            assert getattr(case.fresh(row), name) == secret, (label, policy)


def test_people_with_masks_can_still_work(self: Any, case: Case) -> None:
    """Saving the form as it is shown keeps what its reader could not see."""
    name = next(n for n in case.spec.form_fields if can_hold_secret(case.spec, n))
    row, stored = case.rows[0], getattr(case.rows[0], name)
    for policy in ("hidden", "masked", "readonly"):
        worker = case.company.person(
            f"工作{policy}", EVERYTHING, rules=[(case.spec.key, name, policy, policy)]
        )
        client = browser(worker)
        sent = case.form(client.get(case.url(row.pk, "edit")), row.pk, "edit")
        answer = client.post(case.url(row.pk, "edit"), sent)
        assert answer.status_code == 303, (policy, answer.context and answer.context["error_list"])
        assert getattr(case.fresh(row), name) == stored, policy


def test_each_right_opens_its_own_page_only(self: Any, case: Case) -> None:
    """Looking and one verb: that verb works, all others stay 403."""
    pages = {
        "create": case.url("new"),
        "edit": case.url(case.rows[0].pk, "edit"),
        "invalidate": case.url(case.rows[0].pk, "invalidate"),
        "delete": case.url(case.rows[0].pk, "delete"),
    }
    if case.spec.can(Capability.TRANSFER):
        pages["transfer"] = case.url(case.rows[0].pk, "transfer")
        pages["share"] = case.url(case.rows[0].pk, "share")
    for verb in pages:
        granted = {("*", "view"): "all", (case.spec.key, verb): "all"}
        client = browser(case.company.person(f"只能{verb}", granted))
        answers = {one: client.get(url).status_code for one, url in pages.items()}
        assert answers == {one: 200 if one == verb else 403 for one in pages}, verb
    assert set(pages) <= set(VERBS)


def test_statements_stay_within_their_budget(self: Any, case: Case) -> None:
    """The same statements for three rows as for thirty, and no more than were agreed on."""
    row = case.rows[0]
    few = budgets.count(case, row)
    for number in range(200, 200 + MANY):
        case.make(number)
    many = budgets.count(case, row)
    assert many == few, "statements grow with the rows"
    budgets.keep(case.spec, many)


def _rules(spec: Spec) -> list[str]:
    return [rule.info.name for rule in spec.actions]  # type: ignore[attr-defined]


def addresses(spec: Spec, row: Any, *, only_record: bool = False) -> Iterator[str]:
    """Every address of an object, and of one of its rows."""
    own = "edit timeline invalidate restore delete stage move transfer share no-such-rule".split()
    own += [f"field/{spec.title}", "file/1", *_rules(spec)]
    yield f"/{spec.path}/{row.pk}/"
    yield from (f"/{spec.path}/{row.pk}/{step}/" for step in own)
    if only_record:
        return
    yield f"/{spec.path}/"
    steps = (
        "total columns new board statistics sort pick suggest bulk/edit bulk/delete bulk/transfer"
    )
    yield from (f"/{spec.path}/{step}/" for step in steps.split())


def writing(spec: Spec, row: Any) -> Iterator[str]:
    """Every address that changes something, where the object can do it at all."""
    steps = {
        Capability.CREATE: ("new",),
        Capability.EDIT: (f"{row.pk}/edit", f"{row.pk}/field/{spec.title}"),
        Capability.INVALIDATE: (f"{row.pk}/invalidate", f"{row.pk}/restore", "bulk/invalidate"),
        Capability.DELETE: (f"{row.pk}/delete", "bulk/delete"),
        Capability.TRANSFER: (f"{row.pk}/transfer", "bulk/transfer"),
        Capability.SHARE: (f"{row.pk}/share",),
        Capability.BULK_EDIT: ("bulk/edit",),
    }
    found = [step for one, names in steps.items() if spec.can(one) for step in names]
    found += [f"{row.pk}/{name}" for name in _rules(spec)]
    found += [f"{row.pk}/stage", f"{row.pk}/move"] if spec.board else []
    found += ["sort"] if spec.by_position else []
    yield from (f"/{spec.path}/{step}/" for step in found)


def _owned(case: Case, person: Person) -> Any:
    """A row of this person with a title nobody else has."""
    row = make(case.spec, actor(person), 50 + person.pk, owner=str(person.pk))
    client = case.browser(person)
    title = f"{person.name}的{HIDDEN_WORDS}{person.pk}"
    url = case.url(row.pk, "field", case.spec.title)
    assert client.post(url, {case.spec.title: title, "version": row.version}).status_code == 303
    return case.fresh(row)


def _surfaces_hide(case: Case, client: Any, mine: Any, theirs: Any) -> None:
    title, spec = str(theirs), case.spec
    assert mine.pk in case.ids(client.get(case.url(), ALL))
    asked = [
        case.url(),
        f"{case.url()}?void=all&per_page=200",
        f"{case.url()}?{spec.title}={title}",
        f"{case.url()}?q={title}",
        f"{case.url()}?owner={theirs.owner_id}",
        case.url("pick"),
        f"{case.url('pick')}?q={title}",
        f"{case.url('suggest')}?q={title}",
        case.url("statistics"),
        f"{case.url('statistics')}?by=owner",
        f"/search/?q={title}",
        f"/search/suggest/?q={title}",
        "/",
        *([case.url("board")] if spec.board else []),
        *(f"{case.url('new')}?{name}={theirs.pk}" for name in _links_to_self(spec)),
    ]
    for url in asked:
        html = client.get(url).content.decode().replace(f'value="{title}"', "")
        if "q=" in url or f"{spec.title}=" in url:
            assert f"/{theirs.pk}/" not in html, url
        else:
            assert title not in html, url
        assert f'"/{spec.path}/{theirs.pk}/' not in html, url
    total = client.get(case.url("total"), {spec.title: HIDDEN_WORDS}).context["pager"]["total"]
    assert total == 1
    for tab in [one for known in registry.specs() for one in registry.tabs_of(known.key)]:
        if tab.target == spec.key:
            assert title not in client.get(f"{case.url()}?{tab.via}=1").content.decode()


def _links_to_self(spec: Spec) -> list[str]:
    found = []
    for name in spec.form_fields:
        kind = column(spec, name).kind
        if isinstance(kind, kinds.LinkKind) and registry.spec(kind.to) is spec:
            found.append(name)
    return found


def _bulk_leaves(case: Case, client: Any, theirs: Any) -> None:
    for act in ("invalidate", "delete", "transfer", "edit", "restore"):
        sent = {"tick": theirs.pk, "confirmed": "1", "owner": case.company.anna.pk}
        answer = client.post(case.url("bulk", act), sent)
        off = act != "restore" and not case.spec.can(Capability(act))
        assert answer.status_code in ((404,) if off else (303, 403)), act
        assert str(theirs) not in client.get(case.url()).content.decode(), act


def can_hold_secret(spec: Spec, name: str) -> bool:
    """Plain text without a check of its own, shown on pages."""
    kind = column(spec, name).kind
    return type(kind) in (kinds.TextKind, kinds.LongTextKind) and not kind.checker


def secret_for(spec: Spec, name: str) -> str:
    size = getattr(column(spec, name).kind, "max", 20)
    return f"{HIDDEN_WORDS}{name}"[:size]


def _reading(spec: Spec, row: Any) -> list[str]:
    one = f"/{spec.path}/{row.pk}/"
    some = [one, f"{one}timeline/", f"{one}edit/", f"{one}delete/", f"{one}invalidate/"]
    some += [f"/{spec.path}/", f"/{spec.path}/?per_page=200", f"/{spec.path}/pick/"]
    some += [
        f"/{spec.path}/suggest/",
        f"/{spec.path}/statistics/",
        f"/{spec.path}/new/?copy={row.pk}",
    ]
    some += [f"/{spec.path}/sort/"] if spec.by_position else []
    return some + ([f"/{spec.path}/board/"] if spec.board else [])


def _cannot_be_asked(case: Case, client: Any, who: Any, name: str, secret: str) -> None:
    """No order, filter, search or sum by what the reader may not see."""
    usual = case.ids(client.get(case.url(), ALL))
    assert case.ids(client.get(case.url(), {**ALL, "sort": name})) == usual, name
    assert case.ids(client.get(case.url(), {**ALL, name: "x"})) == usual, name
    found = case.ids(client.get(case.url(), {**ALL, "q": secret}))
    assert found == [], name
    with pytest.raises(Wrong):
        read_query(case.spec, [name, "filled"], actor=who)
    with translation.override("zh-hans"):
        page = client.get(case.url("statistics"), {"by": name, "measure": name})
    assert page.status_code == 200
    assert page.context["stats"] is None
