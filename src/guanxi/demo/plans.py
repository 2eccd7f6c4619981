"""What the demo's sales people have planned: kept, dropped, overdue and ahead; two settings."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from guanxi.demo.customers import Drawn
from guanxi.demo.history import Act, History
from guanxi.kernel import kinds
from guanxi.modules.activities.plan_models import (
    Cycle,
    Performer,
    Plan,
    PlanSetting,
    PlanState,
    PlanType,
)
from guanxi.modules.customers.models import Customer, CustomerLevel
from guanxi.testing.pools import pick, pool
from guanxi.testing.seasons import CHINA

PLANS = 480
#: Days from today: most behind, the rest within the coming month.
BEHIND, AHEAD = 75, 30
SHARE_AHEAD, SHARE_CANCELLED, SHARE_TIMED = 0.3, 0.07, 0.35
#: Of those of the last ten days some are left undone.
RECENT, SHARE_LEFT = 10, 0.35
TYPES = pool((("follow_up", 44), ("visit", 18), ("quote", 10), ("collect", 8), ("sample", 5),
              ("meeting", 6), ("renewal", 5), ("deliver", 4)))  # fmt: skip
WHAT = {
    "follow_up": (
        "问上次方案的反馈",
        "确认预算批下来没有",
        "回访设备使用情况",
        "节前问候，顺便问新项目",
    ),
    "visit": ("上门看现场，量柜体尺寸", "带样本拜访设备科", "拜访新来的采购经理"),
    "quote": ("更新报价，拆分软硬件", "补发含税报价单", "按新数量重新报价"),
    "collect": ("催 30% 尾款", "核对往来账，约付款日期"),
    "sample": ("寄触摸屏样机试用", "取回试用样机"),
    "meeting": ("方案评审会", "和客户技术部开接口会"),
    "renewal": ("年度维保续约，准备合同", "平台授权到期，谈续费"),
    "deliver": ("跟发货，通知到货时间", "安排调试工程师上门"),
}
DONE = (
    "已沟通，对方满意",
    "电话里说清楚了，按计划推进",
    "已完成，资料已发微信",
    "客户确认，等内部审批",
    "见到了负责人，约下次细谈",
)
DROPPED = ("客户项目暂停", "与另一条计划重复", "客户出差，另行安排", "已由同事处理")
CLOCKS = ("09:30", "10:00", "14:00", "14:30", "15:30", "16:00")


def write_plans(
    history: History,
    rng: random.Random,
    today: date,
    customers: Sequence[tuple[Drawn, Customer]],
) -> None:
    """Plans of the customers with the most business, and how further ones arise."""
    system = history.author("")
    types = {one.code: one.pk for one in PlanType.rows(system).live()}
    held = [pair for pair in customers if pair[1].owner_id is not None]
    held.sort(key=lambda pair: (-pair[0].weight, pair[1].pk))
    busy = held[: PLANS // 2]
    history.write([_plan(rng, today, *pick(rng, busy), types) for _number in range(PLANS)])
    history.write(_settings(history, today, types))


def _plan(
    rng: random.Random, today: date, drawn: Drawn, customer: Customer, types: dict[str, int]
) -> Act:
    ahead = rng.random() < SHARE_AHEAD
    days = rng.randint(0, AHEAD) if ahead else -rng.randint(1, BEHIND)
    due = _workday(today + timedelta(days=days))
    kind = pick(rng, TYPES)
    plan = Plan(
        title=pick(rng, WHAT[kind]),
        customer_id=customer.pk,
        type_id=types[kind],
        due_on=due,
        due_time=pick(rng, CLOCKS) if rng.random() < SHARE_TIMED else "",
        remind_days=rng.choice((0, 1, 1, 2, 3)),
        owner_id=customer.owner_id,
    )
    left = due >= today or ((today - due).days <= RECENT and rng.random() < SHARE_LEFT)
    if not left and rng.random() < SHARE_CANCELLED:
        plan.state, plan.reason = PlanState.CANCELLED, pick(rng, DROPPED)
    elif not left:
        plan.state, plan.result, plan.done_on = PlanState.DONE, pick(rng, DONE), due
    made = min(due, today) - timedelta(days=rng.randint(2, 12))
    return Act(plan, max(_at(made), drawn.since), drawn.owner)


def _settings(history: History, today: date, types: dict[str, int]) -> list[Act]:
    """One that runs every month, one still switched off."""
    system, by = history.author(""), "韩志峰"
    best = CustomerLevel.rows(system).live().order_by("position", "id").first()
    start = today.replace(day=1) - timedelta(days=120)
    monthly = PlanSetting(
        name="重点客户月度回访",
        type_id=types["follow_up"],
        what="{customer} 月度回访",
        cycle=Cycle.MONTHS,
        starts_on=start.replace(day=15),
        remind_days=3,
        whom=kinds.tree_text({"and": [["level", "in", [str(best.pk)]]]}) if best else "",
        performer=Performer.OWNER,
        enabled=True,
        since=start,
        made_through=today,
        owner_id=history.people[by],
        remark="由客户负责人执行，回访后记一笔交流。",
    )
    quiet = PlanSetting(
        name="沉默客户唤醒",
        type_id=types["follow_up"],
        what="90 天没有联系，打个电话问近况",
        cycle=Cycle.WEEKS,
        every=2,
        starts_on=today + timedelta(days=7 - today.weekday()),
        remind_days=2,
        whom=kinds.tree_text({"and": [["last_contact_on", "older_than_days", "90"]]}),
        performer=Performer.OWNER,
        owner_id=history.people[by],
        remark="先核对名单再开启。",
    )
    return [Act(monthly, _at(start), by), Act(quiet, _at(today - timedelta(days=4)), by)]


def _workday(day: date) -> date:
    return day - timedelta(days=max(day.weekday() - 4, 0))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 20), tzinfo=CHINA)
