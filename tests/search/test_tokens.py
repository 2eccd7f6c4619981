"""Documents and queries, matched by real SQLite and real PostgreSQL."""

import random
import re
import sqlite3
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.text import fold, initials, simplify
from guanxi.search.tokens import document_tokens, fts5_match, query_terms, tsquery
from guanxi.testing.postgres import no_server, postgres_server

REAL_NAMES = Path(__file__).parents[3] / "shared/data/names/company_names_zh.txt"

RECORDS = {
    1: ({"n": ["深圳市华为技术有限公司"], "x": ["王小明"]}, ["13812345678"]),
    2: ({"n": ["华润（深圳）有限公司"], "x": ["QH-PLC200 控制器"]}, ["075526780000"]),
    3: ({"n": ["TCL集团"], "x": ["华为的供应商"]}, []),
    4: ({"n": ["重庆长安𬭎达汽车"], "x": ["🚀星火计划"]}, ["02388886666", "13900001111"]),
    5: ({"n": ["Müller & Söhne GmbH"], "x": ["Nr. 2026-000123"]}, ["+49 30 129999"]),
    6: ({"n": ["ＳＵＰＥＲ　Ｍａｒｋｅｔ㈱日立"], "x": ["華為"]}, ["95588"]),
    7: ({"n": ['O\'Neil "AND" (OR) NOT*'], "x": ["back\\slash: near/2"]}, []),
    8: ({"n": ["あさひ食品", "Ромашка"], "x": [""]}, []),
}

SEARCHES = [
    ("华为", "n", {1}),
    ("华为", "nx", {1, 3, 6}),
    ("華為", "nx", {1, 3, 6}),
    ("华", "n", {1, 2}),
    ("团", "n", {3}),
    ("司", "n", {1, 2}),
    ("hw", "n", {1}),
    ("HWJS", "n", {1}),
    ("ｈｗ", "n", {1}),
    ("huawei", "n", {1}),
    ("shenzhen", "n", {1}),
    ("cqca", "n", {4}),
    ("tcl", "n", {3}),
    ("tcljt", "n", {3}),
    ("华为 深圳", "n", {1}),
    ("深圳华为", "n", set()),
    ("华润深圳", "n", {2}),
    ("华润（深圳", "n", {2}),
    ("技术有限公司", "n", {1}),
    ("5678", "n", {1}),
    ("３４５６", "n", {1}),
    ("13812345678", "n", {1}),
    ("138-1234-5678", "n", {1}),
    ("+86 138 1234 5678", "n", {1}),
    ("8613812345678", "n", {1}),
    ("138", "n", {1}),
    ("0755-2678", "n", {2}),
    ("9558", "n", {6}),
    ("1234 华为", "n", {1}),
    ("plc", "x", {2}),
    ("plc200", "x", {2}),
    ("200", "x", {2}),
    ("qh-plc200", "x", {2}),
    ("2026-000123", "x", {5}),
    ("000123", "x", {5}),
    ("muller", "n", {5}),
    ("MÜLLER", "n", {5}),
    ("super market", "n", {6}),
    ("日立", "n", {6}),
    ("𬭎达", "n", {4}),
    ("𬭎", "n", {4}),
    ("安𬭎达", "n", {4}),
    ("cah", "n", {4}),
    ("🚀星火", "x", {4}),
    ("🚀", "x", set()),
    ("o'neil", "n", {7}),
    ('"AND"', "n", {7}),
    ("near", "x", {7}),
    ("back\\slash", "x", {7}),
    ("あさ", "n", {8}),
    ("рома", "n", {8}),
    ("* OR n*", "n", {7}),
    ("'; DROP TABLE", "n", set()),
    ("华为", "", set()),
    ("", "nx", set()),
    ("  --  ", "nx", set()),
]


class OnSqlite:
    def __init__(self, detail="none"):
        self.base = sqlite3.connect(":memory:")
        self.base.execute(
            f"CREATE VIRTUAL TABLE doc USING fts5(body, tokenize='ascii', detail={detail})"
        )

    def add(self, documents):
        self.base.executemany("INSERT INTO doc (rowid, body) VALUES (?, ?)", documents)

    def find(self, terms):
        if not terms:
            return set()
        statement = "SELECT rowid FROM doc WHERE doc MATCH ?"
        return {row[0] for row in self.base.execute(statement, [fts5_match(terms)])}


