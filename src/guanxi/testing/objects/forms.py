"""Every object: new, edit, copy, facts edited in place; what is refused, and that nothing is
lost."""

from typing import Any

import pytest
from django.db import models
from django.utils import translation

from guanxi.kernel import kinds, registry
from guanxi.kernel.check import required_message, unique_fields, unique_message
from guanxi.kernel.columns import column
from guanxi.kernel.present import present
from guanxi.kernel.spec import Capability, Spec
from guanxi.testing.every_object import Case, skip_unless, words
from guanxi.testing.samples import candidates, make, other_text, sample_values

#: One character each, although some take two places in UTF-16 and four bytes in UTF-8.
RARE = "😀𠮷字é"
TYPED = ("text", "textarea", "number", "money", "percent", "email", "phone", "tags", "date")


def test_forms_in_both_languages(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    for language in ("zh-hans", "en"):
        client = case.browser(language=language)
        for steps in (("new",), (case.rows[0].pk, "edit")):
            page = client.get(case.url(*steps))
            assert page.status_code == 200
            shown = words(page)
            with translation.override(language):
                for name in case.spec.form_fields:
                    assert str(column(case.spec, name).label) in shown, (language, name)


def test_create_by_form_and_read_back(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    client, before = case.browser(), case.count()
    values = sample_values(case.spec, 20, actor=case.boss)
    blank = case.form(client.get(case.url("new")), "new")
    answer = client.post(case.url("new"), blank | posted(case.spec, values))
    assert answer.status_code == 303, error_texts(answer)
    assert case.count() == before + 1
    made = case.spec.model.rows(case.boss).order_by("-pk").first()
    assert answer["Location"] == case.url(made.pk)
    page = words(client.get(answer["Location"]))
    for name in case.spec.form_fields:
        field: Any = made._meta.get_field(name)
        if name in values and values[name] != "":
            assert getattr(made, field.attname) == field.kind.parse(values[name]), name
    for value in present(case.boss, case.spec, [made], case.spec.form_fields)[0].values:
        if not isinstance(value.column.kind, kinds.ImageKind):
            assert " ".join(value.text.split()) in page, value.column.path
    for parts in case.spec.parts:
        if parts.own_page:
            continue
        stored = parts.model._all.filter(**{parts.owner_field: made.pk})
        assert stored.count() == len(values[parts.name]), parts.name


def test_saving_an_unchanged_form_leaves_no_trace(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    client = case.browser()
    for row in (case.rows[0], case.rows[1], case.rows[3]):
        page = client.get(case.url(row.pk, "edit"))
        before = [dict(one) for one in _part_rows(case.spec, row)]
        answer = client.post(case.url(row.pk, "edit"), case.form(page, row.pk, "edit"))
        assert answer.status_code == 303, error_texts(answer)
        assert [dict(one) for one in _part_rows(case.spec, row)] == before
        assert case.fresh(row).version == row.version


def test_wrong_values_are_refused_and_kept(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    client, row = case.browser(), case.rows[0]
    sent = case.form(client.get(case.url(row.pk, "edit")), row.pk, "edit")
    names = [name for name in case.spec.form_fields if name not in case.spec.fixed]
    bad = {name: column(case.spec, name).kind.bad_samples() for name in names}
    for turn in range(max(len(texts) for texts in bad.values())):
        wrong = {name: texts[turn] for name, texts in bad.items() if len(texts) > turn}
        answer = client.post(case.url(row.pk, "edit"), sent | wrong)
        assert answer.status_code == 422, wrong
        shown = controls(answer)
        kept = case.form(answer, row.pk, "edit")
        for name, text in wrong.items():
            assert shown[name].get("error"), (name, text)
            if shown[name]["widget"] in TYPED:
                assert kept[name] == text, name
        assert case.fresh(row).version == row.version


def test_what_is_required_is_asked_for(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    client, before = case.browser(), case.count()
    sent = case.form(client.get(case.url("new")), "new")
    wanted = [name for name in case.spec.form_fields if _must_be_filled(case.spec, name)]
    sent |= posted(case.spec, sample_values(case.spec, 20, actor=case.boss))
    answer = client.post(case.url("new"), sent | dict.fromkeys(wanted, "  "))
    if not wanted:
        pytest.skip("nothing is required")
    assert answer.status_code == 422
    with translation.override("zh-hans"):
        for name in wanted:
            assert controls(answer)[name]["error"] == required_message(), name
    assert case.count() == before


def test_lengths_count_characters(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    client, row = case.browser(), case.rows[0]
    sent = case.form(client.get(case.url(row.pk, "edit")), row.pk, "edit")
    texts = {
        name: kind.max
        for name in case.spec.form_fields
        if isinstance(kind := column(case.spec, name).kind, kinds.TextKind) and not kind.checker
    }
    full = {name: _rare(size) for name, size in texts.items()}
    answer = client.post(case.url(row.pk, "edit"), sent | full)
    assert answer.status_code == 303, error_texts(answer)
    stored = case.fresh(row)
    assert {name: getattr(stored, name) for name in texts} == full
    sent["version"] = str(stored.version)
    answer = client.post(
        case.url(row.pk, "edit"), sent | {name: _rare(size + 1) for name, size in texts.items()}
    )
    assert answer.status_code == 422
    for name, size in texts.items():
        assert f"{size + 1:,}" in controls(answer)[name]["error"], name


def test_what_must_be_unique_is(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    client, before = case.browser(), case.count()
    for constraint in case.spec.model._meta.constraints:
        if not isinstance(constraint, models.UniqueConstraint):
            continue
        names = unique_fields(constraint)
        if not set(names) <= set(case.spec.form_fields):
            continue
        holder = next((row for row in case.rows if all(_raw(row, name) for name in names)), None)
        assert holder is not None, f"no row has {names}"
        values = sample_values(case.spec, 40, actor=case.boss)
        values |= {name: _raw(holder, name) for name in names}
        answer = client.post(case.url("new"), posted(case.spec, values))
        assert answer.status_code == 422, constraint.name
        with translation.override("zh-hans"):
            assert unique_message() in controls(answer)[names[-1]]["error"], constraint.name
        assert case.count() == before


def test_a_form_sent_twice_makes_one_row(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    client, before = case.browser(), case.count()
    sent = case.form(client.get(case.url("new")), "new")
    sent |= posted(case.spec, sample_values(case.spec, 20, actor=case.boss))
    first = client.post(case.url("new"), sent)
    again = client.post(case.url("new"), sent)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first["Location"] == again["Location"]
    assert case.count() == before + 1
    other = client.post(case.url("new"), sent | {"form_token": "x" * 5000})
    assert other.status_code in (303, 422)


def test_two_people_editing_lose_nothing(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    row, title = case.rows[0], case.spec.title
    first, second = case.browser(), case.browser()
    sent = case.form(first.get(case.url(row.pk, "edit")), row.pk, "edit")
    assert first.post(case.url(row.pk, "edit"), sent | {title: "甲的话"}).status_code == 303
    late = second.post(case.url(row.pk, "edit"), sent | {title: "乙的话"})
    assert late.status_code == 409
    assert "甲的话" in words(late)
    assert "乙的话" in words(late)
    assert getattr(case.fresh(row), title) == "甲的话"
    kept = case.form(late, row.pk, "edit")
    assert kept[title] == "乙的话"
    assert second.post(case.url(row.pk, "edit"), kept).status_code == 303
    assert getattr(case.fresh(row), title) == "乙的话"


def test_copy_takes_everything_but_what_is_the_row_s_own(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    row = case.rows[0]
    shown = case.form(case.browser().get(case.url("new"), {"copy": row.pk}), "new")
    empty = case.form(case.browser().get(case.url("new")), "new")
    own = {case.spec.title, *case.spec.uncopied}
    if case.spec.number is not None:
        own.add(case.spec.number.field)
    for name in case.spec.form_fields:
        col = column(case.spec, name)
        begins_now = name in own and isinstance(col.kind, kinds.InstantKind)
        if name == "owner" or begins_now or isinstance(col.kind, kinds.FileKind):
            continue
        stored = col.kind.edit_text(_raw(row, name))
        assert shown.get(name, "") == (empty.get(name, "") if name in own else stored), name
    assert case.browser().get(case.url("new"), {"copy": "999999999"}).status_code == 404
    assert case.browser().get(case.url("new"), {"copy": "²"}).status_code == 200


def test_facts_are_edited_in_place(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    client, row, tried = case.browser(), case.rows[0], set()
    for name in case.spec.form_fields:
        kind = column(case.spec, name).kind
        if kind.name in tried or case.spec.ruled_by(name) or isinstance(kind, kinds.FileKind):
            continue
        if name in (*case.spec.fixed, *case.spec.together):
            continue
        tried.add(kind.name)
        url = case.url(row.pk, "field", name)
        version = str(case.fresh(row).version)
        assert client.get(url).status_code == 200, name
        for text in kind.bad_samples()[:1]:
            wrong = client.post(url, {name: text, "version": version})
            assert wrong.status_code == 422, (name, text)
            assert text in wrong.content.decode() or not isinstance(kind, kinds.TextKind), name
        text = _another(case, name)
        assert client.post(url, {name: text, "version": version}).status_code == 303, (name, text)
        stored = case.fresh(row)
        assert _raw(stored, name) == kind.parse(text), name
        assert client.post(url, {name: text, "version": "1"}).status_code == 409, name
    assert client.get(case.url(row.pk, "field", "version")).status_code == 404


def test_what_is_decided_at_the_beginning_stays(self: Any, case: Case) -> None:
    client, row = case.browser(), case.rows[0]
    for name in case.spec.fixed:
        sent = {name: _another(case, name), "version": row.version}
        if str(_raw(row, name)) != sent[name]:
            assert client.post(case.url(row.pk, "field", name), sent).status_code == 404, name
    lines = [
        line for one in client.get(case.url(row.pk)).context["sections"] for line in one["lines"]
    ]
    fixed = {str(column(case.spec, name).label) for name in case.spec.fixed}
    assert not [line for line in lines if str(line["label"]) in fixed and line["edit_url"]]


def test_timeline_tells_and_undo_takes_back(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    client, row, title = case.browser(), case.rows[0], case.spec.title
    old = getattr(row, title)
    client.post(case.url(row.pk, "field", title), {title: "改过的名字", "version": row.version})
    page = client.get(case.url(row.pk))
    entry = page.context["timeline"]["entries"][0]
    line = (title, str(column(case.spec, title).label), old, "改过的名字")
    assert line in [(one.field, one.label, one.old, one.new) for one in entry["lines"]]
    assert entry["who"] == case.company.boss.name
    assert "改过的名字" in words(client.get(case.url(row.pk, "timeline")))
    undo = page.content.decode().split("/undo/change/")[1].split("/")[0]
    assert client.get(f"/undo/change/{undo}/").status_code == 404
    assert client.post(f"/undo/change/{undo}/").status_code == 303
    stored = case.fresh(row)
    assert getattr(stored, title) == old
    client.post(f"/undo/change/{undo}/")
    assert case.fresh(row).version == stored.version


def test_possible_duplicates_are_asked_about(self: Any, case: Case) -> None:
    if not case.spec.duplicates:
        pytest.skip("no duplicate rule")
    client, before, row = case.browser(), case.count(), case.rows[0]
    values = sample_values(case.spec, 41, actor=case.boss)
    for name in case.spec.duplicates[0].fields:
        head, _dot, child = name.partition(".")
        values[head] = _line_like(case.spec, row, head) if child else _raw(row, name)
    sent = posted(case.spec, values)
    sent.pop("not_alike")
    asked = client.post(case.url("new"), sent)
    assert asked.status_code == 200
    assert case.url(row.pk) in asked.content.decode()
    assert case.count() == before
    again = case.form(asked, "new") | {"not_alike": "1"}
    assert client.post(case.url("new"), again).status_code == 303
    assert case.count() == before + 1


def posted(spec: Spec, values: dict[str, Any]) -> dict[str, Any]:
    """Sample values as a form sends them; another row of the same name is meant as another one."""
    sent: dict[str, Any] = {"not_alike": "1"}
    for name, value in values.items():
        parts = spec.part(name)
        if parts is None:
            sent[name] = value
            continue
        if parts.own_page:
            continue
        sent[f"{name}-TOTAL"] = len(value)
        for index, line in enumerate(value):
            for key, text in line.items():
                if key == parts.main:
                    sent |= {f"{name}-main": index} if text else {}
                else:
                    sent[f"{name}-{index}-{key}"] = text
    return sent


def controls(page: Any) -> dict[str, Any]:
    """The controls of a form page by name, with their errors."""
    return {
        field["name"]: field for section in page.context["sections"] for field in section["fields"]
    }


def error_texts(answer: Any) -> Any:
    return answer.context["error_list"] if answer.context else answer


def _part_rows(spec: Spec, row: Any) -> Any:
    for parts in spec.parts:
        yield from parts.model._all.filter(**{parts.owner_field: row.pk}).order_by("pk").values()


def _line_like(spec: Spec, row: Any, name: str) -> list[dict[str, Any]]:
    """Child rows as row `row` has them, as a person would type them."""
    parts: Any = spec.part(name)
    stored = parts.model._all.filter(**{parts.owner_field: row.pk}).order_by("position")
    return [{one: str(_raw(line, one)) for one in parts.fields} for line in stored]


def _must_be_filled(spec: Spec, name: str) -> bool:
    field: Any = spec.model._meta.get_field(name)
    if field.blank or field.null or field.has_default() or spec.ruled_by(name):
        return False
    return not (name == spec.title and spec.prepares)


def _rare(size: int) -> str:
    return (RARE * (size // len(RARE) + 1))[:size]


def _raw(row: Any, name: str) -> Any:
    return getattr(row, row._meta.get_field(name).attname)


def _another(case: Case, name: str) -> str:
    """An acceptable value for row 0 that differs from the one it has."""
    kind = column(case.spec, name).kind
    if not isinstance(kind, kinds.LinkKind):
        return other_text(case.spec, name, 21)
    if registry.spec(kind.to) is case.spec:
        return str(case.make(60).pk)
    before = case.spec.form_fields[: case.spec.form_fields.index(name)]
    like = {one: _raw(case.rows[0], one) for one in before}
    found = candidates(case.boss, kind, like, case.spec.model)
    others = [one for one in found if one != _raw(case.rows[0], name)]
    return str(others[-1] if others else make(registry.spec(kind.to), case.boss, 61).pk)
