"""The board: columns are stages, a drop is the same move as everywhere else."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.kernel import kinds, registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.acts import get_record
from guanxi.kernel.amounts import exact_amounts, short_amounts, short_value
from guanxi.kernel.columns import column, is_open
from guanxi.kernel.company import currency_column, own_currency
from guanxi.kernel.errors import Conflict, Invalid, Missing, NotAllowed, Refused
from guanxi.kernel.paging import Page, order_keys, page_of
from guanxi.kernel.present import Row, Value, address, for_present, present, title_for
from guanxi.kernel.sight import counted, seen_q
from guanxi.kernel.spec import Board, Spec
from guanxi.kernel.text import whole_number
from guanxi.kernel.values import edit_record
from guanxi.pages.acts import rule_for, undo_url
from guanxi.pages.listing import listing, scoped
from guanxi.pages.lists import head_acts, may_create, require
from guanxi.ui.web import BY_OBJECT, page

CARDS = 50


@page(BY_OBJECT)
def board_page(request: HttpRequest, spec: Spec) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if spec.board is None:
        raise Missing
    require(actor, spec, "view")
    board = spec.board
    groups = _groups(actor, spec, board)
    chosen = _chosen(groups, request.GET.get("within", ""))
    stages = _stages(actor, spec, board, chosen)
    asked = listing(actor, spec, request.GET)
    rows = asked.narrowed
    heads = figures(actor, spec, board, scoped(spec, actor, rows))
    context = {
        "title": _("Board: %(name)s") % {"name": spec.plural},
        "spec": spec,
        "tabs": [
            {
                "label": registry.title_of(group),
                "url": f"?within={group.pk}",
                "active": group is chosen,
            }
            for group in groups
        ],
        "tabs_label": _("Pipelines"),
        "board": {
            "label": spec.plural,
            "columns": _columns(actor, spec, board, stages, rows, heads),
        },
        "errors": asked.asked.errors,
        "acts": head_acts(actor, spec, request),
        "create_url": f"/{spec.path}/new/" if may_create(actor, spec) else "",
    }
    return render(request, "pages/board.html", context)


def _target(spec: Spec, path: str) -> Spec:
    kind = column(spec, path).kind
    assert isinstance(kind, kinds.LinkKind)
    return registry.spec(kind.to)


def _groups(actor: Actor, spec: Spec, board: Board) -> list[Any]:
    if not board.within:
        return []
    target = _target(spec, board.within)
    return list(target.model.rows(actor, "view").live().order_by("position", "id"))


def _chosen(groups: list[Any], text: str) -> Any:
    for group in groups:
        if str(group.pk) == text:
            return group
    return next(
        (group for group in groups if getattr(group, "is_default", False)),
        groups[0] if groups else None,
    )


def _stages(actor: Actor, spec: Spec, board: Board, group: Any) -> list[Any]:
    rows = _target(spec, board.by).model.rows(actor, "view").live().order_by("position", "id")
    return list(rows.filter(**{board.within: group}) if group is not None else rows)


def figures(actor: Actor, spec: Spec, board: Board, rows: Any) -> dict[int, dict[str, Any]]:
    """{stage id: count, sum, sum_exact, weighted} over the scoped rows; sums only of an open
    column, one for each currency."""
    stage, currency = f"{board.by}_id", currency_column(board.sums)
    sums = bool(board.sums) and is_open(actor, column(spec, board.sums))
    names, asked = [stage], {"count": Count("pk")} | ({"sum": Sum(board.sums)} if sums else {})
    if sums:
        names.append(currency)
    rate = column(spec, f"{board.by}.{board.weight}") if board.weight else None
    if rate is not None and is_open(actor, rate):
        rows = rows.annotate(rate=counted(rate.orm, seen_q(actor, rate)))
        names.append("rate")
    found: dict[int, dict[str, Any]] = {}
    for line in rows.order_by().values(*names).annotate(**asked):
        one = found.setdefault(line[stage], {"count": 0, "rate": line.get("rate") or 0, "sums": {}})
        one["count"] += line["count"]
        if sums:
            one["sums"][line[currency]] = line["sum"] or Decimal(0)
    own = own_currency(actor.book) if sums else ""
    return {key: _head(**one, own=own) for key, one in found.items()}


def _head(count: int, rate: int, sums: dict[str, Decimal], *, own: str) -> dict[str, Any]:
    """`own`: the company's currency, "" where sums are not shown."""
    weighted = {currency: value * rate / 100 for currency, value in sums.items()}
    return {
        "count": count,
        "sum": short_amounts(sums, own=own) if own else "",
        "sum_exact": exact_amounts(sums, own=own) if own else "",
        "weighted": short_amounts(weighted, own=own) if own and 0 < rate < 100 else "",
    }


