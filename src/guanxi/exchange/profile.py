"""What a file holds: heading, samples, different values with their rows, dates and quarters."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from guanxi.exchange.reading import BadCell, Table, show
from guanxi.exchange.reading.dates import find_check_columns, propose_date_format
from guanxi.exchange.reading.quarters import is_quarter_column
from guanxi.kernel.errors import Refused

SAMPLES = 3
DIFFERENT = 1_000
LOOKED_AT = 10_000
GLANCE = 200
MOST_COLUMNS = 300
SAMPLE_LENGTH = 80


def examine(table: Table) -> dict[str, Any]:
    """The profile of a table, as kept with the import: JSON values.

    header, header_line, sheet, sheets, encoding, rows; columns: list of {samples, filled,
    distinct {text: rows} or None where there are too many, quarter, dates [proposal], check}
    Raises ReadFault, Refused.
    """
    width = len(table.header)
    if width > MOST_COLUMNS:
        message = _("The table has %(width)s columns; at most %(most)s can be read.")
        raise Refused(message % {"width": width, "most": MOST_COLUMNS}, code="too_many_columns")
    rows, columns = _count(table)
    return {
        "header": table.header,
        "header_line": table.header_line,
        "sheet": table.sheet,
        "sheets": list(table.sheets),
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "rows": rows,
        "columns": columns,
    }


def _count(table: Table) -> tuple[int, list[dict[str, Any]]]:
    """Number of rows, and for each column what it holds."""
    counters: list[Counter[str] | None] = [Counter() for _name in table.header]
    filled = [0] * len(table.header)
    head: list[list[Any]] = []
    rows = 0
    for row in table.rows():
        rows += 1
        if row.fault is None and len(head) < LOOKED_AT:
            head.append(row.cells)
        for place, cell in enumerate(row.cells):
            if cell == "" or cell is None:
                continue
            filled[place] += 1
            counter = counters[place]
            if counter is not None:
                counter[show(cell).strip()[:200]] += 1
                if len(counter) > DIFFERENT:
                    counters[place] = None
    columns = _columns(table.header, head)
    for place, column in enumerate(columns):
        found = counters[place]
        column["filled"] = filled[place]
        column["distinct"] = dict(found) if found is not None else None
    return rows, columns


def _columns(header: list[str], head: list[list[Any]]) -> list[dict[str, Any]]:
    columns = [[cells[place] for cells in head] for place in range(len(header))]
    glance = [values[:LOOKED_AT] if _may_hold_dates(values) else [] for values in columns]
    checks = find_check_columns(header, glance) if any(glance) else {}
    found = []
    for place, values in enumerate(columns):
        check = checks.get(place)
        quarter = is_quarter_column(values)
        dates = []
        if glance[place] and not quarter:
            against = columns[check.column] if check else None
            dates = [asdict(one) for one in propose_date_format(values, checks=against)]
        found.append(
            {
                "samples": _samples(values),
                "quarter": quarter,
                "dates": dates,
                "check": check.column if check else None,
                "has_dates": any(hasattr(value, "isoformat") for value in values[:GLANCE]),
            }
        )
    return found


def _may_hold_dates(values: list[Any]) -> bool:
    """A glance at the first filled cells: full checks of every column would take long."""
    some = [value for value in values if value != "" and not isinstance(value, BadCell)][:GLANCE]
    texts = [show(value) for value in some]
    if not texts:
        return False
    if is_quarter_column(texts):
        return True
    proposals = propose_date_format(texts)
    return bool(proposals) and proposals[0].matched >= 0.9 * len(texts)


def _samples(values: list[Any]) -> list[str]:
    texts = (show(value).strip() for value in values)
    return list(dict.fromkeys(text[:SAMPLE_LENGTH] for text in texts if text))[:SAMPLES]
