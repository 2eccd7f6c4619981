"""What the bench asks of a running server, each with the bare statement that yields the same
rows."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bench.browser import Answer, Browser
from bench.site import SALES
from guanxi.modules.customers.models import Customer
from guanxi.modules.sales.models import Opportunity, Stage

NEWEST = "ORDER BY c.updated_at DESC, c.id DESC LIMIT 50"
LIST = """SELECT c.id, c.name, c.version, c.voided_at, c.last_contact_on, c.updated_at, l.name,
 t.name, i.name, n.name, o.name FROM customers_customer c
 LEFT JOIN customers_customerlevel l ON l.id = c.level_id
 LEFT JOIN customers_customerstatus t ON t.id = c.status_id
 LEFT JOIN customers_customerintention i ON i.id = c.intention_id
 LEFT JOIN customers_industry n ON n.id = c.industry_id
 LEFT JOIN people_person o ON o.id = c.owner_id
 WHERE c.book = 1 AND c.voided_at IS NULL"""


@dataclass
class Question:
    """`ask(browser, turn)` is timed; `floor` is a statement with its values, or None."""

    name: str
    ask: Callable[[Browser, int], Answer]
    floor: tuple[str, list[Any]] | None = None
    wants: tuple[int, ...] = (200,)
    chief: bool = True
    writes: bool = field(default=False)


def questions(rng: random.Random, *, postgres: bool) -> Iterator[Question]:
    ids = list(Customer._all.live().order_by("?").values_list("pk", flat=True)[:200])
    total = Customer._all.live().count()
    owner = Customer._all.exclude(owner=None).values_list("owner_id", flat=True).first()
    yield _get("list of 50", "/customers/", f"{LIST} {NEWEST}")
    yield from _filtered(owner)
    seller = Customer._all.filter(owner__user__username=SALES).values_list("owner_id", flat=True)
    yield _get(
        "list of a sales person",
        "/customers/",
        f"{LIST} AND c.owner_id = %s {NEWEST}",
        (seller.first(),),
        chief=False,
    )
    page = total // 100
    yield _get(
        f"jump to page {page:,}", f"/customers/?page={page}", f"{LIST} {NEWEST} OFFSET {page * 50}"
    )
    yield _get("total of the list", "/customers/total/", "SELECT count(*) FROM customers_customer")
    yield from _searches(postgres)
    yield from _records(rng, ids)
    yield from _boards()


def _get(name: str, path: str, floor: str = "", values: tuple[Any, ...] = (), *, chief=True):
    statement = (floor, list(values)) if floor else None
    return Question(name, lambda browser, _turn: browser.get(path), statement, chief=chief)


def _filtered(owner: int) -> Iterator[Question]:
    filled = Customer._all.exclude(status=None).exclude(industry=None)
    status, industry = filled.values_list("status_id", "industry_id").first() or (1, 1)
    yield _get(
        "filtered list (status, industry)",
        f"/customers/?status={status}&industry={industry}",
        f"{LIST} AND c.status_id = %s AND c.industry_id = %s {NEWEST}",
        (status, industry),
    )
    yield _get(
        "list of one owner",
        f"/customers/?owner={owner}",
        f"{LIST} AND c.owner_id = %s {NEWEST}",
        (owner,),
    )
    yield _get(
        "list by name", "/customers/?sort=name", f"{LIST} ORDER BY c.name_key, c.id LIMIT 50"
    )
    yield _get(
        "list by next contact, mostly empty",
        "/customers/?sort=next_contact_on",
        f"{LIST} ORDER BY c.next_contact_on IS NULL, c.next_contact_on, c.id LIMIT 50",
    )


def _searches(postgres: bool) -> Iterator[Question]:
    found = (
        "SELECT id FROM search_customers_customer WHERE tokens @@ %s::tsquery"
        if postgres
        else "SELECT rowid FROM search_customers_customer WHERE search_customers_customer MATCH %s"
    )
    mark = "'" if postgres else '"'
    for name, text, token in (
        ("two characters, many hits", "科技", "nb科技"),
        ("two characters, few hits", "澜岳", "nb澜岳"),
        ("pinyin initials", "lyjm", "nilyjm"),
        ("last four digits", "8866", "pd8866"),
    ):
        floor, values = f"{LIST} AND c.id IN ({found}) {NEWEST}", (f"{mark}{token}{mark}",)
        yield _get(f"search: {name}", f"/customers/?q={text}", floor, values)
    few = f"SELECT c.id, c.name FROM customers_customer c WHERE c.id IN ({found}) {{}}"
    newest = "ORDER BY c.updated_at DESC LIMIT 8"
    one = (f"{mark}nb澜岳{mark}",)
    yield _get("search box: all objects", "/search/suggest/?q=澜岳", few.format(newest), one)
    two = (f"{mark}nb苏州{mark}",)
    yield _get("picker while typing", "/customers/suggest/?q=苏州", few.format(newest), two)


def _records(rng: random.Random, ids: list[int]) -> Iterator[Question]:
    one = f"SELECT * FROM customers_customer WHERE id = {ids[0]}"
    yield Question("record page", lambda b, turn: b.get(f"/customers/{ids[turn % 50]}/"), (one, []))
    yield Question(
        "form of a customer", lambda b, turn: b.get(f"/customers/{ids[turn % 50]}/edit/"), (one, [])
    )
    yield _get("form of a new customer", "/customers/new/")
    yield Question(
        "save a customer",
        _saving(rng, ids),
        (
            f"UPDATE customers_customer SET remark = 'x', version = version + 1 WHERE id = {ids[0]}",
            [],
        ),
        wants=(302, 303),
        writes=True,
    )
    yield Question("create a customer", _create, None, wants=(302, 303), writes=True)


def _saving(rng: random.Random, ids: list[int]) -> Callable[[Browser, int], Answer]:
    def save(browser: Browser, turn: int) -> Answer:
        path = f"/customers/{ids[turn % len(ids)]}/edit/"
        pairs = dict(browser.get(path).form(path).pairs) | {"remark": f"见面 {rng.random()}"}
        return browser.post(path, list(pairs.items()))

    return save


def _create(browser: Browser, turn: int) -> Answer:
    path = "/customers/new/"
    pairs = browser.get(path).form(path).pairs
    # Not what an earlier run in this database has made: its like would be asked about.
    name = f"苏州量衡精密机械有限公司{turn}-{time.time_ns()}"
    changed = [(key, name if key == "name" else value) for key, value in pairs]
    return browser.post(path, changed)


def _boards() -> Iterator[Question]:
    stage = Opportunity._all.values_list("stage_id", flat=True).first()
    pipeline = Stage._all.filter(pk=stage).values_list("pipeline_id", flat=True).first()
    deals = "SELECT c.*, u.name FROM sales_opportunity c LEFT JOIN customers_customer u "
    yield _get(
        "list of opportunities",
        "/opportunities/",
        f"{deals} ON u.id = c.customer_id WHERE c.book = 1 AND c.voided_at IS NULL {NEWEST}",
    )
    yield _get(
        "board",
        f"/opportunities/board/?within={pipeline}",
        "SELECT id, title, amount FROM sales_opportunity c WHERE stage_id = %s " + NEWEST,
        (stage,),
    )
    yield _get(
        "home",
        "/",
        "SELECT count(*), sum(amount) FROM sales_opportunity WHERE voided_at IS NULL",
    )
