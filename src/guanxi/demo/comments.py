"""What the demo's people say to each other beside customers: a question and an answer."""

import random
from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils import timezone

from guanxi.demo.company import STAFF
from guanxi.demo.customers import Drawn
from guanxi.demo.history import History
from guanxi.kernel import registry
from guanxi.kernel.journal import made_by
from guanxi.kernel.models import Batch
from guanxi.modules.customers.models import Customer
from guanxi.talk.entries import forget_entries, write_past
from guanxi.talk.models import Entry

OBJECT = "customers.customer"
EVERY, HEAD = 12, "韩志峰"
SAID = (
    ("@{who} 报价发出前先给我看一下", "好的，周三前整理好发您"),
    ("@{who} 这家去年的尾款收齐了吗？", "上月底已到账，财务确认过"),
    ("@{who} 下次拜访带上售前，把点表对清楚", "已约好下周二，售前一起去"),
    ("@{who} 他们集团还有两个厂，问问能不能一起谈", "采购说年底统一招标，我先把资料递进去"),
    ("@{who} 竞争对手最近在接触，多跑两趟", "明白，样机本周送过去试用"),
    ("@{who} 合同模板换了新版，记得用新的", "收到，已替换"),
)


#: Of these days: to who signs in, on the customers they touched last.
OF_LATE = (
    "@{who} 客户刚来电话，想提前看样机，今天回一下",
    "@{who} 报价单里的交期要改成六周，改好告诉我",
)
TO_THE_BOSS = ("@{who} 这家要换年度框架，价格得您点头", "@{who} 对方老板下周来访，您能见一面吗？")
BOSS = "沈博远"


def write_comments(
    history: History, rng: random.Random, customers: Sequence[tuple[Drawn, Customer]]
) -> None:
    """The head of sales asks the owner of every twelfth customer, and is answered."""
    entries = []
    now = timezone.now()
    head = history.people[HEAD]
    for drawn, record in customers[::EVERY]:
        owner = history.people.get(drawn.owner)
        if owner is None or owner == head or record.voided_at is not None:
            continue
        asked = min((drawn.touched or drawn.since) + timedelta(hours=20), now - timedelta(days=1))
        question, answer = rng.choice(SAID)
        about = {"object": OBJECT, "record_id": record.pk, "book": record.book}
        entries += [
            Entry(
                **about,
                person_id=head,
                author=HEAD,
                at=asked,
                text=question.format(who=drawn.owner),
                mentions=[[owner, drawn.owner]],
            ),
            Entry(
                **about,
                person_id=owner,
                author=drawn.owner,
                at=asked + timedelta(minutes=rng.randint(9, 300)),
                text=answer,
            ),
        ]
    write_past([*entries, *_of_late(history, customers)])


def _of_late(history: History, customers: Sequence[tuple[Drawn, Customer]]) -> Iterator[Entry]:
    """What waits at the bell: the head calls those who sign in, and the boss."""
    now = timezone.now()
    latest = sorted(customers, key=lambda pair: pair[0].touched or pair[0].since, reverse=True)
    live = [(drawn, record) for drawn, record in latest if record.voided_at is None]
    for member in (one for one in STAFF if one.signs_in and one.name != HEAD):
        mine = [record for drawn, record in live if drawn.owner == member.name]
        said = OF_LATE
        if member.name == BOSS:
            mine, said = [record for drawn, record in live if drawn.won], TO_THE_BOSS
        for number, (record, text) in enumerate(zip(mine, said, strict=False)):
            yield Entry(
                object=OBJECT,
                record_id=record.pk,
                book=record.book,
                person_id=history.people[HEAD],
                author=HEAD,
                at=now - timedelta(hours=3 + 26 * number, minutes=11 * len(member.job)),
                text=text.format(who=member.name),
                mentions=[[history.people[member.name], member.name]],
            )


def drop_comments(batch: Batch) -> None:
    """Removes what stands beside customers of the demo that are gone."""
    spec = registry.spec(OBJECT)
    actor = History(batch, lambda _count: None).author("")
    made = set(made_by(batch, spec).values_list("record_id", flat=True))
    left = set(Customer.rows(actor).values_list("pk", flat=True))
    forget_entries(spec, made - left)
