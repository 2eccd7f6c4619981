"""Child rows on a form: what was sent, and what `ui/_parts.html` shows."""

from typing import Any

from django.http import HttpRequest

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import Actor, Policy
from guanxi.kernel.columns import column, policy
from guanxi.kernel.errors import Wrong
from guanxi.kernel.files import keep_file
from guanxi.kernel.present import title_for
from guanxi.kernel.snapshot import part_rows
from guanxi.kernel.spec import Parts, Spec
from guanxi.kernel.text import whole_number
from guanxi.kernel.titles import titles_of
from guanxi.kernel.values import MAX_PART_ROWS, telling_lines
from guanxi.pages import inputs, terms
from guanxi.pages.regions import sent_region

#: More than these are not looked over at once; then rows with a picker each are quicker.
MOST_CHIPS = 60
WIDTHS = {
    "kind": "small",
    "region": "whole",
    "postcode": "small",
    "remark": "small",
    "detail": "wide",
    "value": "wide",
}


def read_parts(request: HttpRequest, parts: Parts) -> list[dict[str, Any]]:
    """The rows that were sent, removed ones left out, the main one marked."""
    data = request.POST
    total = data.get(f"{parts.name}-TOTAL", "0")
    count = min(whole_number(total) or 0, MAX_PART_ROWS)
    main = data.get(f"{parts.name}-main", "")
    names, ticked = [*data, *request.FILES], chip_field(parts)
    rows = []
    for index in range(count):
        prefix = f"{parts.name}-{index}-"
        if ticked and f"{prefix}{ticked}" not in data:
            continue
        if data.get(f"{prefix}remove") or not any(name.startswith(prefix) for name in names):
            continue
        row: dict[str, Any] = {"id": data.get(f"{prefix}id", "")}
        for name in parts.fields:
            kind = part_kind(parts, name)
            if name == parts.main:
                row[name] = main == str(index)
            elif isinstance(kind, kinds.FileKind):
                row[name] = sent_file(request, kind, f"{prefix}{name}")
            elif isinstance(kind, kinds.RegionKind):
                row[name] = sent_region(data, f"{prefix}{name}")
            elif f"{prefix}{name}" in data:
                row[name] = data[f"{prefix}{name}"]
        rows.append(row)
    return rows


def chip_field(parts: Parts) -> str:
    """The one link of rows that say nothing else and stand once each; "" for all others."""
    only, *more = parts.fields
    is_link = isinstance(part_kind(parts, only), kinds.LinkKind)
    return only if is_link and not more and parts.unique == f"{only}_id" else ""


def part_kind(parts: Parts, name: str) -> kinds.Kind:
    model_field: Any = parts.model._meta.get_field(name)
    return model_field.kind


def sent_file(request: HttpRequest, kind: kinds.FileKind, name: str) -> Any:
    """The id of the file now kept, "" where it was removed, the one chosen before, or what is
    wrong with it."""
    upload = request.FILES.get(name)
    if upload is None:
        return "" if request.POST.get(f"{name}__clear") else request.POST.get(name, "")
    actor = request.actor  # type: ignore[attr-defined]
    try:
        return keep_file(actor, upload, max_bytes=kind.max_bytes, picture=kind.picture).pk
    except Wrong as wrong:
        return wrong


