"""Further hierarchies of the invented company: regions that serve across the line, professions."""

from datetime import datetime
from typing import Any

from guanxi.demo.history import Act, History
from guanxi.people.models import Department, Person, Standing, Tree

REGIONS = "区域线"
#: There from the first day.
PROFESSIONS = "professional"
#: Units of the regions: name, above, head.
UNITS = (
    ("全国服务区", "", "潘玉梅"),
    ("华东服务区", "全国服务区", "高建民"),
    ("华北服务区", "全国服务区", "贾永强"),
    ("华南服务区", "全国服务区", "梁国辉"),
)
#: name -> the unit they serve in.
SERVES = {
    "马俊峰": "华东服务区",
    "方晓雯": "华东服务区",
    "田晓丽": "华北服务区",
    "郝明睿": "华南服务区",
}
#: name -> who judges their craft, beside the superior of the line.
CRAFT = {
    "程浩然": "姚天宇",
    "方晓雯": "邹慧敏",
    "陆雅静": "汪淑珍",
    "马俊峰": "郝明睿",
}


def write_hierarchies(history: History, start: datetime) -> None:
    """Two trees beside the line; a few people report twice."""
    regions = Tree(name=REGIONS)
    history.write([Act(regions, start, "")])
    professions = Tree.rows(history.author("")).live().filter(code=PROFESSIONS).first()
    units: dict[str, Any] = {}
    for position, (name, above, head) in enumerate(UNITS, start=1):
        units[name] = Department(
            name=name,
            tree_id=regions.pk,
            parent_id=units[above].pk if above else None,
            head_id=history.people[head],
            position=position,
        )
        history.write([Act(units[name], start, "")])
    heads = {name: head for name, _above, head in UNITS}
    standings: dict[str, list[Any]] = {}
    for name, unit in SERVES.items():
        standings.setdefault(name, []).append(
            Standing(
                tree_id=regions.pk,
                department_id=units[unit].pk,
                superior_id=history.people[heads[unit]],
            )
        )
    for name, superior in CRAFT.items() if professions else ():
        standings.setdefault(name, []).append(
            Standing(tree_id=professions.pk, superior_id=history.people[superior])
        )
    people = Person.rows(history.author("")).in_bulk([history.people[name] for name in standings])
    everybody_there = max(person.created_at for person in people.values())
    history.write(
        [
            Act(people[history.people[name]], everybody_there, "", parts={"standings": rows})
            for name, rows in standings.items()
        ]
    )
