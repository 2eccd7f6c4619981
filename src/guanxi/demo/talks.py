"""Two years of talks with the demo's customers: who spoke, by which channel, what was said."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from guanxi.demo.customers import Drawn
from guanxi.demo.history import Act, History
from guanxi.modules.activities import models as a
from guanxi.modules.customers.models import Customer
from guanxi.testing.pools import pick, pool
from guanxi.testing.seasons import CHINA, day_weight, moment

MOST, SHARE_WITH_NEXT = 40, 0.55
TYPES = pool((("call", 40), ("wechat", 27), ("visit", 12), ("online", 6), ("mail", 5),
              ("proposal", 4), ("demo", 3), ("customer_visit", 2), ("meal", 1)))  # fmt: skip
RESULTS = pool((("progress", 30), ("no_change", 34), ("agreed", 18), ("no_answer", 10),
                ("postponed", 6), ("refused", 2)))  # fmt: skip
#: relation type -> (weight, what is written down)
SAID = {
    "first": ("设备科{who}接的电话，有在用别家的，愿意看样本", "展会上留的名片，加了微信，先发公司介绍",
              "老客户介绍过来的，想了解伺服和控制器，约下周细聊", "前台转接，负责人出差，下周一再打"),
    "needs": ("{who}说今年有两条线要改造，节拍要提到 12 秒", "现场看了设备，旧控制器停产，备件买不到了",
              "要求支持他们现有的通讯协议，点表下周给", "需求基本清楚：三台柜子加数据采集，预算还在走流程"),
    "solution": ("线上演示了一遍，{who}对报表最感兴趣", "方案发过去了，技术还要补一份偏离表",
                 "和技术部对了接口，没有大问题，样机可以先试用", "对方希望分两期做，先上一条线"),
    "negotiation": ("{who}嫌价格高，拿竞品报价来压，差一成左右", "谈到付款方式，想要月结 60 天，我们坚持 30 天",
                    "申请了 5% 折扣，对方说再跟领导汇报", "合同条款过了一遍，质保期要改成两年"),
    "service": ("调试已完成，现场培训了四个操作工", "通讯偶尔中断，工程师远程看过是接地问题",
                "备件到货，周五安排上门更换", "设备运行正常，{who}说下季度还有一批"),
    "complaint": ("交期晚了三天，{who}不太高兴，已道歉并承诺补偿培训", "触摸屏有两块亮度不一致，安排换新"),
    "care": ("节前问候，对方说年后有新项目", "路过拜访，送了新样本，聊了半小时", "微信问候，近期没有计划"),
    "collection": ("尾款还差 30%，{who}说月底安排", "发票已收到，财务说下周付款", "催款电话未接，改发微信"),
}  # fmt: skip
RELATIONS = pool((("first", 14), ("needs", 22), ("solution", 18), ("negotiation", 14),
                  ("service", 16), ("care", 10), ("collection", 4), ("complaint", 2)))  # fmt: skip
TOPICS = pool((("price", 30), ("delivery", 18), ("function", 18), ("service", 12),
               ("quality", 8), ("competitor", 8), ("payment", 6)))  # fmt: skip
WHO = ("王工", "李经理", "张主任", "采购小陈", "刘总", "设备科老周", "赵工", "孙部长")
NEXT = ("电话跟进", "发报价", "上门拜访", "约技术交流", "寄样机", "确认预算")


def write_talks(
    history: History,
    rng: random.Random,
    today: date,
    customers: Sequence[tuple[Drawn, Customer]],
) -> None:
    """Long-tailed: half of the customers one to three talks, a few of them dozens."""
    known = {name: _codes(history, model) for name, model in _MODELS.items()}
    acts = []
    for drawn, record in customers:
        if record.pk is None or record.voided_at is not None:
            continue
        until = min((drawn.touched or drawn.since).astimezone(CHINA).date(), today)
        days = [_day(rng, drawn.since.astimezone(CHINA).date(), until) for _n in _talks(rng, drawn)]
        moments = sorted(moment(rng, day) for day in [*days, until])
        for at in moments:
            newest = at is moments[-1]
            act = _talk(history, rng, today, drawn, record, at, known, newest=newest)
            talk: Any = act.record
            if not newest and talk.next_on and talk.next_on > until:
                talk.next_on, talk.next_step = None, ""
            acts.append(act)
    history.write(sorted(acts, key=lambda act: act.at))


_MODELS: dict[str, Any] = {
    "type": a.CommunicationType,
    "relation": a.RelationType,
    "result": a.CommunicationResult,
    "topic": a.HotTopic,
}


def _codes(history: History, model: Any) -> dict[str, int]:
    return {one.code: one.pk for one in model.rows(history.author("")).live()}


def _talks(rng: random.Random, drawn: Drawn) -> range:
    return range(min(int(rng.paretovariate(1.1) + drawn.won + drawn.open) - 1, MOST))


def _day(rng: random.Random, first: date, last: date) -> date:
    """A day between the two, rather a working day."""
    span = max((last - first).days, 0)
    for _attempt in range(4):
        day = first + timedelta(days=int(span * rng.random()))
        if rng.random() < day_weight(day):
            break
    return day


def _past(at: datetime) -> datetime:
    """What would lie ahead today was said in the hours before now, not all of it this minute."""
    now = timezone.now()
    return at if at <= now else now - timedelta(minutes=(at.hour * 60 + at.minute) % 180)


def _talk(
    history: History,
    rng: random.Random,
    today: date,
    drawn: Drawn,
    customer: Customer,
    at: datetime,
    known: dict[str, dict[str, int]],
    *,
    newest: bool,
) -> Act:
    relation = pick(rng, RELATIONS)
    text = SAID[relation][int(rng.random() * len(SAID[relation]))]
    held_at = _past(at)
    record = a.Communication(
        customer_id=customer.pk,
        type_id=known["type"].get(pick(rng, TYPES)),
        relation_id=known["relation"].get(relation),
        result_id=known["result"].get(pick(rng, RESULTS)),
        held_at=held_at.replace(second=0, microsecond=0),
        text=text.format(who=WHO[int(rng.random() * len(WHO))]),
        owner_id=history.people.get(drawn.owner),
    )
    if rng.random() < SHARE_WITH_NEXT and not (newest and not drawn.open):
        ahead = int(rng.random() * 28) + 2
        day = today + timedelta(days=ahead - 8) if newest else None
        plain = held_at.astimezone(CHINA).date() + timedelta(days=ahead)
        record.next_on = max(day, held_at.astimezone(CHINA).date()) if day else plain
        record.next_step = NEXT[int(rng.random() * len(NEXT))]
    topics = []
    if rng.random() < 0.45:
        topics.append(a.CommunicationTopic(topic_id=known["topic"].get(pick(rng, TOPICS))))
    return Act(record, held_at, drawn.owner, parts={"topics": topics})
