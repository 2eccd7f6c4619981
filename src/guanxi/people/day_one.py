"""The roles a new installation begins with. Found again by code, never overwritten."""

from typing import Any

from guanxi.kernel.actor import VERBS, system_actor
from guanxi.kernel.change import change
from guanxi.people.models import FieldRule, Grant, Role

EVERYTHING = {("*", verb): "all" for verb in VERBS}
READ_TERMS = {("terms", "view"): "all", ("people", "view"): "all"}


def _records(reach: str, verbs: str) -> dict[tuple[str, str], str]:
    return {("records", verb): reach for verb in verbs.split()}


SELL = "view create edit invalidate transfer share print"
LEAD = f"{SELL} restore export import merge delete"
#: code -> (Chinese, English, grants, field rules [(object, field, mine, others)])
ROLES: dict[str, tuple[str, str, dict[tuple[str, str], str], list[tuple[str, str, str, str]]]] = {
    "administrator": ("系统管理员", "System administrator", EVERYTHING, []),
    "book_supervisor": ("账套主管", "Account-set supervisor", EVERYTHING, []),
    "owner": (
        "老板",
        "Managing director",
        {("*", "view"): "all", ("*", "export"): "all", ("*", "print"): "all"},
        [],
    ),
    "sales_director": (
        "销售总监",
        "Sales director",
        _records("department_and_below", LEAD) | READ_TERMS,
        [],
    ),
    "sales_manager": (
        "销售经理",
        "Sales manager",
        _records("own_and_below", LEAD) | READ_TERMS,
        [],
    ),
    "department_manager": (
        "销售经理（部门）",
        "Sales manager (department)",
        _records("department", LEAD) | READ_TERMS,
        [],
    ),
    "sales": ("销售代表", "Sales representative", _records("own", SELL) | READ_TERMS, []),
    "sales_assistant": (
        "销售助理",
        "Sales assistant",
        _records("department", "view create edit print") | READ_TERMS,
        [],
    ),
    "marketing": ("市场", "Marketing", _records("all", "view") | READ_TERMS, []),
    "service_lead": (
        "客服主管",
        "Service manager",
        _records("all", "view edit print") | READ_TERMS,
        [],
    ),
    "service": ("客服", "Service agent", _records("all", "view") | READ_TERMS, []),
    "finance": ("财务", "Finance", _records("all", "view export print") | READ_TERMS, []),
    "product_manager": (
        "产品管理员",
        "Product administrator",
        {("terms", verb): "all" for verb in VERBS} | READ_TERMS,
        [],
    ),
    "pool_manager": (
        "公海管理员",
        "Pool administrator",
        _records("all", "view edit transfer export") | READ_TERMS,
        [],
    ),
    "customer_specialist": (
        "客户管理专员",
        "Customer management specialist",
        _records("all", LEAD) | READ_TERMS,
        [],
    ),
    "customer_steward": (
        "客户资料管理员",
        "Customer data steward",
        _records("all", "view create edit import export merge")
        | {("terms", verb): "all" for verb in VERBS}
        | READ_TERMS,
        [],
    ),
    "security": (
        "安全管理员",
        "Security administrator",
        {("people", verb): "all" for verb in VERBS},
        [],
    ),
    "auditor": ("审计员", "Auditor", {("*", "view"): "all"}, []),
}


def make_roles() -> None:
    actor = system_actor("day-one roles", surface="command")
    known = set(Role.rows(actor).values_list("code", flat=True))
    for position, (code, (chinese, english, grants, rules)) in enumerate(ROLES.items()):
        if code not in known:
            _make_role(actor, code, (chinese, english), position, grants=grants, rules=rules)


def _make_role(
    actor: Any, code: str, names: tuple[str, str], position: int, *, grants: Any, rules: Any
) -> None:
    role = Role(code=code, name=names[0], name_en=names[1], position=position)
    with change(actor, role) as edit:
        edit.set_parts(
            "grants",
            [Grant(object=key, verb=verb, reach=reach) for (key, verb), reach in grants.items()],
        )
        edit.set_parts(
            "field_rules",
            [
                FieldRule(object=o, field=f, mine=mine, others=others)
                for o, f, mine, others in rules
            ],
        )
