"""The control of a field, by the name of its widget."""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.kernel.text import capital, standing
from guanxi.ui.icons import icon
from guanxi.ui.markup import attributes, esc

F = Mapping[str, Any]
Widget = Callable[[F, str], str]
INDENT = "\u3000"


def field_id(f: F) -> str:
    """The id of the field's control, the same on every rendering."""
    return esc(f.get("id") or f"id_{f.get('name')}")


def label_of(f: F) -> str:
    """The label; names of columns are written small in English where they stand in a sentence."""
    return esc(capital(f.get("label") or ""))


def control(f: F, **more: Any) -> str:
    """The attributes every control has: id, name, and what a screen reader must know."""
    get, ident = f.get, field_id(f)
    notes = [f"{ident}_{key}" for key in ("help", "error") if get(key)]
    return attributes(
        id=ident,
        name=more.pop("name", None) or get("name"),
        aria_required=get("required") and "true",
        aria_invalid=get("error") and "true",
        aria_describedby=" ".join(notes),
        aria_label=get("bare") and get("label"),
        placeholder=get("placeholder"),
        data_max=get("max"),
        autofocus=bool(get("autofocus")),
        form=get("form"),
        **more,
    )


def _input(f: F, kind: str, look: str = "input", **more: Any) -> str:
    value = esc(f.get("value"))
    return f'<input class="{look}" type="{kind}" value="{value}"{control(f, **more)}>'


def _text(f: F, here: str) -> str:
    return _input(f, "text", autocomplete=f.get("autocomplete"))


def _code(f: F, here: str) -> str:
    """Digits read off somewhere else: a keyboard of digits, and what the phone offers by itself."""
    typing = {"autocomplete": f.get("autocomplete") or "off", "spellcheck": "false"}
    return _input(f, "text", "input input-code", inputmode="numeric", **typing)


def _password(f: F, here: str) -> str:
    # What was typed never comes back.
    return f'<input class="input" type="password"{control(f, autocomplete=f.get("autocomplete"))}>'


def _email(f: F, here: str) -> str:
    typing = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
    return _input(f, "text", inputmode="email", **typing)


def _phone(f: F, here: str) -> str:
    return _input(f, "tel", inputmode="tel", autocomplete="off")


def _date(f: F, here: str) -> str:
    return _input(f, "date", "input input-date", max="9999-12-31")


def _datetime(f: F, here: str) -> str:
    return _input(f, "datetime-local", "input input-date", max="9999-12-31T23:59")


def _time(f: F, here: str) -> str:
    return _input(f, "time", "input input-date")


def _figure(f: F) -> str:
    return _input(f, "text", "input input-number", inputmode="decimal", autocomplete="off")


def _number(f: F, here: str) -> str:
    unit = f.get("unit")
    end = f'<span class="affix-end">{esc(unit)}</span>' if unit else ""
    return f'<div class="affix">{_figure(f)}{end}</div>'


def _percent(f: F, here: str) -> str:
    return f'<div class="affix">{_figure(f)}<span class="affix-end">%</span></div>'


def _currency(f: F) -> str:
    """In front of an amount its sign, or the choice of its currency."""
    if not f.get("currency"):
        return f'<span class="affix-start">{esc(f.get("unit", "¥"))}</span>'
    name = f["currency"]
    told = attributes(
        id=f"id_{name}", name=name, aria_label=f.get("currency_label"), form=f.get("form")
    )
    return f'<select class="affix-choice"{told}>{f.get("currencies_html")}</select>'


def _money(f: F, here: str) -> str:
    words = attributes(
        data_wan=pgettext("unit", "ten thousand"), data_yi=pgettext("unit", "hundred million")
    )
    return (
        f'<div class="affix" data-money{words}>'
        f"{_currency(f)}{_figure(f)}"
        '<span class="affix-end" data-money-hint aria-hidden="true"></span></div>'
    )


def _textarea(f: F, here: str) -> str:
    rows = esc(f.get("rows") or 3)
    # A browser drops one line break at the start.
    return f'<textarea class="input" rows="{rows}" data-grow{control(f)}>\n{esc(f.get("value"))}</textarea>'