def parts_context(
    actor: Actor,
    spec: Spec,
    record: Any,
    parts: Parts,
    *,
    mine: bool,
    sent: dict[str, Any] | None,
    errors: dict[str, list[str]],
) -> dict[str, Any] | None:
    """The context of `ui/_parts.html`; None where the person may not edit these rows."""
    probe = column(spec, f"{parts.name}.{parts.fields[0]}")
    if policy(actor, probe, mine=mine) is not Policy.FREE:
        return None
    lines = _lines(spec, record, parts, sent)
    names = [name for name in parts.fields if name != parts.main]
    filled = bool(lines)
    said = {
        "name": parts.name,
        "label": parts.label,
        "error": " ".join(errors.get(parts.name, ())),
        "filled": filled or any(path.startswith(f"{parts.name}.") for path in errors),
    }
    chips = _chips(actor, parts, lines)
    if chips is not None:
        return said | {"chips": chips, "field": chip_field(parts)}
    if not lines:
        lines = [{}]
    return said | {
        "columns": [_head(parts, name) for name in names],
        "rows": [
            _row(actor, parts, line, index, names, errors=errors)
            for index, line in enumerate(lines)
        ],
        "blank": _row(actor, parts, {}, "__n__", names, errors={}),
        "main": bool(parts.main),
        "max": MAX_PART_ROWS,
        "cards": parts.cards,
    }


def _chips(actor: Actor, parts: Parts, lines: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Every row there is to link to, those ticked that are linked; None where they are too many."""
    name = chip_field(parts)
    if not name:
        return None
    kind: Any = part_kind(parts, name)
    target = registry.spec(kind.to)
    if target.small or target.tree:
        known = [(pk, title) for pk, title, _level in terms.entries(actor, target)]
    else:
        rows = target.model.rows(actor, "view").live().order_by(*target.order)
        known = [(str(row.pk), title_for(actor, row)) for row in rows[: MOST_CHIPS + 1]]
    if len(known) > MOST_CHIPS:
        return None
    chosen = {str(line[name]): line.get("id", "") for line in lines if line.get(name)}
    gone = titles_of(actor, target, [n for one in chosen if (n := whole_number(one)) is not None])
    known += [(str(pk), title) for pk, title in gone.items() if str(pk) not in dict(known)]
    return [
        {"value": pk, "label": title, "id": chosen.get(pk, ""), "checked": pk in chosen}
        for pk, title in known
    ]


def _lines(
    spec: Spec, record: Any, parts: Parts, sent: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """What was sent, else what is stored."""
    if sent is not None and parts.name in sent:
        return [dict(line) for line in telling_lines(parts, sent[parts.name])]
    if record.pk is None:
        return []
    return [_line(parts, row) for row in part_rows(spec, parts.name, record)]


def _line(parts: Parts, row: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"id": row.pk}
    for name in parts.fields:
        found[name] = getattr(row, row._meta.get_field(name).attname)
    return found


def _head(parts: Parts, name: str) -> dict[str, Any]:
    model_field: Any = parts.model._meta.get_field(name)
    return {
        "label": model_field.verbose_name,
        "required": not (model_field.blank or model_field.null or model_field.has_default()),
        "width": WIDTHS.get(name, "middle"),
    }


def _row(
    actor: Actor,
    parts: Parts,
    line: dict[str, Any],
    index: int | str,
    names: list[str],
    *,
    errors: dict[str, list[str]],
) -> dict[str, Any]:
    fields = []
    for name in names:
        model_field: Any = parts.model._meta.get_field(name)
        value = line.get(name, model_field.get_default() if model_field.has_default() else "")
        if isinstance(model_field.kind, kinds.BooleanKind) and not isinstance(value, str):
            value = "1" if value else ""
        if isinstance(value, Wrong):
            value = ""
        control = inputs.field(
            actor,
            _Bare(model_field.verbose_name, model_field.kind),  # type: ignore[arg-type]
            name=f"{parts.name}-{index}-{name}",
            value=value,
            bare=not parts.cards,
            error=" ".join(errors.get(f"{parts.name}.{index}.{name}", ())),
            width=WIDTHS.get(name, "middle"),
        )
        fields.append(control)
    return {
        "id": line.get("id", ""),
        "fields": fields,
        "main": bool(line.get(parts.main)) if parts.main else False,
        "error": " ".join(errors.get(f"{parts.name}.{index}", ())),
    }


class _Bare:
    """What `inputs.field` needs of a column."""

    def __init__(self, label: Any, kind: kinds.Kind) -> None:
        self.label, self.kind = label, kind
