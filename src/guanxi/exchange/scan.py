"""One look through the whole file before the first row is written.

It finds what no single row can tell: rows that repeat an earlier one, which rows must wait for
others of the same file (a parent listed below its subsidiary), and names of rows still to be made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from guanxi.exchange.cells import Column, says_nothing
from guanxi.exchange.reading import BadCell, Table, digits_lost
from guanxi.kernel.spec import Spec


@dataclass
class Scan:
    """repeats: {line: the earlier line with the same key}
    levels: {line: when to write it}, 0 left out
    loops: lines that stand above each other in a circle
    missing: {target key: {name: line that names it first}} of columns that create
    named: names that self links of the file point to
    """

    rows: int = 0
    repeats: dict[int, int] = field(default_factory=dict)
    levels: dict[int, int] = field(default_factory=dict)
    loops: frozenset[int] = frozenset()
    missing: dict[str, dict[str, int]] = field(default_factory=dict)
    named: frozenset[str] = frozenset()

    @property
    def last_level(self) -> int:
        return max(self.levels.values(), default=0)


def scan(table: Table, columns: Sequence[Column], spec: Spec) -> Scan:
    """Streams the file once; keeps keys, and links between the rows of the file."""
    found = Scan()
    keys = _key_columns(columns, spec)
    titles = [column for column in columns if column.target.key == spec.title]
    selves = [column for column in columns if column.target.links_to is spec]
    makers = [column for column in columns if column.creates and column.lookup is not None]
    first: dict[tuple[str, ...], int] = {}
    line_of: dict[str, int] = {}
    above: dict[int, list[str]] = {}
    for row in table.rows():
        found.rows += 1
        key = _key(keys, row.cells)
        if key is not None:
            earlier = first.setdefault(key, row.line)
            if earlier != row.line:
                found.repeats[row.line] = earlier
                continue
        if selves:
            for column in titles:
                line_of.setdefault(_text(column, row.cells), row.line)
            names = [name for column in selves if (name := _text(column, row.cells))]
            if names:
                above[row.line] = names
        for column in makers:
            name = _text(column, row.cells)
            if name:
                _note_missing(found, column, name, line=row.line)
    found.named = frozenset(name for names in above.values() for name in names)
    found.levels, found.loops = _order(above, line_of)
    _drop_known(found, makers, line_of if selves else {}, spec)
    return found


def _note_missing(found: Scan, column: Column, name: str, *, line: int) -> None:
    """The name, behind those it stands below."""
    assert column.lookup is not None
    names, steps = found.missing.setdefault(column.target.key, {}), column.lookup.steps(name)
    for place in range(1, len(steps)):
        names.setdefault("/".join(steps[:place]), line)
    names.setdefault(name, line)


def _key_columns(columns: Sequence[Column], spec: Spec) -> list[list[Column]]:
    """For each import key the columns that make it, in the order in which they count."""
    by_target = {column.target.key: column for column in columns}
    found = []
    for name in spec.import_key:
        if name in by_target:
            also = unique_with(spec, name)
            found.append([by_target[name], *(by_target[one] for one in also if one in by_target)])
    return found


def unique_with(spec: Spec, name: str) -> list[str]:
    """The links that make a key unique together with it: a department's name below its parent."""
    for constraint in spec.model._meta.constraints:
        fields = [one for one in getattr(constraint, "fields", ()) if one != "book"]
        if name in fields:
            return [one for one in fields if one != name]
    return []


def _key(keys: Sequence[Sequence[Column]], cells: Sequence[object]) -> tuple[str, ...] | None:
    for columns in keys:
        text = _text(columns[0], cells)
        if text:
            return (columns[0].target.key, *(_text(column, cells) for column in columns))
    return None


def _text(column: Column, cells: Sequence[object]) -> str:
    cell = cells[column.index]
    # Codes that were rounded look the same and are not: each row is refused for itself.
    if isinstance(cell, BadCell) or cell is None or digits_lost(cell):
        return ""
    plain = isinstance(cell, str) and not column.replace
    text = str(column.unwrapped(cell)) if plain else column.text(cell)
    return "" if says_nothing(text) else " ".join(text.split())


def _order(
    above: Mapping[int, list[str]], line_of: Mapping[str, int]
) -> tuple[dict[int, int], frozenset[int]]:
    """{line: level}: a row comes after every row of the file that it names; circles apart."""
    waits = {
        line: [line_of[name] for name in names if name in line_of] for line, names in above.items()
    }
    levels: dict[int, int] = {}
    loops: set[int] = set()
    for start in waits:
        path: list[int] = []
        on_path: set[int] = set()
        _climb(start, waits, levels=levels, path=path, on_path=on_path, loops=loops)
    return {line: level for line, level in levels.items() if level}, frozenset(loops)


def _climb(
    start: int,
    waits: Mapping[int, list[int]],
    *,
    levels: dict[int, int],
    path: list[int],
    on_path: set[int],
    loops: set[int],
) -> None:
    """Depth first without recursion: chains of parents may be as long as the file."""
    stack = [(start, iter(waits.get(start, ())))]
    path.append(start)
    on_path.add(start)
    while stack:
        line, rest = stack[-1]
        after = next((one for one in rest if one not in levels or one in on_path), None)
        if after is None:
            stack.pop()
            path.pop()
            on_path.discard(line)
            levels[line] = max((levels.get(one, 0) + 1 for one in waits.get(line, ())), default=0)
        elif after in on_path:
            loops.update(path[path.index(after) :])
        else:
            stack.append((after, iter(waits.get(after, ()))))
            path.append(after)
            on_path.add(after)


def _drop_known(
    found: Scan, makers: Sequence[Column], line_of: Mapping[str, int], spec: Spec
) -> None:
    """Only names that neither the database nor the file knows are still to be made."""
    for column in makers:
        names = found.missing.get(column.target.key, {})
        assert column.lookup is not None
        column.lookup.prepare(names)
        in_file = line_of if column.target.links_to is spec else {}
        found.missing[column.target.key] = {
            name: line
            for name, line in names.items()
            if name not in in_file and not _known(column, name)
        }


def _known(column: Column, name: str) -> bool:
    assert column.lookup is not None
    try:
        return column.lookup.find(name) is not None
    except ValueError:
        return True
