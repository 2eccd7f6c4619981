"""Tables without a heading: whether one is, and what its columns would be called."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from itertools import zip_longest
from typing import Any

from guanxi.kernel.cards import read_card

from .cells import show

#: What a pasted card would take a cell for, and the heading that says so.
CALLED = {
    "company": "公司名称",
    "name": "姓名",
    "job": "职务",
    "department": "部门",
    "mobile": "手机",
    "phone": "电话",
    "emails": "邮箱",
    "website": "网址",
    "address": "地址",
    "credit_code": "统一社会信用代码",
}
PERSON_OF_A_COMPANY = "联系人"
NAMELESS = "名称"
LOOKED_AT = 30
#: Of the cells of a column, how many must be of one kind.
MOST = 0.6
#: Shorter ones may be headings themselves: 所属公司, 办公地址.
LONG_ENOUGH = {"company": 6, "address": 7}
DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]")
#: Kinds that no heading looks like.
TELLING = frozenset({*CALLED, "number", "date"} - {"name", "job", "department"})


def has_no_heading(first: Sequence[Any], below: Sequence[Sequence[Any]]) -> bool:
    """Whether the first row is one like those below: in some column of telling values it holds
    one, too, and nowhere a word where the others hold telling values."""
    like = 0
    for cell, column in zip_longest(first, _columns(below), fillvalue=()):
        usual = _usual(column or ())
        if usual not in TELLING or cell in ("", None, ()):
            continue
        if _kind(cell) != usual or _may_be_heading(cell, usual):
            return False
        like += 1
    return like > 0


def titles(rows: Sequence[Sequence[Any]]) -> list[str]:
    """A heading for these rows; "" for a column that tells nothing."""
    columns = _columns(rows)
    usual = [_usual(column) for column in columns]
    named = [CALLED.get(kind, "") for kind in usual]
    if "company" in usual:
        named = [PERSON_OF_A_COMPANY if title == CALLED["name"] else title for title in named]
    elif "name" not in usual:
        place = next((n for n, column in enumerate(columns) if _may_be_names(column)), None)
        if place is not None and not named[place]:
            named[place] = NAMELESS
    return named


def _columns(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    columns = zip_longest(*rows[:LOOKED_AT], fillvalue="")
    return [[cell for cell in column if cell not in ("", None)] for column in columns]


def _usual(column: Sequence[Any]) -> str:
    kind, times = next(iter(Counter(map(_kind, column)).most_common(1)), ("", 0))
    return kind if times > len(column) * MOST else ""


def _kind(cell: Any) -> str:
    """A key of CALLED, "number", "date", or ""."""
    if isinstance(cell, date | datetime):
        return "date"
    text = show(cell).strip()
    if DAY.match(text):
        return "date"
    card = read_card(text)
    if card.phones:
        return "mobile" if card.phones[0].kind == "mobile" else "phone"
    found = next((kind for kind in CALLED if getattr(card, kind, "")), "")
    return found or ("number" if _is_number(text) else "")


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "", 1).isdecimal()


def _may_be_heading(cell: Any, kind: str) -> bool:
    """Of numbers those that count years, months or days."""
    text = show(cell).strip()
    if kind == "number":
        return text.isdecimal() and (int(text) <= 31 or 1900 <= int(text) <= 2100)
    return len(text) < LONG_ENOUGH.get(kind, 0)


def _may_be_names(column: Sequence[Any]) -> bool:
    """Words of which hardly one stands twice."""
    texts = [show(cell).strip() for cell in column]
    words = [text for text in texts if any(sign.isalpha() for sign in text)]
    return len(words) * 10 >= len(texts) * 9 > 0 and len({*words}) * 10 >= len(words) * 9