class OnPostgres:
    def __init__(self, address):
        self.base = psycopg.connect(address, autocommit=True)
        self.base.execute("CREATE TEMP TABLE doc (id bigint, body tsvector)")
        self.base.execute("CREATE INDEX ON doc USING gin (body)")

    def add(self, documents):
        with self.base.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO doc VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))",
                list(documents),
            )

    def find(self, terms):
        if not terms:
            return set()
        statement = "SELECT id FROM doc WHERE body @@ %s::tsquery"
        return {row[0] for row in self.base.execute(statement, [tsquery(terms)])}


@pytest.fixture(scope="module")
def postgres_address():
    with postgres_server() as address:
        if address is None:
            pytest.skip(no_server())
        yield address.rsplit("/", 1)[0] + "/postgres"


@pytest.fixture(params=["sqlite", "postgres"])
def store(request):
    if request.param == "sqlite":
        found = OnSqlite()
    else:
        found = OnPostgres(request.getfixturevalue("postgres_address"))
    yield found
    found.base.close()


def test_every_search_finds_the_same_on_both_databases(store):
    store.add((key, document_tokens(*record)) for key, record in RECORDS.items())
    answers = {
        (text, classes): store.find(query_terms(text, classes)) for text, classes, _ in SEARCHES
    }
    assert answers == {(text, classes): wanted for text, classes, wanted in SEARCHES}


def test_full_detail_tables_answer_alike():
    store = OnSqlite(detail="full")
    store.add((key, document_tokens(*record)) for key, record in RECORDS.items())
    for text, classes, wanted in SEARCHES:
        assert store.find(query_terms(text, classes)) == wanted, text


def test_every_fragment_of_real_names_finds_them(store):
    if not REAL_NAMES.exists():
        pytest.skip("needs the shared corpus of company names")
    names = [name for name in REAL_NAMES.read_text(encoding="utf-8").splitlines() if name]
    sample = dict(enumerate(random.Random(11).sample(names, 300)))
    store.add((key, document_tokens({"n": [name]})) for key, name in sample.items())
    missed = [
        (name, typed)
        for key, name in sample.items()
        for typed in {*_fragments(name), initials(name)[:10], name}
        if typed and key not in store.find(query_terms(typed, "n"))
    ]
    assert missed == []


def _fragments(name):
    """Every two neighbouring Chinese characters and every whole Latin word."""
    runs = re.findall(r"[a-z0-9]+|[^\W_a-z0-9]+", fold(name))
    for run in runs:
        if run.isascii():
            yield run
        else:
            yield from (run[at : at + 2] for at in range(len(run)))


@given(st.text(max_size=60), st.text(max_size=20))
def test_tokens_are_letters_and_digits_only(text, phone):
    tokens = document_tokens({"n": [text]}, [phone]).split(" ")
    assert all(token == "" or re.fullmatch(r"[np][bwiydh]\w+", token) for token in tokens)
    assert len(tokens) == len(set(tokens))


@given(st.text(max_size=12))
def test_whatever_is_typed_is_a_valid_query(text):
    store = OnSqlite()
    store.add([(1, document_tokens({"n": [text]}, [text]))])
    terms = query_terms(text, "n")
    assert store.find(terms) == ({1} if any(char.isalnum() for char in fold(text)) else set())
    assert (tsquery(terms) == "") == (not terms)


def test_what_is_not_allowed_is_not_searched():
    hidden = query_terms("5678", "n", phones=False)
    assert hidden == [["nw5678*"]]
    assert query_terms("5678", "", phones=True) == [["pd5678"]]
    assert query_terms("5678", "", phones=False) == []
    assert query_terms("5678", "n", phone_class="q")[0][0] == "qd5678"


def test_long_digits_ask_for_every_run():
    groups = query_terms("0755267800", "n")
    assert {group[0] for group in groups} == {
        "pd0755", "pd7552", "pd5526", "pd5267", "pd2678", "pd6780", "pd7800",
    }  # fmt: skip


def test_huge_texts_stay_bounded():
    tokens = document_tokens({"n": ["华" * 500_000 + "为", "x" * 5_000_000]}, ["1" * 1000])
    assert len(tokens) < 10_000
    assert len(query_terms("甲乙丙丁" * 5000, "nx")) <= 32
    assert len(query_terms("1 " * 5000, "nx")) <= 32


def test_the_same_document_every_time():
    record = RECORDS[1]
    assert document_tokens(*record) == document_tokens(*record)
    assert document_tokens({}, []) == ""


def test_traditional_and_simplified_make_one_document():
    old = document_tokens({"n": ["華為技術"]})
    assert old == document_tokens({"n": [simplify("華為技術")]})
    assert old.split(" ")[:4] == ["nb华为", "nb为技", "nb技术", "nb术"]
