"""Lists people paste: departments by indentation, colleagues by columns. Nothing is written here."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from guanxi.kernel.text import fold

TAB, WIDE = 4, 2
BULLETS = "-–—•·*├└│─ 　"
MOST_LINES = 2_000
NAME_LENGTH = 50

COLUMNS = {
    "name": "姓名 名字 人员 员工 name",
    "department": "部门 所在部门 department team",
    "job": "职务 岗位 职位 title position job",
    "mobile": "手机 手机号 手机号码 电话 mobile phone",
    "email": "邮箱 电子邮箱 邮件 email e-mail mail",
    "superior": "上级 直接上级 主管 经理 superior manager",
    "number": "工号 编号 员工编号 number no",
    "role": "角色 权限 role",
}
TITLES = {word: key for key, words in COLUMNS.items() for word in words.split()}
USUAL = ("name", "department", "job", "mobile", "email", "superior", "role")


@dataclass(frozen=True)
class Place:
    """A department: its names from the top down, and the line it came from."""

    line: int
    path: tuple[str, ...]


@dataclass
class Colleague:
    line: int
    values: dict[str, str] = field(default_factory=dict)


def read_departments(text: str) -> tuple[list[Place], list[str]]:
    """The departments in order, each once; sentences about lines that can't be read."""
    places: dict[tuple[str, ...], Place] = {}
    errors: list[str] = []
    above: list[tuple[int, str]] = []
    for number, line in _lines(text):
        width, names = _names(line)
        while above and above[-1][0] >= width:
            above.pop()
        long = [name for name in names if len(name) > NAME_LENGTH]
        if long:
            sentence = _("Line %(line)s: a name has at most %(max)s characters.")
            errors.append(sentence % {"line": number, "max": NAME_LENGTH})
            continue
        for step, name in enumerate(names):
            above.append((width + step, name))
            path = tuple(one for _width, one in above)
            places.setdefault(path, Place(number, path))
    return list(places.values()), errors


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines()[:MOST_LINES], start=1):
        if line.strip(BULLETS + "\t"):
            yield number, line.rstrip()


def _names(line: str) -> tuple[int, list[str]]:
    """How far a line is indented, and its names: further cells of a table lie one deeper each."""
    width, start = 0, 0
    for sign in line:
        if sign == "\t":
            width += TAB
        elif sign in BULLETS:
            width += WIDE if sign in "　├└│─" else 1
        else:
            break
        start += 1
    cells = [" ".join(cell.split()) for cell in line[start:].split("\t")]
    return width, [cell for cell in cells if cell]


def read_colleagues(text: str) -> list[Colleague]:
    """One a line, columns by their titles or in the usual order; blank lines are left out."""
    rows = [(number, cells) for number, cells in _table(text) if any(cells)]
    columns: Sequence[str] = USUAL
    if rows and (titles := _titles(rows[0][1])):
        columns, rows = titles, rows[1:]
    return [
        Colleague(
            number,
            {
                name: " ".join(cell.split())
                for name, cell in zip(columns, cells, strict=False)
                if name and cell.strip()
            },
        )
        for number, cells in rows
    ]


def _table(text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.splitlines()[:MOST_LINES]
    signs = ("\t", ",", "，", ";", "；")
    sign = next((one for one in signs if any(one in line for line in lines)), "\t")
    for number, line in enumerate(lines, start=1):
        yield number, next(csv.reader([line], delimiter=sign), [])


def _titles(cells: Sequence[str]) -> list[str]:
    """The columns a first line names; none where it is a colleague already."""
    found = [TITLES.get(fold(cell).replace(" ", ""), "") for cell in cells]
    return found if "name" in found else []
