"""Every amount of every object: in which currency it is, asked for and shown."""

from typing import Any

import pytest

from guanxi.kernel import kinds
from guanxi.kernel.columns import column
from guanxi.kernel.company import currency_column
from guanxi.kernel.present import present
from guanxi.kernel.spec import Capability
from guanxi.testing.every_object import Case, skip_unless, words
from guanxi.testing.html import read
from guanxi.testing.objects.forms import controls, error_texts, posted
from guanxi.testing.people import LOOK
from guanxi.testing.samples import sample_values

VALUE, SHOWN = "20500", "US$20,500.00"


def test_one_currency_asks_nothing(self: Any, case: Case) -> None:
    row = case.rows[0]
    for name in _amounts(case):
        for steps in (("new",), (row.pk, "edit"), (row.pk, "field", name)):
            assert f'name="{currency_column(name)}"' not in case.get(*steps).content.decode()


def test_a_new_amount_is_in_the_currency_chosen(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    names = _amounts(case)
    case.company.uses("USD", "EUR")
    for language, currencies in (("zh-hans", "人民币 美元 欧元"), ("en", "CNY USD EUR")):
        page = case.browser(language=language).get(case.url("new"))
        assert currencies in " ".join(words(page).split())
    sent = case.form(page, "new") | posted(case.spec, sample_values(case.spec, 20, actor=case.boss))
    for name in names:
        assert sent[currency_column(name)] == "CNY"
        sent |= {name: VALUE, currency_column(name): "USD"}
    answer = case.browser().post(case.url("new"), sent)
    assert answer.status_code == 303, error_texts(answer)
    made = case.spec.model.rows(case.boss).order_by("-pk").first()
    assert [getattr(made, currency_column(name)) for name in names] == ["USD"] * len(names)
    assert words(case.browser().get(case.url(made.pk))).count(SHOWN) >= len(names)
    values = present(case.boss, case.spec, [made], names)[0].values
    assert {(value.text, value.currency) for value in values} == {(SHOWN, "USD")}
    copied = case.form(case.get("new", copy=made.pk), "new")
    assert {copied[currency_column(name)] for name in names} == {"USD"}


def test_a_currency_is_changed_told_and_taken_back(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    case.company.uses("USD")
    client, row = case.browser(), case.rows[0]
    for name in _amounts(case):
        old = present(case.boss, case.spec, [case.fresh(row)], (name,))[0].values[0].text
        url = case.url(row.pk, "field", name)
        sent = case.form(client.get(url), row.pk, "field", name)
        sent |= {name: VALUE, currency_column(name): "USD"}
        assert client.post(url, sent).status_code == 303
        assert getattr(case.fresh(row), currency_column(name)) == "USD"
        page = client.get(case.url(row.pk))
        lines = page.context["timeline"]["entries"][0]["lines"]
        assert [(one.field, one.old, one.new) for one in lines] == [(name, old, SHOWN)]
        undo = page.content.decode().split("/undo/change/")[1].split("/")[0]
        assert client.post(f"/undo/change/{undo}/").status_code == 303
        assert getattr(case.fresh(row), currency_column(name)) == "CNY"


def test_an_amount_alone_is_told_in_its_currency(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    case.company.uses("USD")
    client, names = case.browser(), _amounts(case)
    row = case.make(21, **{currency_column(name): "USD" for name in names})
    sent = case.form(client.get(case.url(row.pk, "edit")), row.pk, "edit")
    answer = client.post(case.url(row.pk, "edit"), sent | dict.fromkeys(names, VALUE))
    assert answer.status_code == 303, error_texts(answer)
    lines = client.get(case.url(row.pk)).context["timeline"]["entries"][0]["lines"]
    assert {one.field: one.new for one in lines} == dict.fromkeys(names, SHOWN)
    assert all(one.old.startswith("US$") for one in lines)


def test_a_currency_that_is_not_used_is_refused_at_its_amount(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    case.company.uses("USD")
    client, row = case.browser(), case.rows[0]
    sent = case.form(client.get(case.url(row.pk, "edit")), row.pk, "edit")
    for name in _amounts(case):
        for wrong in ("EUR", "XYZ", "€"):
            answer = client.post(
                case.url(row.pk, "edit"), sent | {name: VALUE, currency_column(name): wrong}
            )
            assert answer.status_code == 422
            assert controls(answer)[name]["error"]
            assert case.form(answer, row.pk, "edit")[name] == VALUE
            inline = {name: VALUE, currency_column(name): wrong, "version": row.version}
            assert client.post(case.url(row.pk, "field", name), inline).status_code == 422
        assert case.fresh(row).version == row.version


def test_two_people_choosing_currencies_are_told(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    case.company.uses("USD", "EUR")
    client, row, name = case.browser(), case.rows[0], currency_column(_amounts(case)[0])
    sent = case.form(client.get(case.url(row.pk, "edit")), row.pk, "edit")
    assert client.post(case.url(row.pk, "edit"), sent | {name: "USD"}).status_code == 303
    late = client.post(case.url(row.pk, "edit"), sent | {name: "EUR"})
    assert late.status_code == 409
    assert ("美元", "欧元") in [(one["stored"], one["typed"]) for one in late.context["stale"]]
    assert case.form(late, row.pk, "edit")[name] == "EUR"


def test_what_stands_stays_when_its_currency_goes(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    case.company.uses("USD")
    names = _amounts(case)
    row = case.make(22, **{currency_column(name): "USD" for name in names})
    case.company.uses()
    client = case.browser()
    sent = case.form(client.get(case.url(row.pk, "edit")), row.pk, "edit")
    assert {sent[currency_column(name)] for name in names} == {"USD"}
    answer = client.post(case.url(row.pk, "edit"), sent | {names[0]: VALUE})
    assert answer.status_code == 303, error_texts(answer)


def test_a_currency_is_under_the_rights_of_its_amount(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.EDIT)
    case.company.uses("USD")
    names, row = _amounts(case), case.rows[0]
    grants = LOOK | {("*", "edit"): "all"}
    for policy in ("readonly", "masked", "hidden"):
        rules = [(case.spec.key, name, policy, policy) for name in names]
        client = case.browser(case.company.person(f"金额{policy}", grants, rules=rules))
        page = client.get(case.url(row.pk, "edit"))
        sent = case.form(page, row.pk, "edit")
        assert not {currency_column(name) for name in names} & {*sent}
        for name in names:
            wrong = sent | {currency_column(name): "USD"}
            assert client.post(case.url(row.pk, "edit"), wrong).status_code == 422
            assert getattr(case.fresh(row), currency_column(name)) == "CNY"


def test_the_choice_of_a_currency_has_a_name(self: Any, case: Case) -> None:
    skip_unless(case.spec, Capability.CREATE)
    case.company.uses("USD")
    page = case.get("new")
    for name in _amounts(case):
        label = str(column(case.spec, currency_column(name)).label)
        assert label in read(page).words
        assert f'id="id_{currency_column(name)}"' in page.content.decode()


def _amounts(case: Case) -> list[str]:
    """The amounts of the form; objects without one are left out."""
    found = [
        name
        for name in case.spec.form_fields
        if isinstance(column(case.spec, name).kind, kinds.MoneyKind)
    ]
    if not found:
        pytest.skip("no amounts")
    return found
