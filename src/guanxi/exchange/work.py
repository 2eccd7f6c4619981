"""What one import needs while it runs: the table, its compiled columns, the rows it may name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from guanxi.exchange.cells import Column, compile_columns
from guanxi.exchange.lookups import Lookup
from guanxi.exchange.models import Import
from guanxi.exchange.options import Options
from guanxi.exchange.reading import Row as FileRow
from guanxi.exchange.reading import Table, open_table, show
from guanxi.exchange.scan import Scan, scan
from guanxi.exchange.targets import Target, can_create, targets
from guanxi.kernel import registry
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import column, policies
from guanxi.kernel.errors import NotAllowed, Refused
from guanxi.kernel.spec import Capability, Spec
from guanxi.kernel.values import closed_message

#: Rows of one transaction, at first, at least and at most. Everyone else who saves waits until it
#: is written: seconds by the clock it should take.
CHUNK, FEWEST, MOST = 200, 100, 1_000
SPAN = 0.2


@dataclass
class Work:
    """One import in motion. `actor` writes into the batch; `seen` holds what a trial would have
    made: duplicate keys and unique values by line, for the rows that come later."""

    actor: Actor
    spec: Spec
    options: Options
    table: Table
    columns: list[Column]
    lookups: dict[str, Lookup]
    scan: Scan
    known: Mapping[str, Target] = field(default_factory=dict)
    history: Any = None
    closed: dict[str, tuple[bool, bool]] = field(default_factory=dict)
    same_seen: dict[tuple[int, str], int] = field(default_factory=dict)
    unique_seen: dict[tuple[str, ...], int] = field(default_factory=dict)
    made: dict[str, set[str]] = field(default_factory=dict)
    size: int = CHUNK

    def took(self, rows: int, seconds: float) -> None:
        """Fits the next chunk to how long this one kept others waiting.

        Slow ones count at once. After a quick one it grows by half at most.
        """
        fitting = int(rows * SPAN / max(seconds, 0.001))
        self.size = min(max(fitting, FEWEST), self.size * 3 // 2, MOST)

    def name_of(self, cells: Sequence[Any]) -> str:
        """What a row without a record is called in lists: its title, else its first filled cell."""
        assigned = (*self._titles(), *self.columns)
        places = [*(one.index for one in assigned), *range(len(cells))]
        texts = (show(cells[place]).strip() for place in places if place < len(cells))
        return next(filter(None, texts), "")

    def is_nameless(self, cells: Sequence[Any]) -> bool:
        """Whether the row is one to leave out, having no title."""
        skips = self.options.nameless == "skip"
        return skips and all(one.is_blank(cells[one.index]) for one in self._titles())

    def _titles(self) -> Iterator[Column]:
        return (one for one in self.columns if one.target.key == self.spec.title)

    def look_again(self) -> None:
        """Forgets what may have changed since it was read."""
        self.same_seen.clear()
        for lookup in self.lookups.values():
            lookup.refresh()

    def refusal_of(self, key: str, *, mine: bool) -> str:
        """Why this person may not set this column on this row, or ""."""
        on_mine, on_others = self.closed.get(key, (False, False))
        return closed_message() if (on_mine if mine else on_others) else ""

    def chunks(self, *, level: int, after: int) -> Iterator[list[FileRow]]:
        """The rows of one level behind line `after`, in chunks of `size` as it is by then."""
        found: list[FileRow] = []
        levels = self.scan.levels
        for row in self.table.rows():
            if row.line > after and levels.get(row.line, 0) == level:
                found.append(row)
                if len(found) >= self.size:
                    yield found
                    found = []
        if found:
            yield found


def path_of(imported: Import) -> Path:
    return Path(settings.MEDIA_ROOT) / imported.path


def table_of(imported: Import) -> Table:
    """The file as it was read when it was uploaded; raises ReadFault."""
    profile = imported.profile
    if not imported.path or not path_of(imported).exists():
        raise Refused(_("The file of this import has been removed."), code="removed")
    return open_table(
        path_of(imported),
        sheet=profile.get("sheet") or None,
        header_line=profile.get("header_line"),
    )


def mapping_of(imported: Import) -> dict[int, str]:
    """{column: target}; targets that no longer exist are left out."""
    known = targets(registry.spec(imported.object))
    width = len(imported.profile["header"])
    return {
        int(place): key
        for place, key in imported.mapping.items()
        if key in known and int(place) < width
    }


def prepare(actor: Actor, imported: Import, *, scanned: Scan | None = None) -> Work:
    """Checks the rights, opens the file and looks through it once, unless that is done."""
    spec = registry.spec(imported.object)
    options = Options.from_json(imported.options)
    mapping = mapping_of(imported)
    check_rights(actor, spec, options)
    known = targets(spec)
    lookups = make_lookups(actor, spec, mapping)
    columns = compile_columns(mapping, known, options=options, lookups=lookups)
    check_columns(actor, spec, columns)
    table = table_of(imported)
    closed = {}
    for key in mapping.values():
        mine, others = policies(actor, column(spec, _path(spec, key)))
        closed[key] = (mine is not Policy.FREE, others is not Policy.FREE)
    scanned = scanned or scan(table, columns, spec)
    work = Work(actor, spec, options, table, columns, lookups, scanned)
    work.known = known
    work.closed = {key: rules for key, rules in closed.items() if any(rules)}
    if options.history and spec.history_rule is not None:
        work.history = spec.history_rule(actor)
    return work


def make_lookups(actor: Actor, spec: Spec, mapping: Mapping[int, str]) -> dict[str, Lookup]:
    known = targets(spec)
    found = {}
    for key in mapping.values():
        linked = known[key].links_to
        if linked is not None:
            board = spec.board
            within = board.within if board is not None and board.by == key else ""
            found[key] = Lookup(actor, linked, within=within)
    return found


def check_rights(actor: Actor, spec: Spec, options: Options) -> None:
    """Raises Refused where this person may not import this object in this way."""
    if not spec.can(Capability.IMPORT) or not actor.may(spec.key, "import"):
        raise NotAllowed(_("You may not import these."))
    if options.history and (spec.history_rule is None or not actor.may(spec.key, "history")):
        raise NotAllowed(_("You may not import history."))
    if options.mode != "update" and not actor.may(spec.key, "create"):
        raise NotAllowed(_("You may not create these; choose to update only."))


def check_columns(actor: Actor, spec: Spec, columns: list[Column]) -> None:
    if not columns:
        raise Refused(_("No column is assigned yet."), code="no_columns")
    for one in columns:
        linked = one.target.links_to
        if one.creates and (
            linked is None or not can_create(linked) or not actor.may(linked.key, "create")
        ):
            message = _("You may not create new entries for “%(field)s”.")
            raise NotAllowed(message % {"field": one.target.label})


def _path(spec: Spec, key: str) -> str:
    """The path whose rights rule a target: a part is ruled as a whole."""
    head, dot, _rest = key.partition(".")
    parts = spec.part(head) if dot else None
    return f"{head}.{parts.fields[0]}" if parts is not None else key
