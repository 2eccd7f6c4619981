"""Conditions as a field: what may be asked, and the controls that ask it."""

import json
from typing import Any

import pytest

from guanxi.kernel import registry
from guanxi.kernel.errors import Invalid
from guanxi.kernel.values import create_record
from guanxi.modules.activities.plan_models import PlanSetting
from guanxi.testing.people import EVERYTHING, SELL, actor, browser

pytestmark = pytest.mark.django_db
SETTING = registry.spec("activities.plansetting")
NAMED = {"name": "设置", "what": "回访", "starts_on": "2027-01-31"}


def _set(person: Any, whom: str, **raw: Any) -> Any:
    return create_record(actor(person), SETTING, NAMED | {"whom": whom} | raw)


@pytest.mark.parametrize(
    "tree",
    [
        "全部客户",
        '{"xor":[]}',
        '{"and":[["nowhere","is",1]]}',
        '{"and":[["name","shouts","甲"]]}',
        '{"and":[["level.name.x","is","A"]]}',
        '{"and":[["owner.user","is",1]]}',
        '{"and":[["last_contact_on","older_than_days","soon"]]}',
    ],
)
def test_a_tree_that_can_not_be_asked_is_refused(company, tree):
    with pytest.raises(Invalid) as refused:
        _set(company.anna, tree)
    assert set(refused.value.errors) == {"whom"}


def test_nobody_asks_by_a_field_that_is_closed_to_them(company):
    rules = [("customers.customer", "revenue", "masked", "hidden")]
    blind = company.person("看不见", SELL, rules=rules)
    tree = '{"and":[["revenue","between",["1000",""]]]}'
    with pytest.raises(Invalid) as refused:
        _set(blind, tree)
    assert set(refused.value.errors) == {"whom"}
    made = _set(company.boss, tree)
    seeing = company.person("旁听", EVERYTHING, rules=rules)
    page = browser(seeing).get(f"/plan-settings/{made.pk}/").content.decode()
    assert "1000" not in page


def test_controls_say_what_they_can_and_keep_the_rest(company):
    levels = registry.spec("customers.customerlevel").model.rows(actor(company.boss))
    level, other = levels.order_by("position")[:2]
    either = {"or": [["name", "contains", "甲"], ["name", "contains", "乙"]]}
    leaves = [["level", "in", [str(level.pk), str(other.pk)]], ["owner", "me"], either]
    made = _set(company.anna, json.dumps({"and": leaves}))
    client, url = browser(company.anna), f"/plan-settings/{made.pk}/edit/"
    field = _field(client.get(url))
    shown = {one["name"]: one["value"] for one in (*field["near"], *field["rest"])}
    assert (shown["whom-level"], shown["whom-owner"]) == (f"{level.pk} {other.pk}", "me")
    assert json.loads(field["value"]) == {"and": [either]}
    assert field["kept"] == ["客户名称 包含 甲 或 客户名称 包含 乙"]
    sent = _sent(made) | {"whom": field["value"], "whom-name": "有限"}
    assert client.post(url, sent).status_code == 303
    stored = json.loads(PlanSetting._all.get(pk=made.pk).whom)
    assert stored == {"and": [either, ["name", "contains", "有限"]]}
    sent = _sent(made) | {"whom": "", "whom-level": [str(other.pk), str(level.pk)]}
    assert client.post(url, sent).status_code == 303
    stored = json.loads(PlanSetting._all.get(pk=made.pk).whom)
    assert stored == {"and": [["level", "in", [str(other.pk), str(level.pk)]]]}


def test_a_kept_condition_is_removed_and_one_of_days_added_without_a_script(company, customer):
    customer("甲"), customer("乙")
    made = _set(company.anna, '{"and":[["created_at","older_than_days",5]]}')
    client, url = browser(company.anna), f"/plan-settings/{made.pk}/edit/"
    field = _field(client.get(url))
    assert (len(field["kept"]), field["count"]) == (1, 0)
    drop = _sent(made) | {"whom": field["value"], "_again": "drop:whom:0"}
    field = _field(client.post(url, drop))
    assert (field["kept"], field["count"]) == ([], 2)
    assert client.get(field["count_url"]).context["pager"]["total"] == 2
    days = {"whom-days-field": "created_at", "whom-days-op": "last_days", "whom-days-n": "3"}
    assert client.post(url, _sent(made) | {"whom": ""} | days).status_code == 303
    stored = json.loads(PlanSetting._all.get(pk=made.pk).whom)
    assert stored == {"and": [["created_at", "last_days", "3"]]}


def test_what_was_typed_wrongly_is_said_and_kept(company):
    made = _set(company.anna, "")
    url = f"/plan-settings/{made.pk}/edit/"
    sent = _sent(made) | {"whom": "", "whom-created_at_from": "gestern"}
    answer = browser(company.anna).post(url, sent)
    assert answer.status_code == 422
    field = _field(answer)
    assert field["error"]
    typed = {one["name"]: one["value"] for one in (*field["near"], *field["rest"])}
    assert typed["whom-created_at_from"] == "gestern"


def test_the_api_reads_and_writes_trees(company):
    made = _set(company.anna, '{"and":[["name","contains","甲"]]}')
    kind = SETTING.model._meta.get_field("whom").kind
    assert kind.to_json(made.whom) == {"and": [["name", "contains", "甲"]]}
    assert kind.parse([["name", "contains", "乙"]][0]) == '{"and":[["name","contains","乙"]]}'
    assert kind.parse("") is None


def _field(answer: Any) -> Any:
    sections = answer.context["sections"]
    return next(one for part in sections for one in part["fields"] if one["name"] == "whom")


def _sent(made: Any) -> dict[str, str]:
    version = PlanSetting._all.get(pk=made.pk).version
    return {"version": str(version), "_fields": "whom", **NAMED}
