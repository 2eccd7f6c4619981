"""Customers and opportunities in masses, written as the kernel stores them but without a
journal."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench.organisation import Staff, insert
from guanxi.kernel import registry
from guanxi.kernel.bulk import insert_records
from guanxi.modules.customers import models as c
from guanxi.modules.sales import models as s
from guanxi.search import store
from guanxi.search.documents import document_of
from guanxi.search.layout import table_of
from guanxi.testing import invent
from guanxi.testing.pools import pick

CHUNK = 2_000
YEARS = 3 * 365 * 86_400


def make_terms() -> None:
    for module in registry.modules():
        if module.day_one is not None:
            module.day_one()


def load_customers(rng: random.Random, count: int, staff: Staff, say=print) -> None:
    spec, terms, now = registry.spec("customers.customer"), _terms(), timezone.now()
    table, drawn, done = table_of(spec), invent.customers(rng, count), 0
    while chunk := list(islice(drawn, CHUNK)):
        with transaction.atomic():
            records = [_customer(rng, made, staff, terms, now) for made in chunk]
            insert(records, now)
            channels = {
                record.pk: _channels(record.pk, made) for record, made in _zip(records, chunk)
            }
            insert_records([row for rows in channels.values() for row in rows])
            insert_records([_address(record.pk, made) for record, made in _zip(records, chunk)])
            store.put(
                table,
                [(r.pk, document_of(spec, r, {"channels": channels[r.pk]}, ())) for r in records],
            )
        done += len(chunk)
        if done % 100_000 == 0:
            say(f"{done:,} customers")
    store.settle(table)


def _zip(records: list[Any], chunk: list[dict[str, Any]]) -> Iterator[tuple[Any, dict[str, Any]]]:
    return zip(records, chunk, strict=True)


def _terms() -> dict[str, list[int]]:
    models = (
        c.CustomerClass, c.CustomerSource, c.CustomerStatus, c.CustomerIntention,
        c.CustomerLevel, c.Industry,
    )  # fmt: skip
    return {model.__name__: list(model._all.values_list("pk", flat=True)) for model in models}


def _customer(
    rng: random.Random,
    made: dict[str, Any],
    staff: Staff,
    terms: dict[str, list[int]],
    now: datetime,
) -> c.Customer:
    at = now - timedelta(seconds=rng.random() * YEARS)
    headcount = int(rng.lognormvariate(4.5, 1.2)) if rng.random() < 0.6 else None
    owner = staff.ids[int(rng.random() ** 1.3 * len(staff.ids))]
    return c.Customer(
        name=made["name"],
        main_class_id=pick(rng, terms["CustomerClass"]),
        source_id=pick(rng, terms["CustomerSource"]),
        status_id=pick(rng, terms["CustomerStatus"]),
        intention_id=pick(rng, terms["CustomerIntention"]),
        level_id=pick(rng, terms["CustomerLevel"]) if rng.random() < 0.9 else None,
        industry_id=pick(rng, terms["Industry"]),
        headcount=headcount,
        revenue=Decimal(headcount * 600_000) if headcount and rng.random() < 0.6 else None,
        credit_code=made["credit_code"],
        owner_id=owner,
        acquirer_id=owner,
        remark=made["remark"],
        created_at=at,
        updated_at=at + (now - at) * rng.random(),
        last_contact_on=at.date() if rng.random() < 0.7 else None,
        next_contact_on=_soon(rng, now) if rng.random() < 0.3 else None,
        voided_at=at if rng.random() < 0.01 else None,
    )


def _soon(rng: random.Random, now: datetime) -> date:
    return now.date() + timedelta(days=int(rng.random() * 60) - 10)


def _channels(owner: int, made: dict[str, Any]) -> list[c.CustomerChannel]:
    rows = []
    for kind in ("mobile", "landline", "email"):
        if made[kind]:
            row = c.CustomerChannel(
                customer_id=owner, kind=kind, value=made[kind], is_main=True, position=len(rows)
            )
            row.derive()
            rows.append(row)
    return rows


def _address(owner: int, made: dict[str, Any]) -> c.CustomerAddress:
    names = {name: made[name] for name in ("province", "city", "district")}
    return c.CustomerAddress(customer_id=owner, detail=made["street"], is_main=True, **names)


def load_opportunities(rng: random.Random, count: int, staff: Staff, say=print) -> None:
    """Four of five belong to their customer's owner, the others to somebody else."""
    spec, now = registry.spec("sales.opportunity"), timezone.now()
    stages = list(s.Stage._all.values_list("pk", "pipeline_id"))
    customers = list(c.Customer._all.values_list("pk", "owner_id", "name")[: count * 2])
    table = table_of(spec)
    for start in range(0, count, CHUNK):
        with transaction.atomic():
            records = []
            for _number in range(min(CHUNK, count - start)):
                customer, owner, name = pick(rng, customers)
                if rng.random() < 0.2:
                    owner = pick(rng, staff.ids)
                stage, pipeline = pick(rng, stages)
                at = now - timedelta(seconds=rng.random() * YEARS)
                records.append(
                    s.Opportunity(
                        title=f"{name[2:10]} {pick(rng, TITLES)}",
                        customer_id=customer,
                        pipeline_id=pipeline,
                        stage_id=stage,
                        amount=invent.amount(rng),
                        opened_on=at.date(),
                        close_on=at.date() + timedelta(days=60) if rng.random() < 0.8 else None,
                        owner_id=owner,
                        created_at=at,
                        updated_at=at + (now - at) * rng.random(),
                    )
                )
            insert(records, now)
            store.put(table, [(r.pk, document_of(spec, r, {}, ())) for r in records])
    store.settle(table)
    say(f"{count:,} opportunities")


