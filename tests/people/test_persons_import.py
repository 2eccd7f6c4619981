"""Staff by import, with superiors of the line and of a further hierarchy."""

import pytest

from guanxi.kernel.models import Batch
from guanxi.kernel.undo import undo_batch
from guanxi.people.models import Person, Standing
from guanxi.testing.imports import bring, reasons
from guanxi.testing.people import SYSTEM, Company

pytestmark = pytest.mark.django_db
PERSON = "people.person"
HEAD = "工号,姓名,直属上级,汇报线,汇报线上级\n"


@pytest.fixture
def boss():
    return Company().boss


def standings():
    found = Standing._all.order_by("person__number")
    return list(found.values_list("person__name", "tree__name", "superior__name"))


def test_superiors_of_a_further_hierarchy_come_with_the_table(boss):
    table = (
        HEAD + "A1,陈总,,,\nA2,林工,陈总,,\nA3,周工,陈总,专业线,林工\nA4,吴工,陈总,专业线,周工\n"
    )
    imported = bring(boss, PERSON, table)
    assert (imported.counts, reasons(imported)) == ({"created": 4}, {})
    assert Person.rows(SYSTEM).get(name="周工").superior.name == "陈总"
    assert standings() == [("周工", "专业线", "林工"), ("吴工", "专业线", "周工")]
    again = bring(boss, PERSON, HEAD + "A4,吴工,陈总,专业线,林工\n")
    assert again.counts == {"updated": 1}
    assert standings() == [("周工", "专业线", "林工"), ("吴工", "专业线", "林工")]


def test_the_whole_import_is_taken_back_superiors_included(boss):
    table = HEAD + "A1,陈总,,,\nA2,林工,陈总,,\nA3,周工,陈总,专业线,林工\n"
    bring(boss, PERSON, table)
    result, _cursor = undo_batch(SYSTEM, Batch.objects.order_by("-id").first())
    assert (result.done, result.left) == (3, [])
    assert standings() == []


def test_loops_and_half_lines_are_refused_with_their_line(boss):
    table = HEAD + "A1,陈总,,,\nA2,林工,陈总,专业线,陈总\nA3,周工,陈总,,林工\n"
    imported = bring(boss, PERSON, table)
    assert set(reasons(imported)) == {4}
    assert "汇报线" in reasons(imported)[4]
    loop = bring(boss, PERSON, HEAD + "A1,陈总,,专业线,林工\n")
    assert set(reasons(loop)) == {2}
    assert standings() == [("林工", "专业线", "陈总")]
