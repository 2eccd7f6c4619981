"""The rows of a list, drawn in Python: there are hundreds of cells. Context: see
`ui/_table.html`."""

from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guanxi.ui.icons import icon
from guanxi.ui.markup import attributes, esc

SORTED = {"asc": ("ascending", "arrow-up"), "desc": ("descending", "arrow-down")}


def draw_heads(table: Mapping[str, Any]) -> SafeString:
    tick = ""
    if table.get("ticks"):
        every = esc(_("Tick all rows of this page"))
        tick = f'<label class="tick"><input type="checkbox" data-tick-all aria-label="{every}"></label>'
    return SafeString(
        "".join([_head(column, "" if n else tick) for n, column in enumerate(table["columns"])])
    )


def draw_rows(table: Mapping[str, Any]) -> SafeString:
    tick, invalid = "", f' <span class="tag tag-muted">{esc(_("Invalid"))}</span>'
    if table.get("ticks"):
        tick = (
            '<label class="tick"><input type="checkbox" name="tick" value="@id" form="bulk"'
            f' data-tick aria-label="{esc(_("Tick"))} @label"></label>'
        )
    acts = bool(table.get("acts_label"))
    return SafeString(
        "".join([_row(row, tick, invalid, has_acts=acts) for row in table.get("rows") or ()])
    )


def _head(column: Mapping[str, Any], tick: str) -> str:
    label, title = esc(column["label"]), attributes(title=column.get("title"))
    order, sign = SORTED.get(column.get("sorted") or "", ("", "arrows-sort"))
    shown = f"<span{title}>{label}</span>"
    if column.get("sort_url"):
        shown = f'<a class="sort" href="{esc(column["sort_url"])}"{title}>{label}{icon(sign)}</a>'
    return f'<th scope="col"{attributes(aria_sort=order)}>{tick}{shown}</th>\n'


def _row(row: Mapping[str, Any], tick: str, invalid: str, *, has_acts: bool) -> str:
    get, cells = row.get, row["cells"]
    first, url, look, marks = esc(cells[0]), get("url"), "", ""
    if url:
        first = f'<a class="row-link" href="{esc(url)}" data-row-link>{first}</a>'
    if get("voided"):
        look, marks = ' class="voided"', invalid
    elif get("alarm"):
        look = ' class="alarm"'
    if get("alarm"):
        marks += f' <span class="tag tag-bad">{esc(get("alarm"))}</span>'
    box = tick.replace("@id", esc(get("id")), 1).replace("@label", esc(get("label")), 1)
    data = "".join([f"<td>{esc(cell)}</td>" for cell in cells[1:]])
    tail = f'<td class="row-acts">{esc(get("acts"))}</td>' if has_acts else ""
    return (
        f'<tr data-row{look}><th scope="row">{box}{esc(get("star"))}{first}{marks}</th>'
        f"{data}{tail}</tr>\n"
    )