def _columns(
    actor: Actor,
    spec: Spec,
    board: Board,
    stages: list[Any],
    rows: Any,
    heads: dict[int, dict[str, Any]],
) -> list[dict[str, Any]]:
    """A page of cards per stage; what is the same for all of them is asked once."""
    keys, lean = order_keys(spec, "", actor=actor), for_present(rows, spec, board.card)
    pages = [
        page_of(spec, actor, lean.filter(**{board.by: stage}), keys=keys, size=CARDS)
        for stage in stages
    ]
    records = [record for found in pages for record in found.rows]
    editable = scope.granted(spec, actor, "edit", [one.pk for one in records])
    today, own = timezone.localdate(), own_currency(actor.book)
    cards = {
        row.id: _card(spec, row, movable=row.id in editable, today=today, own=own)
        for row in present(actor, spec, records, board.card)
    }
    for stage, found in zip(stages, pages, strict=True):
        for one in found.rows if _tone(stage) != "open" else ():
            cards[one.pk]["due_late"] = False
    nothing = {"count": 0, "sum": "", "sum_exact": "", "weighted": ""}
    return [
        {
            **_column(actor, spec, board, stage, found),
            "cards": [cards[one.pk] for one in found.rows],
            **heads.get(stage.pk, nothing),
        }
        for stage, found in zip(stages, pages, strict=True)
    ]


def _column(actor: Actor, spec: Spec, board: Board, stage: Any, found: Page) -> dict[str, Any]:
    create = f"/{spec.path}/new/?{board.by}={stage.pk}" + (
        f"&{board.within}={getattr(stage, f'{board.within}_id')}" if board.within else ""
    )
    return {
        "id": stage.pk,
        "label": registry.title_of(stage),
        "tone": _tone(stage),
        "more_url": f"/{spec.path}/?{board.by}={stage.pk}" if found.has_next else "",
        "add_url": create if may_create(actor, spec) and _tone(stage) == "open" else "",
    }


def _tone(stage: Any) -> str:
    return {"won": "won", "open": "open"}.get(getattr(stage, "kind", "open"), "lost")


def _card(spec: Spec, row: Row, *, movable: bool, today: date, own: str) -> dict[str, Any]:
    empty = dict.fromkeys(("amount", "amount_exact", "owner", "due", "due_exact"), "")
    card: dict[str, Any] = {**empty, "due_late": False}
    lines = []
    for value in row.values:
        kind = value.column.kind
        if isinstance(kind, kinds.MoneyKind):
            card["amount"] = short_value(value, own=own)
            card["amount_exact"] = value.text
        elif isinstance(kind, kinds.PersonKind):
            card["owner"] = value.text
        elif isinstance(kind, kinds.DateKind):
            card["due"] = _short_day(value, today)
            card["due_exact"] = value.text
            card["due_late"] = value.raw is not None and value.raw < today
        elif value.text and value.text != row.title:
            lines.append(value.text)
    move = f"{address(spec, row.id)}move/" if movable and not row.is_void else ""
    return {
        **card,
        "id": row.id,
        "title": row.title,
        "url": row.url,
        "lines": lines,
        "move_url": move,
        "version": row.version,
        "marks": [],
    }


def _short_day(value: Value, today: date) -> str:
    """Without the year where it is this one."""
    this_year = value.raw is not None and value.raw.year == today.year
    return f"{value.raw:%m-%d}" if this_year else value.text


@page(BY_OBJECT)
def move_page(request: HttpRequest, spec: Spec, record_id: int) -> HttpResponse:
    """A drop: POST stage, version. JSON as `ui/_board.html` documents."""
    actor = request.actor  # type: ignore[attr-defined]
    if spec.board is None or request.method != "POST":
        raise Missing
    record = get_record(actor, spec, record_id, "edit")
    version, stage = whole_number(request.POST.get("version", "")), request.POST.get("stage", "")
    try:
        if version is not None and version != record.version:
            raise Conflict(_("Somebody else has changed this meanwhile."))
        edit_record(actor, record, {spec.board.by: stage})
    except Invalid as invalid:
        dialog = rule_for(spec, invalid.errors, stage, record)
        if dialog:
            return JsonResponse({"dialog": dialog})
        return JsonResponse(
            {"error": "; ".join(t for texts in invalid.errors.values() for t in texts)}, status=422
        )
    except NotAllowed as refused:
        return JsonResponse({"error": refused.message}, status=403)
    except Refused as refused:
        return JsonResponse({"error": refused.message}, status=409)
    heads = figures(actor, spec, spec.board, spec.model.rows(actor, "view").live())
    text = _("“%(title)s” moved to %(stage)s.") % {
        "title": title_for(actor, record),
        "stage": getattr(record, spec.board.by),
    }
    return JsonResponse(
        {"version": record.version, "columns": heads, "text": text, "undo": undo_url(spec, record)}
    )
