"""What somebody opened last."""

import pytest

from guanxi.kernel import acts
from guanxi.kernel.actor import system_actor
from guanxi.search.models import Recent
from guanxi.search.recent import KEPT, note_opened, recent_rows

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SYSTEM = system_actor("tests")


def opened(actor):
    return [row.title for _spec, row in recent_rows(actor)]


def test_the_last_one_opened_comes_first_and_only_once(team, add, customers):
    actor = team.lin.actor
    first, second = add(team.lin.id, "华为"), add(team.lin.id, "中兴")
    for record in (first, second, first):
        note_opened(actor, customers, record.pk)
    assert opened(actor) == ["华为", "中兴"]
    assert opened(team.chen.actor) == []


def test_opening_the_same_again_writes_nothing(team, add, customers, django_assert_num_queries):
    record = add(team.lin.id, "华为")
    note_opened(team.lin.actor, customers, record.pk)
    with django_assert_num_queries(1):
        note_opened(team.lin.actor, customers, record.pk)


def test_a_full_list_takes_two_statements(team, customers, django_assert_num_queries):
    for number in range(1, KEPT + 1):
        note_opened(team.lin.actor, customers, number)
    for number in (5, KEPT + 1):
        with django_assert_num_queries(2):
            note_opened(team.lin.actor, customers, number)
    mine = Recent.objects.filter(person_id=team.lin.id).order_by("-at")
    assert list(mine.values_list("record_id", flat=True))[:3] == [KEPT + 1, 5, KEPT]
    assert mine.count() == KEPT


def test_only_the_newest_are_kept(team, customers):
    for number in range(1, KEPT + 6):
        note_opened(team.lin.actor, customers, number)
    kept = Recent.objects.filter(person_id=team.lin.id).order_by("record_id")
    assert list(kept.values_list("record_id", flat=True)) == list(range(6, KEPT + 6))


def test_what_is_out_of_reach_is_not_shown(team, add, customers):
    record = add(team.lin.id, "华为")
    note_opened(team.lin.actor, customers, record.pk)
    acts.transfer_record(SYSTEM, record, owner_id=team.wang.id)
    assert opened(team.lin.actor) == []
    acts.delete_record(SYSTEM, record)
    assert opened(team.wang.actor) == []


def test_the_system_opens_nothing(add, team, customers):
    note_opened(SYSTEM, customers, add(team.lin.id, "华为").pk)
    assert (Recent.objects.count(), recent_rows(SYSTEM)) == (0, [])
