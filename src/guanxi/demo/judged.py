"""How the demo's people judge: the credit of their customers, and where they stand among rivals.

Drawn by number on its own, so that a judgement more or less leaves everything else as it was.
"""

import random

from guanxi.demo.customers import Drawn
from guanxi.demo.deals import Deal
from guanxi.testing.pools import pick, pool

LARGE = pool((("aaa", 30), ("aa", 44), ("a", 24), ("b", 2)))
USUAL = pool((("aaa", 4), ("aa", 22), ("a", 54), ("b", 16), ("c", 4)))
#: Before the first deal few are rated.
AHEAD_OF_DEALS = pool((("", 78), ("a", 12), ("b", 10)))

AT_FIRST = pool((("unknown", 46), ("even", 36), ("ahead", 11), ("behind", 7)))
AT_LAST = {
    "won": pool((("ahead", 68), ("even", 25), ("unknown", 4), ("behind", 3))),
    "lost": pool((("behind", 55), ("even", 27), ("unknown", 12), ("ahead", 6))),
    "void": pool((("unknown", 1),)),
    "": pool((("even", 40), ("ahead", 27), ("behind", 17), ("unknown", 16))),
}


def credit_of(number: int, drawn: Drawn) -> str:
    """The code of the grade, "" for those nobody has rated."""
    rng = random.Random(f"credit {number}")  # noqa: S311
    if not drawn.won:
        return pick(rng, AHEAD_OF_DEALS)
    if drawn.links["main_class"] == "individual":
        return "b"
    return pick(rng, LARGE if drawn.links["level"] in ("s", "a") else USUAL)


def position_of(number: int, deal: Deal, *, at_last: bool) -> str:
    rng = random.Random(f"position {number} {at_last}")  # noqa: S311
    return pick(rng, AT_LAST[deal.outcome] if at_last else AT_FIRST)
