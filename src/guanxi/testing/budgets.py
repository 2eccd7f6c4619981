"""How many statements each page may take: agreed on in `budgets/*.json`, rewritten only on purpose.

`make budgets` (GUANXI_WRITE_BUDGETS=1) writes the present numbers; look at the difference first.
"""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.kernel.spec import Capability, Spec

if TYPE_CHECKING:
    from guanxi.testing.every_object import Case

FOLDER = Path(__file__).parent / "budgets"
WRITING = "GUANXI_WRITE_BUDGETS"


def count(case: "Case", row: Any) -> dict[str, int]:
    """{page: statements} of the pages that are asked for most, each as at its second visit."""
    spec, client = case.spec, case.browser()
    pages = {
        "list": case.url(),
        "list sorted": f"{case.url()}?sort={spec.columns[0]}",
        "total": case.url("total"),
        "record": case.url(row.pk),
        "timeline": case.url(row.pk, "timeline"),
        "form": case.url(row.pk, "edit"),
    }
    if spec.can(Capability.PICK):
        pages |= {"picker": case.url("pick"), "suggest": f"{case.url('suggest')}?q=样例"}
    if spec.can(Capability.STATISTICS):
        pages["statistics"] = case.url("statistics")
    if spec.board:
        pages["board"] = case.url("board")
    found = {}
    for name, url in pages.items():
        client.get(url)
        with CaptureQueriesContext(connection) as taken:
            assert client.get(url).status_code == 200, url
        found[name] = len(taken)
    return found


def keep(spec: Spec, counts: dict[str, int]) -> None:
    """Compares with the budget of the object; AssertionError names every page beyond it."""
    if connection.vendor != "sqlite":
        return
    path = FOLDER / f"{spec.model._meta.app_label}.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    name = spec.model._meta.model_name or ""
    if os.environ.get(WRITING) == "1":
        FOLDER.mkdir(exist_ok=True)
        text = json.dumps(known | {name: counts}, indent=2, sort_keys=True, ensure_ascii=False)
        path.write_text(f"{text}\n")
        return
    budget = known.get(name, {})
    beyond = {
        page: f"{taken} statements, {budget.get(page, 'none')} agreed on"
        for page, taken in counts.items()
        if taken > budget.get(page, 0)
    }
    assert not beyond, f"{spec.key}: {beyond}; fewer, or `make budgets` if there is a reason"
