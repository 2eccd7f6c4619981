"""What a batch makes ready before its transaction is what would have been written anyway."""

import pytest

from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import Many
from guanxi.kernel.models import Change
from guanxi.modules.customers.models import Customer, CustomerChannel, CustomerSource
from guanxi.search.find import narrow
from guanxi.testing.samples import make

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
SYSTEM = system_actor("tests")


@pytest.fixture
def named():
    """A customer with what it must have, each time a new one."""
    kind, status = (
        make(registry.spec(f"customers.customer{name}"), SYSTEM, 1) for name in ("class", "status")
    )
    return lambda name: Customer(name=name, main_class=kind, status=status)


def written(record, *, drafted, **parts):
    """The difference the journal keeps of a new record."""
    many = Many(SYSTEM, [record], verb="edit", batch=None)
    for name, rows in parts.items():
        many.edits[0].set_parts(name, rows)
    assert not many.check()
    if drafted:
        many.draft()
    assert not many.write()
    return Change.objects.get(
        object=registry.spec(type(record)).key, record_id=record.pk
    ).payload.diff


def test_the_journal_of_a_drafted_record_lacks_nothing(named):
    found = []
    for drafted in (False, True):
        channel = CustomerChannel(kind="mobile", value="13912345678")
        record = named("华为技术")
        found.append(written(record, drafted=drafted, channels=[channel]))
        assert found[-1]["number"] == [None, record.number]
    usual, drafted = found
    assert {"name", "status_id", "channels"} < usual.keys()
    assert usual | {"number": None} == drafted | {"number": None}


def test_a_drafted_term_has_its_place_in_the_journal():
    record = CustomerSource(name="展会")
    assert written(record, drafted=True)["position"] == [None, record.position]
    assert record.position


def test_a_drafted_record_is_found_by_its_number(named):
    record = named("华为技术")
    written(record, drafted=True)
    rows = narrow(registry.spec(Customer), SYSTEM, Customer.rows(SYSTEM), record.number)
    assert [one.pk for one in rows] == [record.pk]
