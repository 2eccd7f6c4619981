"""A field of a form: label, control, help, error.

What it shows is a mapping `f`; whatever is not given is empty.

  name str          label str           widget: a name of `widgets.WIDGETS`, or of a template
                                        in ui/widgets for a control of one module
  value             required bool       error str         help str
  readonly bool -> shows `display` (safe) or `text` or `value`, no control
  max int (code points)   placeholder   autofocus bool   wide bool (whole row)   unit str
  form  id of the form it belongs to when it stands outside
  options [{value, label, selected, disabled, level, group}]       choice, tree, tags
  options_html safe <option> elements instead of them, complete bool (no empty one)   choice
  text, url, suggest                    link, person: shown text, picker page, suggestions
  text, url, accept, multiple           file, image: name of the file there is, its address
  checked bool                          boolean
  currency, currency_label, currencies_html   money: name, label and <option>s of the choice before it
  parts [f]                             address: its own fields, each as here
  bare bool                             label for screen readers only

Drawn in Python: a form has sixty fields, and a template takes four times as long for each.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from guanxi.ui.icons import icon
from guanxi.ui.markup import esc
from guanxi.ui.widgets import WIDGETS, field_id, label_of

STAR = '<span class="required" aria-hidden="true">*</span>'


class Field(dict[str, Any]):
    """What a field shows, from an object's column.

    A template that misses a key of a plain mapping goes on to look for attributes and places.
    """

    def __missing__(self, key: str) -> str:
        return ""

    def __or__(self, other: Mapping[str, Any]) -> "Field":  # type: ignore[override]
        return Field({**self, **other})


def draw_field(f: Mapping[str, Any], here: str) -> SafeString:
    """The field as HTML. `here`: address of this page, to which a picker leads back."""
    get, ident = f.get, field_id(f)
    widget, error, note = str(get("widget")), get("error"), get("help")
    classes = f"field field-{esc(widget)}{' field-wide' if get('wide') else ''}"
    pieces = [f'<div class="{classes}{" has-error" if error else ""}">']
    if widget != "boolean" and not get("bare"):
        star = STAR if get("required") else ""
        pieces.append(
            f'<label class="label" for="{ident}" id="{ident}_label">{star}{label_of(f)}</label>'
        )
    if get("readonly"):
        shown = get("display") or get("text") or get("value") or "—"
        pieces.append(f'<output class="readonly" id="{ident}">{esc(shown)}</output>')
    elif widget == "address":
        pieces.append(_group(f, ident, here))
    elif widget in WIDGETS:
        pieces.append(WIDGETS[widget](f, here))
    else:
        pieces.append(render_to_string(f"ui/widgets/{widget}.html", {"f": f}))
    if note:
        pieces.append(f'<p class="help" id="{ident}_help">{esc(note)}</p>')
    if error:
        sign = icon("alert-circle")
        pieces.append(f'<p class="error" id="{ident}_error">{sign}{esc(error)}</p>')
    pieces.append("</div>\n")
    return SafeString("".join(pieces))


def draw_fields(found: Iterable[Mapping[str, Any]], here: str) -> SafeString:
    return SafeString("".join([draw_field(f, here) for f in found]))


def _group(f: Mapping[str, Any], ident: str, here: str) -> str:
    return (
        f'<div class="address" role="group" aria-labelledby="{ident}_label" id="{ident}">'
        f"{draw_fields(f.get('parts') or (), here)}</div>"
    )
