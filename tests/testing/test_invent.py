"""Invented data must be valid, varied, repeatable and nobody's."""

import csv
import random
import re
import statistics
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

import phonenumbers
import pytest
from python_calamine import CalamineWorkbook

from guanxi.kernel.codes import CodeError, check_credit_code
from guanxi.kernel.phones import read_phone
from guanxi.kernel.text import core_name
from guanxi.testing import generate, invent
from guanxi.testing.seasons import Seasons, day_weight, moment
from guanxi.testing.words import firms, lists, notes, places, products

REAL_NAMES = Path(__file__).parents[3] / "shared/data/names/company_names_zh.txt"


@pytest.fixture
def rng():
    return random.Random(20)


@pytest.fixture(scope="module")
def many():
    return list(invent.customers(random.Random(5), 20_000))


def test_the_same_seed_gives_the_same_customers(many):
    again = invent.customers(random.Random(5))
    assert list(islice(again, 50)) == many[:50]
    assert next(invent.customers(random.Random(6))) != many[0]


def test_firms_and_codes_are_distinct(many):
    assert len({customer["name"] for customer in many}) == len(many)
    assert len({core_name(customer["name"]) for customer in many}) > len(many) * 0.99
    codes = [customer["credit_code"] for customer in many if customer["credit_code"]]
    assert len(set(codes)) == len(codes)
    assert 0.6 < len(codes) / len(many) < 0.8


def test_every_value_passes_our_own_checks(many):
    for customer in many[:3000]:
        if customer["mobile"]:
            assert read_phone(customer["mobile"]).kind == "mobile"
        if customer["landline"]:
            assert read_phone(customer["landline"]).kind == "landline", customer["landline"]
        if customer["credit_code"]:
            assert check_credit_code(customer["credit_code"]) == customer["credit_code"]
        if customer["email"]:
            assert re.fullmatch(r"[a-z0-9.]+@[a-z0-9]+\.example", customer["email"])
        assert customer["district"] and customer["street"] and customer["owner"]
        assert len(customer["name"]) <= 40


def test_every_mobile_prefix_is_in_use():
    for prefix in invent.MOBILE_PREFIXES:
        number = phonenumbers.parse(f"+86{prefix}12345678")
        assert phonenumbers.is_valid_number(number), prefix


def test_every_city_has_numbers_and_an_office(rng):
    for city in places.CITIES:
        assert read_phone(invent.landline(rng, city)).kind == "landline", city.name
        assert re.fullmatch(r"\d{6}", city.office)
        assert str(invent.address(rng, city)).startswith(city.province)
    assert len({city.office for city in places.CITIES}) == len(places.CITIES)


def test_addresses_are_written_as_people_do(rng):
    written = invent.Address("江苏省", "苏州市", "昆山市", "澄湖路8号")
    assert str(written) == "江苏省昆山市澄湖路8号"
    assert str(written._replace(district="吴中区")) == "江苏省苏州市吴中区澄湖路8号"
    assert str(invent.Address("北京市", "北京市", "海淀区", "一路1号")) == "北京市海淀区一路1号"


def test_brands_are_not_those_of_real_firms():
    if not REAL_NAMES.exists():
        pytest.skip("needs the shared corpus of company names")
    real = set(REAL_NAMES.read_text(encoding="utf-8").split("\n"))
    known = invent.brands()
    assert len(known) == len(set(known)) > 50_000
    assert [brand for brand in known if len(brand) == 2 and brand in real] == []
    assert sum(brand in real for brand in known) < len(known) * 0.01


def test_half_a_million_names_are_possible():
    short = sum(len(brand) == 2 for brand in invent.brands())
    trades = [trade for text in firms.TRADES.values() for trade in text.split()]
    assert short * len(trades) > 1_000_000
    assert set(firms.INDUSTRY_SHARE) <= set(firms.TRADES)
    assert not {trade[0] for trade in trades} & set(firms.THIRD)
    assert all(len(text.split()) <= 20 for text in firms.TRADES.values())


def test_people_fit_their_generation(rng):
    old = Counter(invent.person(rng, gender="m", decade=1960).name[1:] for _ in range(500))
    young = Counter(invent.person(rng, gender="f", decade=1990).name[1:] for _ in range(500))
    assert old["建国"] > 0 and young["建国"] == 0
    assert young["欣怡"] > 0 and old["欣怡"] == 0
    surnames = Counter(invent.person_name(rng)[0] for _ in range(20_000))
    assert {name for name, _ in surnames.most_common(3)} == {"王", "李", "张"}
    assert surnames["王"] > 4 * surnames["曾"] > 0


def test_a_person_called_shan_gets_mail_as_shan(rng):
    boxes = {invent.email(rng, "单建国", "澜岳").split("@")[0] for _ in range(60)}
    assert "shanjianguo" in boxes and not any("dan" in box for box in boxes)


