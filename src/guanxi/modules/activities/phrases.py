"""Quick phrases: sentences of one's own, inserted with a tap."""

from guanxi.kernel.actor import Actor
from guanxi.modules.activities.models import QuickPhrases

MOST, LENGTH = 30, 100
#: What everybody has until they write their own.
FIRST = (
    "电话未接，稍后再拨",
    "已加微信并发送资料",
    "对方需内部讨论，约定下周回复",
    "价格有异议，需申请折扣",
    "需求明确，准备方案",
    "暂无计划，三个月后再联系",
)


def phrases_of(actor: Actor) -> list[str]:
    if actor.person_id is None:
        return list(FIRST)
    found = QuickPhrases.objects.filter(person_id=actor.person_id).first()
    return list(FIRST) if found is None else found.lines


def keep_phrases(actor: Actor, text: str) -> None:
    """One a line, in this order; longer lines are cut, repeated ones left out."""
    lines = [line.strip()[:LENGTH] for line in text.splitlines()]
    kept = list(dict.fromkeys(line for line in lines if line))[:MOST]
    QuickPhrases.objects.update_or_create(person_id=actor.person_id, defaults={"lines": kept})
