"""What the spike asks the kernel, under every reach."""

from collections.abc import Callable, Iterator
from typing import Any

from bench.organisation import Staff, reaches
from guanxi.kernel import paging, registry, scope
from guanxi.kernel.actor import Actor
from guanxi.kernel.measure import measure
from guanxi.kernel.models import Share
from guanxi.kernel.present import present, related_names
from guanxi.kernel.spec import Count, Spec, Sum
from guanxi.kernel.sweep import unscoped
from guanxi.modules.customers.models import Customer
from guanxi.people.models import Person
from guanxi.search.find import narrow, search_all

Question = tuple[str, Callable[[], Any]]
SIZE, SHARED = 50, 200
ORDERS = ("", "name", "next_contact_on", "-headcount", "level", "-last_contact_on")
TYPED = ("苏", "苏州", "苏州澜", "苏州澜岳", "hw", "qh", "88", "8888")


def all_questions() -> Iterator[Question]:
    staff = Staff(list(Person._all.order_by("id").values_list("pk", flat=True)))
    actors = reaches(staff)
    _share(actors["one owner"])
    customer, deal = registry.spec("customers.customer"), registry.spec("sales.opportunity")
    for reach, actor in actors.items():
        yield from _pages(reach, actor, customer, ORDERS)
        yield from _pages(reach, actor, deal, ("", "close_on", "-amount"))
        yield from _searches(reach, actor, customer)
        yield from _totals(reach, actor, customer, deal)


def _share(actor: Actor) -> None:
    if Share.objects.filter(person_id=actor.person_id).exists():
        return
    ids = Customer._all.exclude(owner_id=actor.person_id).order_by("id")[:SHARED]
    Share.objects.bulk_create(
        Share(
            object="customers.customer", record_id=one.pk, person_id=actor.person_id, level="read"
        )
        for one in ids
    )


def _page(spec: Spec, actor: Actor, rows: Any, keys: Any, **where: Any) -> list[Any]:
    """One page as the list asks for it, with its cells made."""
    names = related_names(spec, spec.columns)
    found = paging.page_of(spec, actor, rows.select_related(*names), keys=keys, size=SIZE, **where)
    return present(actor, spec, found.rows, spec.columns)


def _pages(reach: str, actor: Actor, spec: Spec, orders: tuple[str, ...]) -> Iterator[Question]:
    live = unscoped(spec, actor).live()
    name = spec.key.rpartition(".")[2]
    for order in orders:
        keys = paging.order_keys(spec, order, actor=actor)
        title = f"{name} by {order or 'newest'}, {reach}"
        yield f"{title}: first page", lambda keys=keys: _page(spec, actor, live, keys)
        middle = _cursor(spec, actor, live, keys)
        if not middle:
            continue
        yield f"{title}: middle", lambda k=keys, m=middle: _page(spec, actor, live, k, after=m)
        yield f"{title}: back", lambda k=keys, m=middle: _page(spec, actor, live, k, before=m)
        if order in ("", "name", "next_contact_on"):
            total = _total(spec, actor, live)
            for number in (total // 100, total // SIZE):
                yield (
                    f"{title}: jump to {number:,}",
                    lambda k=keys, n=number: _jump(spec, actor, live, k, n),
                )


def _jump(spec: Spec, actor: Actor, rows: Any, keys: Any, number: int) -> list[Any]:
    return paging.jump(spec, actor, rows, keys=keys, size=SIZE, number=max(number, 1)).rows


def _cursor(spec: Spec, actor: Actor, rows: Any, keys: Any) -> str:
    """The cursor in the middle of what the actor sees."""
    number = _total(spec, actor, rows) // (2 * SIZE)
    return (
        paging.jump(spec, actor, rows, keys=keys, size=SIZE, number=number).last if number else ""
    )


def _total(spec: Spec, actor: Actor, rows: Any) -> int:
    return rows.filter(scope.union(scope.branches(spec, actor, "view"))).count()


def _searches(reach: str, actor: Actor, spec: Spec) -> Iterator[Question]:
    live = unscoped(spec, actor).live()
    keys = paging.order_keys(spec, "", actor=actor)
    for text in TYPED:
        rows = narrow(spec, actor, live, text)
        yield f"pick “{text}”, {reach}", lambda r=rows: _suggest(spec, actor, r, keys)
    for text in ("科技", "精密机械", "澜岳", "苏州 机械", "1234", "lyjm"):
        rows = narrow(spec, actor, live, text)
        yield f"search “{text}”, {reach}", lambda r=rows: _page(spec, actor, r, keys)
        yield f"count “{text}”, {reach}", lambda r=rows: _total(spec, actor, r)
    yield f"search box “澜岳”, {reach}", lambda: search_all(actor, "澜岳")
    yield f"search box “科技”, {reach}", lambda: search_all(actor, "科技")


def _suggest(spec: Spec, actor: Actor, rows: Any, keys: Any) -> list[Any]:
    return paging.page_of(spec, actor, rows, keys=keys, size=8).rows


def _totals(reach: str, actor: Actor, customer: Spec, deal: Spec) -> Iterator[Question]:
    for spec in (customer, deal):
        live = unscoped(spec, actor).live()
        name = spec.key.rpartition(".")[2]
        yield f"count of {name}, {reach}", lambda s=spec, r=live: _total(s, actor, r)
    mine = unscoped(deal, actor).filter(scope.union(scope.branches(deal, actor, "view")))
    yield f"sum by stage, {reach}", lambda: measure(actor, deal, mine, Sum("amount", by="stage"))
    people = unscoped(customer, actor).filter(scope.union(scope.branches(customer, actor, "view")))
    yield f"count by status, {reach}", lambda: measure(actor, customer, people, Count(by="status"))
