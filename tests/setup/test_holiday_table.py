"""The calendar of a year as a table: typed, corrected, taken away, added to, undone."""

import pytest

from guanxi.kernel.acts import invalidate_record
from guanxi.people.holidays import official_days
from guanxi.people.models import Holiday
from guanxi.testing.people import SELL, SYSTEM, Company, actor, browser

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def company():
    return Company()


@pytest.fixture
def boss(company):
    return browser(company.boss)


def days(year):
    return Holiday.rows(SYSTEM).live().filter(day__year=year).order_by("day")


def sent(year, *more):
    """What the page of a year sends: its rows, with others below."""
    rows = [
        {"id": one.pk, "day": one.day, "name": one.name} | ({"works": "1"} if one.works else {})
        for one in days(year)
    ]
    found = {"days-TOTAL": str(len(rows) + len(more))}
    for index, row in enumerate([*rows, *more]):
        found |= {f"days-{index}-{name}": str(value) for name, value in row.items()}
    return found


def save(boss, year, data):
    return boss.post(f"/setup/holidays/?year={year}", data)


def test_a_year_is_typed_into_the_table_and_taken_back_as_one(boss):
    before = list(days(2027).values_list("day", "name", "works"))
    data = sent(2027, {"id": "", "day": "2027-02-14", "name": "春节调休", "works": "1"})
    data |= {"days-0-name": "元旦放假", "days-1-remove": "1"}
    assert save(boss, 2027, data).status_code == 303
    after = list(days(2027).values_list("day", "name", "works"))
    assert len(after) == len(before)
    assert days(2027).get(day="2027-02-14").works
    assert days(2027).get(day="2027-01-01").name == "元旦放假"
    assert not days(2027).filter(day=before[1][0]).exists()
    batch = boss.get("/setup/holidays/?year=2027").content.decode().partition("/undo/batch/")[2]
    boss.post(f"/undo/batch/{batch.partition('/')[0]}/")
    assert list(days(2027).values_list("day", "name", "works")) == before


def test_what_is_wrong_stands_at_its_field_and_nothing_is_written(boss):
    row = {"id": "", "day": "2027-02-30", "name": ""}
    double = {"id": "", "day": "2027-10-01", "name": "再来一天"}
    data = sent(2027, row, double) | {"days-0-name": "改过"}
    answer = save(boss, 2027, data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="2027-02-30"' in page
    assert 'value="改过"' in page
    assert "再来一天" in page
    assert page.count('class="error"') >= 3
    assert not days(2027).filter(name="改过").exists()


def test_an_unchanged_table_changes_nothing(boss):
    stamps = list(days(2026).values_list("pk", "version"))
    assert save(boss, 2026, sent(2026)).status_code == 303
    assert list(days(2026).values_list("pk", "version")) == stamps


def test_what_is_not_published_yet_is_said(boss):
    said = "国务院尚未公布"
    assert said in boss.get("/setup/holidays/?year=2027").content.decode()
    assert said not in boss.get("/setup/holidays/?year=2026").content.decode()
    row = {"id": "", "day": "2027-02-14", "name": "春节调休", "works": "1"}
    save(boss, 2027, sent(2027, row))
    assert said not in boss.get("/setup/holidays/?year=2027").content.decode()


def test_official_days_that_are_missing_are_offered_and_own_ones_stay(boss):
    gone, void = days(2026)[0], days(2026)[5]
    own = Holiday._all.filter(pk=days(2026)[1].pk)
    save(boss, 2026, sent(2026) | {"days-0-remove": "1", "days-1-name": "公司元旦"})
    invalidate_record(SYSTEM, Holiday._all.get(pk=void.pk))
    assert "有 1 个法定日子" in boss.get("/setup/holidays/?year=2026").content.decode()
    boss.post("/setup/holidays/2026/official/")
    assert days(2026).filter(day=gone.day).exists()
    assert own.get().name == "公司元旦"
    assert not days(2026).filter(day=void.day).exists()
    official = sum(day.year == 2026 for day, _name, _works in official_days())
    assert days(2026).count() == official - 1
    assert "法定日子" not in boss.get("/setup/holidays/?year=2026").content.decode()


@pytest.mark.parametrize("year", ["", "abc", "99999", "1850", "-1"])
def test_an_odd_year_is_this_year(boss, year):
    assert boss.get(f"/setup/holidays/?year={year}").status_code == 200


def test_a_day_somebody_removed_meanwhile_is_said(boss):
    data = sent(2027)
    from_table = days(2027)[0]
    save(boss, 2027, data | {"days-0-remove": "1"})
    data["days-0-name"] = "还在吗"
    answer = save(boss, 2027, data)
    assert answer.status_code == 422
    assert "已被别人删除" in answer.content.decode()
    assert not days(2027).filter(day=from_table.day).exists()


def test_only_who_may_edit_the_calendar_gets_the_table(company):
    seller = browser(company.person("卡尔", SELL))
    assert seller.get("/setup/holidays/").status_code == 404
    assert seller.post("/setup/holidays/2026/official/").status_code == 404
    assert actor(company.boss).may("people.holiday", "edit")