def _boolean(f: F, here: str) -> str:
    ticked = " checked" if f.get("checked") or f.get("value") else ""
    return (
        f'<label class="check"><input type="checkbox" value="1"{control(f)}{ticked}>'
        f"<span>{label_of(f)}</span></label>"
    )


def _option(option: F) -> str:
    marks = f"{' selected' if option.get('selected') else ''}{' disabled' if option.get('disabled') else ''}"
    label = f"{INDENT * int(option.get('level') or 0)}{esc(standing(option.get('label')))}"
    return f'<option value="{esc(option.get("value"))}"{marks}>{label}</option>'


def _options(f: F) -> str:
    """All of them, those of one group beside each other below its name."""
    found = []
    for group, options in groupby(f.get("options") or (), key=lambda one: one.get("group")):
        drawn = "".join([_option(option) for option in options])
        found.append(f'<optgroup label="{esc(group)}">{drawn}</optgroup>' if group else drawn)
    return "".join(found)


def _choice(f: F, here: str) -> str:
    optional = not f.get("required") or not f.get("value")
    empty = f'<option value="">{esc(capital(f.get("placeholder") or "—"))}</option>'
    return (
        f'<select class="input"{control(f)}>{empty if optional and not f.get("complete") else ""}'
        f"{esc(f.get('options_html'))}{_options(f)}</select>"
    )


def _link(f: F, here: str) -> str:
    name, ident, label = f.get("name") or "", field_id(f), {"label": f.get("label")}
    belongs = attributes(form=f.get("form"))
    clear, choose = esc(_("Clear %(label)s") % label), esc(_("Choose %(label)s") % label)
    typing = control(
        f,
        name=f"{name}__text",
        autocomplete="off",
        role="combobox",
        aria_expanded="false",
        aria_autocomplete="list",
        aria_controls=f"{ident}_list",
    )
    opens = f"{esc(f.get('url'))}?field={quote(str(name))}&amp;return={quote(here, safe='')}"
    return (
        f'<div class="picker" data-picker{attributes(data_suggest=f.get("suggest"))}>'
        f'<input type="hidden" name="{esc(name)}" value="{esc(f.get("value"))}" data-picker-value{belongs}>'
        f'<span class="picker-icon">{icon("user" if f.get("widget") == "person" else "link")}</span>'
        f'<input class="input" type="text" value="{esc(f.get("text"))}" data-picker-text{typing}>'
        f'<button class="picker-clear js-only" type="button" data-picker-clear'
        f'{"" if f.get("value") else " hidden"} title="{esc(_("Clear"))}" aria-label="{clear}">{icon("x")}</button>'
        f'<a class="picker-open" href="{opens}" data-picker-open title="{esc(_("Choose"))}" aria-label="{choose}">'
        f"{icon('list-search')}</a>"
        f'<ul class="options" id="{ident}_list" role="listbox" aria-labelledby="{ident}_label" hidden></ul></div>'
    )


def _tags(f: F, here: str) -> str:
    known = f"{field_id(f)}_known"
    offered = "".join(
        [f'<option value="{esc(one.get("label"))}"></option>' for one in f.get("options") or ()]
    )
    return (
        f'<div class="chips" data-chips data-remove="{esc(_("Remove"))}">'
        f"{_input(f, 'text', list=known, autocomplete='off')}"
        f'<datalist id="{known}">{offered}</datalist></div>'
    )


def _remove(f: F) -> str:
    name, word = esc(f.get("name")), esc(_("Remove"))
    return f'<label class="check"><input type="checkbox" name="{name}__clear" value="1"> {word}</label>'


def _upload(f: F, *, look: str, now: str, sign: str, words: str, **more: Any) -> str:
    return (
        f'<div class="{look}" data-upload>'
        f'<input type="hidden" name="{esc(f.get("name"))}" value="{esc(f.get("value"))}">{now}'
        f'<input class="input-file" type="file"{control(f, **more)}>'
        f'<p class="upload-drop js-only" data-upload-name aria-live="polite">{icon(sign)}<span>{esc(words)}</span></p>'
        "</div>"
    )


