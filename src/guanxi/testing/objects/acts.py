"""Every object: invalid and valid again, deleted and brought back, many at once, order by hand."""

from datetime import date
from typing import Any

import pytest

from guanxi.kernel import kinds, registry
from guanxi.kernel.acts import share_record, uses_of
from guanxi.kernel.columns import column
from guanxi.kernel.models import Change
from guanxi.kernel.snapshot import snapshot
from guanxi.kernel.spec import Capability
from guanxi.testing.every_object import Case, skip_unless, words
from guanxi.testing.samples import make


def test_invalid_means_view_only(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.INVALIDATE)
    client, row = case.browser(), case.make(30)
    assert client.get(case.url(row.pk, "invalidate")).status_code == 200
    assert client.post(case.url(row.pk, "invalidate"), {"reason": "录错了"}).status_code == 303
    page = client.get(case.url(row.pk))
    assert page.status_code == 200
    assert "录错了" in words(page)
    acts = page.context["acts"]
    assert [act["url"] for act in acts["main"]] == [case.url(row.pk, "restore")]
    assert all(act["looks"] for act in acts["more"])
    assert not [
        line for part in page.context["sections"] for line in part["lines"] if line["edit_url"]
    ]
    version = case.fresh(row).version
    title = {
        case.spec.title: "新名",
        "version": version,
        "reason": "",
        "owner": case.company.anna.pk,
    }
    for steps in ("edit", f"field/{case.spec.title}", "invalidate", "delete", "transfer"):
        if steps == "transfer" and not case.spec.can(Capability.TRANSFER):
            continue
        answer = client.post(f"{case.url(row.pk)}{steps}/", title)
        assert answer.status_code == 409, steps
    assert case.fresh(row).version == version
    assert client.post(case.url(row.pk, "restore")).status_code == 303
    assert not case.fresh(row).is_void
    assert client.get(case.url(row.pk, "edit")).status_code == 200


def test_invalidating_can_be_taken_back(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.INVALIDATE)
    client, row = case.browser(), case.make(30)
    client.post(case.url(row.pk, "invalidate"))
    assert client.post(f"/undo/change/{_last(case, row)}/").status_code == 303
    assert not case.fresh(row).is_void


def test_deleted_rows_come_back_as_they_were(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.DELETE)
    client, row = case.browser(), case.make(31)
    before, parts = snapshot(case.fresh(row)), _parts(case, row)
    created = case.fresh(row).created_at
    assert client.get(case.url(row.pk, "delete")).status_code == 200
    assert client.post(case.url(row.pk, "delete")).status_code == 303
    assert case.fresh(row) is None
    assert _parts(case, row) == []
    for steps in ((), ("edit",), ("timeline",), ("delete",)):
        assert client.get(case.url(row.pk, *steps)).status_code == 404
    assert client.post(f"/undo/change/{_last(case, row)}/").status_code == 303
    back = case.fresh(row)
    assert snapshot(back) == before
    assert back.created_at == created
    assert _parts(case, row) == parts
    assert client.get(case.url(row.pk)).status_code == 200


def test_old_changes_stay_closed_after_a_return(self: Any, case: Case) -> None:
    """A row that was deleted and brought back is not what an older undo remembers."""
    skip_unless(case.spec, Capability.DELETE)
    client, row, title = case.browser(), case.make(31), case.spec.title
    url = case.url(row.pk, "field", title)
    client.post(url, {title: "第二名", "version": 1})
    older = _last(case, row)
    client.post(case.url(row.pk, "delete"))
    client.post(f"/undo/change/{_last(case, row)}/")
    client.post(url, {title: "第三名", "version": case.fresh(row).version})
    client.post(f"/undo/change/{older}/")
    assert getattr(case.fresh(row), title) == "第三名"


def test_what_is_in_use_is_not_deleted(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.DELETE)
    row = _used_row(case)
    if row is None:
        pytest.skip("nothing links here")
    client = case.browser()
    page = client.get(case.url(row.pk, "delete"))
    assert str(uses_of(row)[0].count) in words(page)
    users = client.get(page.context["links"][0]["url"])
    assert len(case.ids(users)) == uses_of(row)[0].count
    kept = client.post(case.url("bulk", "delete"), {"tick": [row.pk]})
    assert kept.context["left"][0]["links"][0]["url"] == page.context["links"][0]["url"]
    assert not kept.context["button"]
    answer = client.post(case.url(row.pk, "delete"))
    assert answer.status_code == 409
    assert case.fresh(row) is not None


