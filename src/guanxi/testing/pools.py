"""Weighted drawing at the price of one random number.

Each item stands in its pool as often as it weighs.
"""

import random
from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def pool(weighted: Iterable[tuple[T, int]]) -> tuple[T, ...]:
    return tuple(item for item, weight in weighted for _ in range(weight))


def pick(rng: random.Random, items: Sequence[T]) -> T:
    return items[int(rng.random() * len(items))]
