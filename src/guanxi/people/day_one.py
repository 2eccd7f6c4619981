"""The roles a new installation begins with. Found again by code, never overwritten."""

from collections.abc import Mapping, Sequence

from guanxi.kernel.actor import VERBS, Actor, system_actor
from guanxi.kernel.change import change
from guanxi.people.models import FieldRule, Grant, Role

#: {(object, verb): reach}; (object, field, on one's own rows, on others' rows)
Grants = Mapping[tuple[str, str], str]
Rule = tuple[str, str, str, str]
#: Chinese, English, grants, field rules
Described = tuple[str, str, Grants, Sequence[Rule]]

EVERYTHING = {("*", verb): "all" for verb in VERBS}
#: What everybody needs beside their own rows; roles and their rights are administration.
READ_TERMS = {("terms", "view"): "all"} | {
    (f"people.{name}", "view"): "all" for name in ("person", "department", "tree", "holiday")
}


def _records(reach: str, verbs: str) -> dict[tuple[str, str], str]:
    return {("records", verb): reach for verb in verbs.split()}


SELL = "view create edit invalidate transfer share print"
LEAD = f"{SELL} restore export import merge delete"
ROLES: dict[str, Described] = {
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


def make_roles(roles: Mapping[str, Described] = ROLES, *, position: int = 0) -> None:
    """Makes those that are missing; modules bring the roles that only they can describe."""
    actor = system_actor("day-one roles", surface="command")
    known = set(Role.rows(actor).filter(code__in=roles).values_list("code", flat=True))
    for place, (code, described) in enumerate(roles.items(), position):
        if code not in known:
            _make_role(actor, code, described, place)


def _make_role(actor: Actor, code: str, described: Described, position: int) -> None:
    chinese, english, grants, rules = described
    role = Role(code=code, name=chinese, name_en=english, position=position)
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