def multiply(times: int, staff: Staff, say=print) -> None:
    """Copies of every customer and opportunity, within the database: other owners, other days."""
    tables = {model: table_of(registry.spec(model)) for model in (c.Customer, s.Opportunity)}
    offset = 10 ** len(str(c.Customer._all.order_by("-pk").values_list("pk", flat=True)[0]))
    for copy in range(1, times):
        move = copy * offset
        with transaction.atomic(), connection.cursor() as cursor:
            for model in (c.Customer, c.CustomerChannel, c.CustomerAddress, s.Opportunity):
                cursor.execute(_copying(model, move, copy, staff, offset))
            for table in tables.values():
                body = "tokens" if connection.vendor == "postgresql" else "body"
                key = "id" if connection.vendor == "postgresql" else "rowid"
                cursor.execute(
                    f"INSERT INTO {table} ({key}, {body}) SELECT {key} + {move}, {body} "
                    f"FROM {table} WHERE {key} < {offset}"
                )
        say(f"copy {copy + 1}")
    for table in tables.values():
        store.settle(table)
    _set_sequences()


def _copying(model: Any, move: int, copy: int, staff: Staff, offset: int) -> str:
    first, count = min(staff.ids), len(staff.ids)
    changed = {
        "id": f"id + {move}",
        "customer_id": f"customer_id + {move}",
        "owner_id": f"{first} + (owner_id - {first} + {copy * 617}) % {count}",
        "credit_code": "''",
        "updated_at": "updated_at - random() * interval '400 days'"
        if connection.vendor == "postgresql"
        else "strftime('%Y-%m-%d %H:%M:%f', updated_at, '-' || abs(random() % 34560000) || ' seconds')",
    }
    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    table = model._meta.db_table
    return f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" WHERE id < {offset}'


def _set_sequences() -> None:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in (c.Customer, c.CustomerChannel, c.CustomerAddress, s.Opportunity):
            table = model._meta.db_table
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
            )


TITLES = (
    "伺服改造",
    "MES一期",
    "设备联网试点",
    "年度维保",
    "控制柜升级",
    "能源管理平台",
    "触摸屏更换",
)


def settle() -> None:
    """What a database does by itself overnight."""
    with connection.cursor() as cursor:
        # Without a vacuum PostgreSQL reads no index alone, and plans as if it could not.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
