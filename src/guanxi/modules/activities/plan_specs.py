from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.spec import (
    AddTab,
    Capability,
    Count,
    Quick,
    Scope,
    Section,
    Spec,
    Tab,
    dictionary,
)
from guanxi.modules.activities import plan_models as m
from guanxi.modules.activities.plan_rules import (
    cancel_plan,
    check_plan,
    complete_plan,
    compose_title,
    follow_plan,
    postpone_plan,
    reopen_plan,
    start_plan,
)
from guanxi.modules.activities.setting_rules import (
    check_setting,
    disable_setting,
    enable_setting,
    follow_setting,
    make_setting,
    start_setting,
)


def _open(*day: Any) -> dict[str, Any]:
    return {"and": [["state", "in", [m.PlanState.PLANNED.value]], ["due_on", *day]]}


PLAN = Spec(
    model=m.Plan,
    title="title",
    scope=Scope.OWNER | Scope.through("customer"),
    path="plans",
    icon="calendar-check",
    menu="communications",
    columns="title due_on due_time customer type state owner contact",
    order="-state due_on id",
    search="title",
    filters="title customer state type due_on owner remind_on contact opportunity setting",
    form=(
        Section(_("Basics"), "customer type title due_on due_time remind_days owner"),
        Section(_("More"), "contact opportunity reason remark", folded=True),
    ),
    labels={"owner": _("carried out by")},
    figures="type due_on owner",
    state="state",
    bulk_edit="type remind_days",
    together="due_on",
    uncopied="reason",
    quick=(
        Quick(_("Overdue"), _open("older_than_days", 0), alarm=True),
        Quick(_("Today"), _open("period", "today")),
        Quick(_("This week"), _open("period", "this_week")),
    ),
    statistics=(
        Count(by="owner"),
        Count(by="type"),
        Count(by="state"),
        Count(by="due_on", step="month"),
    ),
    prepares=(compose_title,),
    checks=(check_plan,),
    defaults=start_plan,
    effects=(follow_plan,),
    actions=(complete_plan, postpone_plan, cancel_plan, reopen_plan),
    extends=(
        AddTab("customers.customer", Tab("activities.plan", via="customer")),
        AddTab("contacts.contact", Tab("activities.plan", via="contact")),
        AddTab("sales.opportunity", Tab("activities.plan", via="opportunity")),
        AddTab("activities.plansetting", Tab("activities.plan", via="setting")),
    ),
    off={Capability.SHARE: "Share the customer instead."},
)

PLAN_SETTING = Spec(
    model=m.PlanSetting,
    scope=Scope.OWNER,
    path="plan-settings",
    icon="calendar-time",
    menu="communications",
    columns="name type cycle every next_on whom enabled trouble owner",
    order="-updated_at -id",
    search="name what",
    filters="name type enabled owner cycle next_on performer",
    form=(
        Section(_("What"), "name type what"),
        Section(_("Rounds and reminder"), "cycle every starts_on ends_on remind_days"),
        Section(_("For whom"), "whom"),
        Section(_("Who does it"), "performer person"),
        Section(_("More"), "remark", folded=True),
    ),
    labels={"owner": _("responsible")},
    figures="enabled type next_on owner",
    statistics=(Count(by="type"), Count(by="owner")),
    checks=(check_setting,),
    defaults=start_setting,
    effects=(follow_setting,),
    together="cycle every starts_on ends_on remind_days performer person whom",
    derived="made_through next_on trouble",
    locked="is_on",
    actions=(enable_setting, make_setting, disable_setting),
    off={
        Capability.IMPORT: "A setting is a decision, not a list.",
        Capability.SHARE: "Plans are shared by their customers.",
    },
)

PLAN_TYPE = dictionary(m.PlanType, path="plan-types", menu="communications")
