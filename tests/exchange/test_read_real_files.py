import csv
import datetime as dt
import hashlib
from collections import Counter

from guanxi.exchange.reading import digest, open_table
from guanxi.exchange.reading.dates import find_check_columns, parse_date, propose_date_format
from guanxi.exchange.reading.match import propose_values
from guanxi.exchange.reading.quarters import parse_quarter
from guanxi.kernel.figures import parse_number


def read(path):
    table = open_table(path)
    rows = list(table.rows())
    assert not any(row.fault for row in rows)
    return table.header, [row.cells for row in rows]


def test_every_real_csv_reads_as_the_standard_library_does(shared_data):
    paths = sorted(shared_data.glob("*/*.csv"))
    assert paths
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            header, *lines = [line for line in csv.reader(file) if "".join(line).strip()]
        names, rows = read(path)
        assert names == [name.strip() for name in header]
        assert rows == lines


def test_a_list_of_names_without_a_separator(shared_data):
    path = shared_data / "names" / "company_names_zh.txt"
    names = [line for line in path.read_text("utf-8").split("\n") if line.strip()]
    assert [row.cells[0].strip() for row in open_table(path).rows()] == [
        name.strip() for name in names[1:]
    ]


def test_the_dates_of_the_pipeline_are_day_month_year_by_its_quarters(shared_data):
    header, rows = read(shared_data / "crm-opportunities" / "sales_pipeline.csv")
    columns = list(zip(*rows, strict=True))
    checks = find_check_columns(header, columns)
    assert {header[date]: header[check.column] for date, check in checks.items()} == {
        "engage_date": "engage_quarter",
        "close_date": "close_quarter",
    }
    for date, agreed in ((5, 8300), (6, 6711)):
        quarters = columns[checks[date].column]
        best, *others = propose_date_format(columns[date], checks=quarters)
        assert (best.format, best.agreed, best.disagreed, best.refused) == ("dmy", agreed, 0, 0)
        assert best.certain
        assert not any(other.certain for other in others)
        alone = propose_date_format(columns[date])[0]
        assert (alone.format, alone.certain) == ("dmy", False)
    days = [parse_date(text, "dmy") for text in columns[5] if text]
    assert (min(days), max(days)) == (dt.date(2016, 10, 20), dt.date(2017, 12, 27))
    assert all(parse_quarter(text) for text in columns[8] if text)


def test_misspelt_products_and_sectors_get_proposals(shared_data):
    folder = shared_data / "crm-opportunities"
    products = [cells[0] for cells in read(folder / "products.csv")[1]]
    sold = Counter(cells[2] for cells in read(folder / "sales_pipeline.csv")[1])
    unknown = Counter({name: rows for name, rows in sold.items() if name not in products})
    (proposal,) = propose_values(unknown, products)
    assert (proposal.text, proposal.best, proposal.rows) == ("GTXPro", "GTX Pro", 1480)
    accounts = read(folder / "accounts.csv")[1]
    sectors = Counter(cells[1] for cells in accounts if cells[1] == "technolgy")
    (proposal,) = propose_values(sectors, ["technology", "medical", "telecommunications"])
    assert (proposal.best, proposal.rows) == ("technology", 12)
    lands = Counter(cells[5] for cells in accounts if cells[5] == "Philipines")
    assert propose_values(lands, ["Philippines", "Panama"])[0].best == "Philippines"


def test_amounts_of_the_pipeline(shared_data):
    rows = read(shared_data / "crm-opportunities" / "sales_pipeline.csv")[1]
    values = [parse_number(cells[7]).value for cells in rows if cells[7]]
    assert (len(values), sum(values)) == (6711, 10_005_534)


def test_digest_is_the_sha256_of_the_bytes(shared_data):
    path = shared_data / "crm-opportunities" / "products.csv"
    assert digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()