def _file(f: F, here: str) -> str:
    now, text, url = "", esc(f.get("text")), f.get("url")
    if text:
        shown = f'<a href="{esc(url)}">{text}</a>' if url else text
        now = f'<p class="upload-now">{icon("paperclip")}{shown}{_remove(f)}</p>'
    words = _("Drop a file here, or choose one")
    more = {"accept": f.get("accept"), "multiple": bool(f.get("multiple"))}
    return _upload(f, look="upload", now=now, sign="upload", words=words, **more)


def _image(f: F, here: str) -> str:
    now, text, url = "", esc(f.get("text")), f.get("url")
    if text:
        picture = f'<img class="upload-picture" src="{esc(url)}" alt="{esc(f.get("label"))}" width="72" height="72">'
        now = f"{picture if url else text}{_remove(f)}"
    words = _("Drop a picture here, or choose one")
    return _upload(
        f, look="upload upload-image", now=now, sign="photo", words=words, accept="image/*"
    )


def region_steps(steps: Sequence[Sequence[F]], name: str = "", form: Any = None) -> str:
    """The three selects of a region: the options of each, named after the field."""
    found = []
    for level, options in enumerate(steps, start=1):
        label = (_("Province"), _("City"), _("District"))[level - 1]
        named = {"name": f"{name}__{level}", "id": f"id_{name}__{level}"} if name else {}
        drawn = "".join([_option(option) for option in options])
        found.append(
            f'<select class="input" data-region-step{attributes(aria_label=label, form=form, **named)}>'
            f'<option value="">{esc(label)}</option>{drawn}</select>'
        )
    return "".join(found)


def _region(f: F, here: str) -> str:
    """Province, city, district one below the other, and typing; `compact` for a query."""
    name, ident, compact = str(f.get("name") or ""), field_id(f), bool(f.get("compact"))
    belongs = attributes(form=f.get("form"))
    clear = esc(_("Clear %(label)s") % {"label": f.get("label")})
    typing = control(
        {**f, "placeholder": _("Or type, such as 海淀")},
        name=f"{name}__text",
        autocomplete="off",
        role="combobox",
        aria_expanded="false",
        aria_autocomplete="list",
        aria_controls=f"{ident}_list",
    )
    steps = region_steps(f.get("steps") or (), name, f.get("form"))
    shown = f'<div class="region-steps">{steps}</div>'
    below = esc(_("Show what lies below"))
    again = f'<button class="btn btn-small no-js-only" name="_again" value="1">{below}</button>'
    return (
        f'<div class="region{" region-compact" if compact else ""}" data-region="/regions/steps/">'
        f"{'' if compact else shown}"
        '<div class="picker" data-picker data-suggest="/regions/suggest/">'
        f'<input type="hidden" name="{esc(name)}" value="{esc(f.get("value"))}" data-picker-value{belongs}>'
        f'<span class="picker-icon">{icon("map-pin")}</span>'
        f'<input class="input" type="text" value="{esc(f.get("text"))}" data-picker-text{typing}>'
        f'<button class="picker-clear js-only" type="button" data-picker-clear'
        f'{"" if compact and f.get("value") else " hidden"} title="{esc(_("Clear"))}" aria-label="{clear}">'
        f'{icon("x")}</button><ul class="options" id="{ident}_list" role="listbox" hidden></ul></div>'
        f"{'' if compact else again}</div>"
    )


WIDGETS: Mapping[str, Widget] = {
    "text": _text,
    "password": _password,
    "code": _code,
    "textarea": _textarea,
    "number": _number,
    "money": _money,
    "percent": _percent,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "boolean": _boolean,
    "choice": _choice,
    "tree": _choice,
    "link": _link,
    "person": _link,
    "phone": _phone,
    "email": _email,
    "tags": _tags,
    "file": _file,
    "image": _image,
    "region": _region,
}