def test_bulk_invalidate_and_restore(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.INVALIDATE)
    client = case.browser()
    rows = [case.make(number) for number in (32, 33, 34)]
    client.post(case.url(rows[0].pk, "invalidate"))
    ticks = [row.pk for row in rows]
    answer = client.post(case.url("bulk", "invalidate"), {"tick": [*ticks, 999_999_999, "²", "x"]})
    assert answer.status_code == 303
    said = words(client.get(answer["Location"]))
    assert "2 " in said
    assert str(rows[0]) in said
    assert all(case.fresh(row).is_void for row in rows)
    client.post(case.url("bulk", "restore"), {"tick": ticks})
    assert not any(case.fresh(row).is_void for row in rows)


def test_bulk_delete_and_its_undo(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.DELETE)
    client = case.browser()
    rows = [case.make(number) for number in (32, 33)]
    before = case.count()
    ticks = {"tick": [row.pk for row in rows]}
    asked = client.post(case.url("bulk", "delete"), ticks)
    assert asked.status_code == 200
    assert case.count() == before
    sent = case.form(asked, "bulk", "delete")
    answer = client.post(case.url("bulk", "delete"), sent)
    assert case.count() == before - 2
    page = client.get(answer["Location"]).content.decode()
    batch = page.split("/undo/batch/")[1].split("/")[0]
    assert client.post(f"/undo/batch/{batch}/").status_code == 303
    assert case.count() == before
    assert [case.fresh(row).pk for row in rows] == [row.pk for row in rows]


def test_bulk_edit_changes_exactly_what_was_ticked(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.BULK_EDIT)
    if not case.spec.bulk_edit:
        pytest.skip("no field is edited in bulk")
    client, name = case.browser(), _bulk_field(case)
    rows = [case.make(number) for number in (32, 33, 34)]
    field: Any = case.spec.model._meta.get_field(name)
    # A choice of three may be held by the three rows; the middle one may have the value already.
    value = _unlike(case, [rows[0], rows[2]], field)
    url, ticks = case.url("bulk", "edit"), [row.pk for row in rows[:2]]
    asked = client.post(url, {"tick": ticks})
    assert asked.status_code == 200
    sent = case.form(asked, "bulk", "edit")
    assert client.post(url, sent).status_code == 422
    answer = client.post(url, sent | {name: value})
    assert answer["Location"] == case.url()
    stored = [getattr(case.fresh(row), field.attname) for row in rows]
    shown = [_sent(field, one) == value for one in stored]
    assert shown == [True, True, False]
    page = client.get(answer["Location"]).content.decode()
    batch = page.split("/undo/batch/")[1].split("/")[0]
    client.post(f"/undo/batch/{batch}/")
    now = [getattr(case.fresh(row), field.attname) for row in rows]
    assert now == [getattr(row, field.attname) for row in rows]


def test_bulk_of_all_found_rows_counts_exactly(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.INVALIDATE)
    client = case.browser()
    rows = [case.make(number) for number in (32, 33)]
    for row in rows:
        url = case.url(row.pk, "field", case.spec.title)
        client.post(url, {case.spec.title: f"独一无二{row.pk}", "version": 1})
    if case.spec.title not in case.spec.filters:
        pytest.skip("the title is no filter")
    answer = client.post(case.url("bulk", "invalidate"), {"all": "1", case.spec.title: "独一无二"})
    assert "2 " in words(client.get(answer["Location"]))
    assert all(case.fresh(row).is_void for row in rows)
    assert not any(case.fresh(row).is_void for row in case.rows)


def test_bulk_hand_over(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.TRANSFER)
    client, anna = case.browser(), case.company.anna
    rows = [case.make(number) for number in (32, 33)]
    url = case.url("bulk", "transfer")
    sent = case.form(client.post(url, {"tick": [row.pk for row in rows]}), "bulk", "transfer")
    assert client.post(url, sent).status_code == 422
    client.post(url, sent | {"owner": anna.pk})
    assert [case.fresh(row).owner_id for row in rows] == [anna.pk, anna.pk]


def test_bulk_knows_no_other_act(self: Any, case: Case) -> None:
    client = case.browser()
    assert client.post(case.url("bulk", "explode"), {"tick": case.rows[0].pk}).status_code == 404
    assert client.get(case.url("bulk", "delete")).status_code == 404
    if case.spec.can(Capability.DELETE):
        answer = client.post(case.url("bulk", "delete"), {"tick": ["", "-1", "9" * 40]})
        assert answer.status_code == 303


