"""`guanxi import`: the wizard without a page, and tables for those who like it that way."""

import argparse
import shlex
from pathlib import Path

from django.conf import settings
from django.utils import translation

from guanxi.cli.terminal import WRONG_USE, complain, say
from guanxi.exchange.also import also_of, propose_mapping
from guanxi.exchange.models import Import, Outcome
from guanxi.exchange.options import Options
from guanxi.exchange.plan import Planner
from guanxi.exchange.reading import ReadFault
from guanxi.exchange.results import not_taken
from guanxi.exchange.run import Waiting, try_out
from guanxi.exchange.service import import_here, own_import
from guanxi.exchange.steps import also_text
from guanxi.exchange.targets import targets
from guanxi.exchange.upload import take_file
from guanxi.exchange.work import mapping_of
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor
from guanxi.kernel.errors import Missing, Refused, Wrong
from guanxi.kernel.spec import Spec
from guanxi.people.finding import find_object, find_person
from guanxi.people.rights import actor_of

PIECE = 1 << 20
LINES_SHOWN = 20
DESCRIPTION = """\
Reads CSV, XLSX, XLS or ODS into any object. Columns are assigned by name and content,
--map overrules.
A team's data goes in in this order: persons, customers, products, opportunities, for example
  guanxi import teams.csv --object persons --as ADMIN --accept-proposals
  guanxi import accounts.csv --object customers --as ADMIN --accept-proposals
  guanxi import products.csv --object products --as ADMIN --accept-proposals
  guanxi import pipeline.csv --object opportunities --as ADMIN --history --accept-proposals
An import whose process was killed is finished by the next worker, or here and now by
  guanxi import --go-on NUMBER --as ADMIN
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = f"{parser.description}. {DESCRIPTION}"
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--object", default="", help="such as customers or customers.customer")
    parser.add_argument("--as", dest="person", required=True, help="who imports: name, number, id")
    parser.add_argument("--sheet", default="", help="of a workbook; otherwise the first filled one")
    parser.add_argument(
        "--heading", type=int, metavar="LINE", help="line of the heading, 0 if there is none"
    )
    parser.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help="FIELD may be empty"
    )
    parser.add_argument(
        "--replace", action="append", default=[], metavar="COLUMN:OLD=NEW", help="a value's meaning"
    )
    parser.add_argument(
        "--create-missing", nargs="+", default=[], metavar="COLUMN", help="make rows named there"
    )
    parser.add_argument("--accept-proposals", action="store_true", help="take what is proposed")
    parser.add_argument("--history", action="store_true", help="stages as found, original dates")
    parser.add_argument("--mode", choices=("both", "new", "update"), default="both")
    parser.add_argument("--duplicates", choices=("create", "skip", "update"))
    parser.add_argument("--trial", action="store_true", help="write nothing")
    parser.add_argument(
        "--go-on", type=int, metavar="NUMBER", help="finish the import of this number"
    )


def run(options: argparse.Namespace) -> int:
    """0 when every row went in, 1 when some were refused, 2 for a wrong call."""
    with translation.override(settings.LANGUAGE_CODE):
        try:
            return _import(options)
        except ReadFault as fault:
            complain(fault.message)
        except (Refused, Wrong) as fault:
            complain(fault.message)
        except OSError as fault:
            complain(f"{options.file}: {fault.strerror}")
    return WRONG_USE


def _import(options: argparse.Namespace) -> int:
    actor = actor_of(find_person(options.person), surface="import")
    if options.go_on is not None:
        return _go_on(actor, options.go_on)
    if options.file is None or not options.object:
        raise Wrong("name a file and its --object, or an import to --go-on with")
    spec = find_object(options.object)
    with options.file.open("rb") as file:
        pieces = iter(lambda: file.read(PIECE), b"")
        place = {"sheet": options.sheet, "header_line": options.heading}
        imported = take_file(actor, spec, options.file.name, pieces, **place)
    _settle(actor, imported, options)
    imported.save()
    _show_mapping(spec, imported)
    if options.trial:
        try_out(actor, imported, Waiting())
    else:
        # Said first: who kills this process can go on with that number.
        say(f"/import/{imported.pk}/")
        import_here(actor, imported)
    code = _show_result(imported, trial=options.trial)
    _offer(actor, imported, options)
    return code


def _offer(actor: Actor, imported: Import, options: argparse.Namespace) -> None:
    """What else the table holds, each with the command that brings it in."""
    header = imported.profile["header"]
    for also in also_of(actor, imported):
        say(also_text(also, header))
        words = ["guanxi", "import", str(options.file), "--object", also.spec.path]
        words += ["--as", options.person, "--accept-proposals"]
        words += ["--sheet", options.sheet] if options.sheet else []
        words += [] if options.heading is None else ["--heading", str(options.heading)]
        planned = propose_mapping(Planner(actor, also.spec, imported.profile))
        for place in sorted({*planned, *also.mapping}):
            if planned.get(place) != also.mapping.get(place):
                words += ["--map", f"{header[place]}={also.mapping.get(place, '')}"]
        say(f"  {shlex.join(words)}")


def _go_on(actor: Actor, number: int) -> int:
    try:
        imported = own_import(actor, number)
    except Missing:
        raise Wrong(f"no import {number} of {actor.name}") from None
    import_here(actor, imported)
    return _show_result(imported, trial=False)


def _settle(actor: Actor, imported: Import, options: argparse.Namespace) -> None:
    """Proposals first, then what the command line says."""
    spec = registry.spec(imported.object)
    planner = Planner(actor, spec, imported.profile)
    places = {title: place for place, title in enumerate(imported.profile["header"])}
    mapping = mapping_of(imported)
    for text in options.map:
        column, _sign, key = text.partition("=")
        place = _place(places, column)
        if key and key not in targets(spec):
            raise Wrong(f"--map {text}: {spec.key} has {', '.join(targets(spec))}")
        mapping.pop(place, None)
        if key and not targets(spec)[key].gathers:
            mapping = {one: other for one, other in mapping.items() if other != key}
        if key:
            mapping[place] = key
    imported.mapping = {str(place): key for place, key in mapping.items()}
    chosen = planner.options(mapping, accept=options.accept_proposals)
    chosen.history, chosen.mode = options.history, options.mode
    chosen.duplicates = options.duplicates or chosen.duplicates
    for column in options.create_missing:
        place = _place(places, column)
        chosen.create = sorted({*chosen.create, place})
        # Named expressly: what was only proposed for this column no longer counts.
        chosen.replace.pop(place, None)
    for text in options.replace:
        column, _sign, rest = text.partition(":")
        old, _sign, new = rest.partition("=")
        chosen.replace.setdefault(_place(places, column), {})[old] = new
    imported.options = chosen.to_json()


def _place(places: dict[str, int], column: str) -> int:
    if column not in places:
        raise Wrong(f"no column {column!r}; there are: {', '.join(places)}")
    return places[column]


def _show_mapping(spec: Spec, imported: Import) -> None:
    chosen = Options.from_json(imported.options)
    mapping = mapping_of(imported)
    for place, title in enumerate(imported.profile["header"]):
        key = mapping.get(place)
        notes = [f"= {key} ({targets(spec)[key].label})" if key else "-"]
        notes += [chosen.formats[place]] if place in chosen.formats else []
        rows = imported.profile["columns"][place]["distinct"] or {}
        for old, new in chosen.replace.get(place, {}).items():
            notes.append(f"{old} -> {new or '-'} ({rows.get(old, 0):,})")
        say(f"  {title} {'; '.join(notes)}")


def _show_result(imported: Import, *, trial: bool) -> int:
    """What became of the rows; the code to end with."""
    for outcome in Outcome:
        if imported.counts.get(outcome.value):
            say(f"{outcome.label}: {imported.counts[outcome.value]:,}")
    for key, number in imported.extra.items():
        if number:
            say(f"+ {registry.spec(key).plural}: {number:,}")
    for line, title, reason in not_taken(imported, trial=trial)[:LINES_SHOWN]:
        say(f"  {line}: {title}: {reason}")
    say(f"/import/{imported.pk}/")
    return 1 if imported.counts.get(Outcome.REFUSED) else 0
