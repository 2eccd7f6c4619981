"""The steps of the wizard and the state of an import, as templates show them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from guanxi.exchange.also import Also
from guanxi.exchange.models import Import, ImportLine, Outcome, Stage
from guanxi.exchange.targets import targets
from guanxi.exchange.upload import brought_along
from guanxi.jobs.view import job_view
from guanxi.kernel import registry
from guanxi.kernel.present import address
from guanxi.kernel.spec import Spec
from guanxi.kernel.text import capital

TONES = {
    Outcome.CREATED: "good",
    Outcome.UPDATED: "info",
    Outcome.UNCHANGED: "",
    Outcome.SKIPPED: "warn",
    Outcome.REFUSED: "bad",
}


def steps(now: int) -> list[dict[str, Any]]:
    labels = (_("Choose a file"), _("Assign columns"), _("Trial run"), _("Import"), _("Result"))
    states = ["done" if n < now else "now" if n == now else "" for n in range(len(labels))]
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]


def count(number: int) -> str:
    return f"{number:,}"


def outcomes(imported: Import, *, base: str, chosen: str) -> list[dict[str, Any]]:
    """The cards with the numbers; each leads to its lines."""
    return [
        {
            "label": outcome.label,
            "value": count(imported.counts.get(outcome.value, 0)),
            "tone": TONES[outcome] if imported.counts.get(outcome.value) else "",
            "url": f"{base}?show={outcome.value}",
            "active": outcome.value == chosen,
        }
        for outcome in TONES
    ]


def extras(imported: Import) -> list[dict[str, Any]]:
    """Rows of other objects made along the way: {label, value, url}."""
    found = []
    for key, number in imported.extra.items():
        spec = registry.find(key)
        if spec is not None and number:
            batch = f"?batch={imported.batch_id}" if imported.batch_id else ""
            url = f"/{spec.path}/{batch}" if batch else ""
            found.append({"label": spec.plural, "value": count(number), "url": url})
    return found


def also_rows(imported: Import, found: Iterable[Also]) -> list[dict[str, Any]]:
    """What else the table holds, each with the import it became: {objects, columns, ...}."""
    header, rows = imported.profile["header"], []
    for also in found:
        before = brought_along(imported, also)
        rows.append(
            {
                "text": also_text(also, header),
                "objects": also.spec.plural,
                "path": also.spec.path,
                "place": also.place,
                "icon": also.spec.icon,
                "url": f"/import/{before.pk}/" if before is not None else "",
            }
        )
    return rows


def also_text(also: Also, header: Sequence[str]) -> str:
    """What else a table holds, in which columns: the name first."""
    known = targets(also.spec)
    told = (
        place
        for place, key in also.mapping.items()
        if place in also.alone or known[key].is_phone or known[key].part_kind == "email"
    )
    columns = _(", ").join(header[place] for place in dict.fromkeys((also.place, *told)))
    text = _("This table also holds %(objects)s: %(columns)s.")
    return text % {"objects": also.spec.plural, "columns": columns}


def lines_of(
    imported: Import, outcome: str, *, trial: bool, limit: int = 200
) -> list[dict[str, Any]]:
    spec = registry.spec(imported.object)
    found = ImportLine.objects.filter(run=imported, trial=trial, outcome=outcome)
    return [
        {
            "line": line.line or "",
            "title": line.title,
            "reason": line.reason,
            "url": address(spec, line.record_id) if line.record_id else "",
        }
        for line in found.order_by("line", "id")[:limit]
    ]


def progress_of(imported: Import) -> dict[str, Any] | None:
    """The running job as `ui/_progress.html` shows it, or None."""
    if imported.job is None:
        return None
    view = job_view(imported.job)
    base = f"/import/{imported.pk}/"
    return {
        "id": view["id"],
        "title": f"{view['title']}: {imported.file_name}",
        "state": view["state"],
        "state_label": view["state_word"],
        "done": view["done"],
        "total": view["total"],
        "left": view["time_left"],
        "message": view["message"],
        "error": view["error"],
        "counts": _counts(imported) if imported.state == Stage.RUNNING else [],
        "poll_url": f"{base}progress/",
        "cancel_url": f"{base}cancel/" if view["can_cancel"] else "",
    }


def _counts(imported: Import) -> list[dict[str, Any]]:
    return [
        {"label": outcome.label, "value": count(imported.counts[outcome.value]), "tone": tone}
        for outcome, tone in TONES.items()
        if imported.counts.get(outcome.value)
    ]


def target_groups(spec: Spec, chosen: str, taken: dict[str, str]) -> list[dict[str, Any]]:
    """The fields a column may fill, grouped as in the form; taken ones say by which column."""
    found = []
    for target in targets(spec).values():
        other = taken.get(target.key, "")
        label = capital(target.label) + (" *" if target.required else "")
        if other and target.key != chosen:
            label += f" ({other})"
        found.append(
            {
                "value": target.key,
                "label": label,
                "group": str(target.group),
                "selected": target.key == chosen,
            }
        )
    return found