def test_hand_over_and_share_one(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.TRANSFER)
    client, row = case.browser(), case.rows[0]
    anna, ben = case.company.anna, case.company.ben
    assert client.get(case.url(row.pk, "transfer")).status_code == 200
    assert client.post(case.url(row.pk, "transfer"), {"owner": "²"}).status_code == 422
    assert client.post(case.url(row.pk, "transfer"), {"owner": "999999999"}).status_code in (
        409,
        422,
    )
    assert client.post(case.url(row.pk, "transfer"), {"owner": anna.pk}).status_code == 303
    assert case.fresh(row).owner_id == anna.pk
    his, url = case.browser(ben), case.url(row.pk)
    assert his.get(url).status_code == 404
    assert client.post(case.url(row.pk, "share"), {"person": ""}).status_code == 422
    assert (
        client.post(case.url(row.pk, "share"), {"person": ben.pk, "until": "31.1."}).status_code
        == 422
    )
    client.post(case.url(row.pk, "share"), {"person": ben.pk, "level": "read"})
    assert his.get(url).status_code == 200
    assert his.get(case.url(row.pk, "edit")).status_code == 403
    client.post(case.url(row.pk, "share"), {"person": ben.pk, "level": "write"})
    assert his.get(case.url(row.pk, "edit")).status_code == 200
    over = {"person": ben.pk, "until": "2020-01-01"}
    assert client.post(case.url(row.pk, "share"), over).status_code == 422
    share_record(case.boss, case.fresh(row), person_id=ben.pk, until=date(2020, 1, 1))
    assert his.get(url).status_code == 404
    client.post(case.url(row.pk, "share"), {"end": ben.pk})
    assert his.get(url).status_code == 404


def test_order_by_hand(self: Any, case: Case) -> None:
    client, sort = case.browser(), case.url("sort")
    if not case.spec.by_position:
        assert client.get(sort).status_code == 404
        return
    if case.spec.can(Capability.INVALIDATE):
        client.post(case.url(case.rows[2].pk, "invalidate"))
    order = [entry["id"] for entry in client.get(sort).context["entries"]]
    mover = order[-1]
    client.post(sort, {"row": mover, "to": 2})
    order.insert(1, order.pop())
    assert [entry["id"] for entry in client.get(sort).context["entries"]] == order
    client.post(sort, {"row": order[0], "to": len(order) - 1})
    order.insert(len(order) - 2, order.pop(0))
    assert [entry["id"] for entry in client.get(sort).context["entries"]] == order
    assert case.ids(case.get(per_page="200"))[: len(order)] == order
    for to in ("0", "", "-1", "²", "9" * 20, "x"):
        assert client.post(sort, {"row": mover, "to": to}).status_code == 303
    assert client.post(sort, {"row": "x", "to": "1"}).status_code == 404
    assert [entry["id"] for entry in client.get(sort).context["entries"]] == order


def test_rules_have_a_page_each(self: Any, case: Case) -> None:
    client, row = case.browser(), case.rows[0]
    for rule in case.spec.actions:
        info = rule.info  # type: ignore[attr-defined]
        page = client.get(case.url(row.pk, info.name))
        assert page.status_code == 200, info.name
        assert str(info.label) in words(page)
    assert client.get(case.url(row.pk, "no-such-rule")).status_code == 404
    assert client.post(case.url(row.pk, "stage"), {"stage": "x"}).status_code == (
        404 if case.spec.board is None else 409
    )


def _bulk_field(case: Case) -> str:
    """The first that has more answers than yes and no."""
    names = case.spec.bulk_edit
    plain = kinds.BooleanKind
    return next(one for one in names if not isinstance(column(case.spec, one).kind, plain))


def _last(case: Case, row: Any) -> int:
    found = Change.objects.filter(object=case.spec.key, record_id=row.pk).order_by("-pk")
    return found.values_list("pk", flat=True)[0]


def _parts(case: Case, row: Any) -> list[dict[str, Any]]:
    found = []
    for parts in case.spec.parts:
        lines = parts.model._all.filter(**{parts.owner_field: row.pk}).order_by("position", "pk")
        found += [{k: v for k, v in line.items() if k != "id"} for line in lines.values()]
    return found


def _used_row(case: Case) -> Any:
    """A row of this object that another row links to."""
    for _model, field, owner in registry.links_to(case.spec.key):
        if owner is not None and field in owner.form_fields and owner.can(Capability.CREATE):
            if owner.ruled_by(field) or owner is case.spec:
                continue
            row = case.rows[0] if case.spec.path != "pipelines" else _with_stage(case)
            make(owner, case.boss, 70, **{field: str(row.pk)})
            return row
    return None


def _with_stage(case: Case) -> Any:
    """The pipeline of the first day, which has stages for the opportunity that will use it."""
    return case.spec.model.rows(case.boss).order_by("pk").first()


def _sent(field: Any, value: Any) -> str:
    return str(value) if field.kind.name in ("link", "tree") else field.kind.edit_text(value)


def _unlike(case: Case, rows: Any, field: Any) -> str:
    """An id or code no row has yet in this field."""
    held = {_sent(field, getattr(row, field.attname)) for row in rows}
    target = getattr(field, "related_model", None)
    if target is not None:
        return str(make(registry.spec(target), case.boss, 80).pk)
    texts = (field.kind.edit_text(field.kind.sample(number)) for number in range(100, 200))
    return next(text for text in texts if text not in held)