def test_amounts_have_a_long_tail_and_round_numbers(rng):
    amounts = [invent.amount(rng) for _ in range(20_000)]
    median, mean = statistics.median(amounts), statistics.mean(amounts)
    assert 65_000 < median < 100_000
    assert mean > median * Decimal("1.5")
    assert max(amounts) > 20 * median
    assert all(value > 0 and value == value.to_integral() for value in amounts)
    assert sum(value % 1000 == 0 for value in amounts if value >= 10_000) > 10_000
    assert all(isinstance(value, Decimal) for value in amounts)


@pytest.mark.parametrize(
    ("value", "spoken"), [(128_000, "12.8万"), (9800, "9800元"), (80_000, "8万")]
)
def test_spoken_amount(value, spoken):
    assert invent.spoken_amount(Decimal(value)) == spoken


def test_notes_have_no_open_slots(rng):
    assert sum(map(len, notes.NOTES.values())) >= 60
    for kind in notes.NOTES:
        for _ in range(40):
            text = invent.note(rng, kind)
            assert "{" not in text and 8 < len(text) < 120
    texts = {invent.note(rng, "visit", who="钱总") for _ in range(60)}
    assert any("钱总" in text for text in texts)
    assert not re.search("[王李张]总", "".join(texts))


def test_the_catalogue_is_complete():
    assert len(products.PRODUCTS) >= 30 and len(products.CATEGORIES) == 6
    assert len({product.code for product in products.PRODUCTS}) == len(products.PRODUCTS)
    assert all(product.list_price > 0 and product.unit for product in products.PRODUCTS)


def test_shares_add_up_to_a_hundred():
    for values in (lists.CUSTOMER_TYPES, lists.SOURCES, lists.STATUSES, firms.FORMS):
        assert sum(weight for _, weight in values) == 100


def test_days_have_seasons(rng):
    today = date(2026, 11, 21)
    seasons = Seasons(today, back=730, ahead=30, peak=2.5)
    days = Counter(seasons.pick(rng) for _ in range(40_000))
    assert today - timedelta(730) <= min(days) and max(days) <= today + timedelta(30)
    weekend = sum(times for day, times in days.items() if day.weekday() >= 5)
    assert weekend < 40_000 * 0.06
    new_year = [date(2026, 2, 17) + timedelta(shift) for shift in range(-2, 7)]
    assert sum(days[day] for day in new_year) < 30
    assert days[date(2026, 9, 29)] > 1.5 * days[date(2026, 9, 8)]


def test_the_calendar_knows_holidays():
    assert day_weight(date(2026, 10, 1)) < 0.05
    assert day_weight(date(2026, 10, 12)) == 1
    assert day_weight(date(2026, 2, 18)) < 0.05
    assert day_weight(date(2026, 6, 30), peak=3) > 2.5


def test_moments_are_utc_in_working_hours(rng):
    for _ in range(300):
        instant = moment(rng, date(2026, 3, 5))
        assert instant.utcoffset() == timedelta(0)
        assert 0 <= instant.hour <= 12 and instant.date() == date(2026, 3, 5)


def test_the_csv_holds_the_same_rows_every_time(tmp_path):
    path = generate.write_csv(tmp_path / "a.csv", 200, seed=3)
    again = generate.write_csv(tmp_path / "b.csv", 200, seed=3, encoding="gb18030")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == generate.HEADER and len(rows) == 201
    assert again.read_bytes().decode("gb18030") == path.read_bytes().decode("utf-8-sig")
    assert {len(row) for row in rows} == {len(generate.HEADER)}


def test_the_sheet_holds_texts(tmp_path):
    path = generate.write_xlsx(tmp_path / "a.xlsx", 50, seed=3)
    read = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    wanted = [generate.HEADER, *generate.table(50, seed=3)]
    assert [[str(cell) for cell in row] for row in read] == wanted


def test_a_sheet_has_an_end(tmp_path):
    with pytest.raises(ValueError, match="1048575"):
        generate.write_xlsx(tmp_path / "a.xlsx", 2_000_000)


def test_messy_rows_have_slips_and_the_others_stay():
    clean = list(generate.table(2000, seed=4))
    messy = list(generate.table(2000, seed=4, messy=0.1))
    changed = [new for old, new in zip(clean, messy, strict=True) if old != new]
    assert 120 < len(changed) < 280
    for row in changed:
        if row[generate.CODE] in {"91110108000000000A", "9.1110E+17"}:
            with pytest.raises(CodeError):
                check_credit_code(row[generate.CODE])
    assert any(read_phone(row[generate.MOBILE]).reason == "several" for row in changed)
    assert any(read_phone(row[generate.MOBILE]).reason == "digits_lost" for row in changed)
