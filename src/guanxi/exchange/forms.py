"""The form of the assignment: a row per column with its questions, read back from what was sent."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from guanxi.exchange.also import Also
from guanxi.exchange.bands import read_band
from guanxi.exchange.lookups import choice_names
from guanxi.exchange.models import Import
from guanxi.exchange.options import DUPLICATES, MODES, NAMELESS, UNITS, Options
from guanxi.exchange.plan import Asked, Planner, Question
from guanxi.exchange.reading.dates import FORMATS, DateProposal
from guanxi.exchange.steps import count, target_groups
from guanxi.exchange.targets import Target, targets
from guanxi.exchange.work import mapping_of
from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.same import rules_of
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import capital

#: Values that are asked for, of one column and of a file; the rest is refused or made.
ASKED, ASKED_IN_ALL = 50, 400
#: Linked rows offered in a drop-down; of larger objects only what is proposed.
OFFERED = 300
BLANK = "::empty"


def mapping_rows(
    actor: Actor, imported: Import, *, also: Iterable[Also] = ()
) -> list[dict[str, Any]]:
    """One entry per column of the file, as the template shows it."""
    spec = registry.spec(imported.object)
    planner = Planner(actor, spec, imported.profile)
    mapping, options = mapping_of(imported), Options.from_json(imported.options)
    header = imported.profile["header"]
    taken = {key: header[place] for place, key in mapping.items()}
    elsewhere = {place: one.spec for one in also for place in one.alone}
    found = []
    left = ASKED_IN_ALL
    for place, title in enumerate(header):
        column, key = imported.profile["columns"][place], mapping.get(place, "")
        row = {
            "head": title,
            "samples": column["samples"],
            "assigned": bool(key),
            "field": {
                "name": f"map-{place}",
                "label": title,
                "widget": "choice",
                "bare": True,
                "value": key,
                "placeholder": _("Leave out"),
                "options": target_groups(spec, key, taken),
            },
            "extras": [],
            "questions": [],
            "note": _note(column, elsewhere.get(place)),
        }
        if key:
            target = planner.targets[key]
            row["extras"] = list(_extras(place, target, column, options))
            asked = planner.ask(place, target, mapping=mapping)
            shown = min(ASKED, left, len(asked.questions))
            row |= _questions(place, target, asked, options, planner=planner, shown=shown)
            left -= shown
        found.append(row)
    return found


def _note(column: dict[str, Any], elsewhere: Spec | None) -> str:
    """Why a column is proposed for nothing."""
    if column["quarter"]:
        return _("Quarters check the dates; they are not imported.")
    if elsewhere is not None:
        return _("Belongs to the %(objects)s.") % {"objects": elsewhere.plural}
    if any(map(read_band, column["samples"])):
        return _("Holds ranges; they fit a field of ranges, not one of numbers.")
    return ""


def _extras(place: int, target: Target, column: dict[str, Any], options: Options) -> Any:
    """Further controls of a column: how its dates are written, what its sums are counted in."""
    if target.is_date and column["dates"]:
        chosen = options.formats.get(place, "")
        reasons = {one["format"]: DateProposal(**one).reason for one in column["dates"]}
        known = list(reasons) + [name for name in FORMATS if name not in reasons]
        yield {
            "name": f"format-{place}",
            "label": _("Dates are written as"),
            "widget": "choice",
            "required": True,
            "value": chosen,
            "help": reasons.get(chosen, ""),
            "options": [
                {"value": name, "label": FORMATS[name], "selected": name == chosen}
                for name in known
            ],
        }
    if target.is_money:
        chosen_unit = options.units.get(place, 1)
        labels = (_("1"), _("thousands"), _("ten thousands"), _("millions"), _("hundred millions"))
        yield {
            "name": f"unit-{place}",
            "label": _("Numbers count"),
            "widget": "choice",
            "required": True,
            "value": str(chosen_unit),
            "options": [
                {"value": str(unit), "label": capital(label), "selected": unit == chosen_unit}
                for unit, label in zip(UNITS, labels, strict=True)
            ],
        }


def _questions(
    place: int, target: Target, asked: Asked, options: Options, *, planner: Planner, shown: int
) -> dict[str, Any]:
    """What the values of a column that name nothing known shall mean."""
    linked = target.links_to
    offered = _offered(target, planner)
    questions = [
        _question(f"{place}-{number}", question, options, place=place, offered=offered)
        for number, question in enumerate(asked.questions[:shown])
    ]
    create = None
    if asked.creates and (asked.questions or asked.many) and linked is not None:
        create = {
            "name": f"create-{place}",
            "label": _("Create what is missing in “%(name)s”") % {"name": linked.plural},
            "widget": "boolean",
            "value": "1" if place in options.create else "",
        }
    return {
        "questions": questions,
        "more": len(asked.questions) - shown,
        "create": create,
        "linked": linked.plural if linked is not None else target.label,
    }


def _question(
    name: str, question: Question, options: Options, *, place: int, offered: list[str]
) -> dict[str, Any]:
    chosen = options.replace.get(place, {}).get(question.text)
    choices = [{"value": BLANK, "label": capital(_("leave empty")), "selected": chosen == ""}]
    names = dict.fromkeys([*offered, *([question.best] if question.best else [])])
    choices += [{"value": one, "label": one, "selected": one == chosen} for one in names]
    return {
        "text": question.text,
        "count": question.rows,
        "rows": count(question.rows),
        "proposed": bool(question.best) and chosen == question.best,
        "hidden": f"old-{name}",
        "field": {
            "name": f"new-{name}",
            "label": question.text,
            "widget": "choice",
            "bare": True,
            "value": BLANK if chosen == "" else chosen or "",
            "placeholder": _("as new") if place in options.create else _("refuse these rows"),
            "options": choices,
        },
    }


def _offered(target: Target, planner: Planner) -> list[str]:
    if not target.asks_values:
        return []
    if isinstance(target.kind, kinds.ChoiceKind):
        return list(dict.fromkeys(choice_names(target.kind).values()))
    lookup = planner.lookup(target)
    rows = lookup.rows() if lookup.whole else []
    titles = dict.fromkeys(str(getattr(row, lookup.spec.title)) for row in rows)
    return list(titles) if len(titles) <= OFFERED else []


def option_fields(actor: Actor, imported: Import) -> list[dict[str, Any]]:
    """The choices for the file as a whole."""
    spec, options = registry.spec(imported.object), Options.from_json(imported.options)
    modes = (_("create and update"), _("create only"), _("update only"))
    found = [_choice("mode", _("What to do"), options.mode, zip(MODES, modes, strict=True))]
    if rules_of(spec):
        labels = (_("create them all the same"), _("skip them"), _("update what is stored"))
        pairs = zip(DUPLICATES, labels, strict=True)
        found.append(
            _choice(
                "duplicates", _("New rows that look like stored ones"), options.duplicates, pairs
            )
        )
    if options.nameless == "skip" or _has_nameless(imported):
        labels = (_("refuse them"), _("leave them out"))
        pairs = zip(NAMELESS, labels, strict=True)
        label = _("Rows without “%(field)s”") % {"field": targets(spec)[spec.title].label}
        found.append(_choice("nameless", label, options.nameless, pairs))
    if spec.history_rule is not None and actor.may(spec.key, "history"):
        found.append(
            {
                "name": "history",
                "label": _("Import as history"),
                "widget": "boolean",
                "value": "1" if options.history else "",
                "help": _("Stages as found, original dates, reason “imported”; no rule is run."),
            }
        )
    return found


def _has_nameless(imported: Import) -> bool:
    title, profile = registry.spec(imported.object).title, imported.profile
    places = [place for place, key in mapping_of(imported).items() if key == title]
    return any(profile["columns"][place]["filled"] < profile["rows"] for place in places)


def _choice(name: str, label: str, value: str, pairs: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "widget": "choice",
        "required": True,
        "value": value,
        "options": [
            {"value": key, "label": capital(text), "selected": key == value} for key, text in pairs
        ],
    }


def place_fields(imported: Import) -> list[dict[str, Any]]:
    """Where in the file the table stands: its sheet, where there are several, and its heading."""
    profile = imported.profile
    found = []
    if len(profile["sheets"]) > 1:
        pairs = ((name, name) for name in profile["sheets"])
        found.append(_choice("sheet", _("Sheet"), profile["sheet"], pairs))
    label, value = _("Line of the heading"), profile["header_line"]
    found.append(
        {
            "name": "header_line",
            "label": label,
            "widget": "number",
            "value": value,
            "help": _("0 if there is none and the first row is a record"),
        }
    )
    return found


def read_mapping(actor: Actor, imported: Import, data: QueryDict) -> bool:
    """Puts what was sent on the import; False when a changed assignment raises new questions."""
    spec = registry.spec(imported.object)
    planner = Planner(actor, spec, imported.profile)
    before = mapping_of(imported)
    mapping: dict[int, str] = {}
    for place in range(len(imported.profile["header"])):
        key = data.get(f"map-{place}", "")
        target = targets(spec).get(key)
        if target is not None and (target.gathers or key not in mapping.values()):
            mapping[place] = key
    changed = [place for place, key in mapping.items() if before.get(place) != key]
    fresh = planner.options({place: mapping[place] for place in changed})
    options = Options(
        mode=_one_of(data.get("mode"), MODES),
        duplicates=_one_of(data.get("duplicates"), DUPLICATES, default="skip"),
        nameless=_one_of(data.get("nameless"), NAMELESS),
        history=data.get("history") == "1" and actor.may(spec.key, "history"),
    )
    known = Options.from_json(imported.options)
    for place in mapping:
        if place in changed:
            _adopt(options, fresh, place)
        else:
            _read_column(options, data, place, known=known.replace.get(place, {}))
    imported.mapping = {str(place): key for place, key in mapping.items()}
    imported.options = options.to_json()
    return data.get("act") == "try" and not any(
        planner.ask(place, planner.targets[mapping[place]], mapping=mapping).questions
        or place in fresh.formats
        for place in changed
    )


def _adopt(options: Options, fresh: Options, place: int) -> None:
    if place in fresh.formats:
        options.formats[place] = fresh.formats[place]
    if place in fresh.units:
        options.units[place] = fresh.units[place]
    if place in fresh.replace:
        options.replace[place] = fresh.replace[place]
    if place in fresh.create:
        options.create.append(place)


def _read_column(options: Options, data: QueryDict, place: int, *, known: dict[str, str]) -> None:
    """What was sent for one column; meanings that were not asked for stay as they are."""
    if data.get(f"format-{place}") in FORMATS:
        options.formats[place] = data[f"format-{place}"]
    unit = data.get(f"unit-{place}", "")
    if unit.isdecimal() and int(unit) in UNITS and int(unit) != 1:
        options.units[place] = int(unit)
    if data.get(f"create-{place}") == "1":
        options.create.append(place)
    meant = dict(known)
    for number in range(ASKED):
        old, new = data.get(f"old-{place}-{number}"), data.get(f"new-{place}-{number}")
        if old is None:
            break
        meant.pop(old, None)
        if new:
            meant[old] = "" if new == BLANK else new
    if meant:
        options.replace[place] = meant


def _one_of(value: str | None, known: tuple[str, ...], *, default: str = "") -> str:
    return value if value in known else default or known[0]
