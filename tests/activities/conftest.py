"""Two who sell, each with customers of their own."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from guanxi.kernel import registry
from guanxi.kernel.values import create_record
from guanxi.testing.people import Company, actor


@pytest.fixture
def company(db: Any) -> Company:
    return Company()


@pytest.fixture
def customer(company: Company) -> Callable[..., Any]:
    def make(name: str, person: Any = None, **raw: Any) -> Any:
        who = actor(person or company.anna)
        return create_record(who, registry.spec("customers.customer"), {"name": name, **raw})

    return make


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    """Makes it another day."""

    def turn(day: date) -> None:
        monkeypatch.setattr(timezone, "localdate", lambda *_args: day)

    return turn
