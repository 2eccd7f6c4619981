"""Words of ours stand with a capital letter alone and small within a sentence; no place twice."""

import pytest
from django.utils import translation

from guanxi.kernel import kinds
from guanxi.kernel.describe import describe
from guanxi.kernel.present import present
from guanxi.kernel.query import read as read_tree
from guanxi.kernel.registry import spec
from guanxi.kernel.text import inside, standing
from guanxi.modules.customers.models import Customer
from guanxi.pages.records import part_cards
from guanxi.testing.people import SYSTEM, Company, browser
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db
CUSTOMER = spec("customers.customer")


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def page():
    """Gets a page in English as somebody who may do everything."""
    client = browser(Company().boss, language="en")
    return lambda path: client.get(path).content.decode()


def test_a_choice_is_large_alone_and_small_in_a_sentence():
    customer = make(CUSTOMER, SYSTEM, 4, nature="organisation")
    [row] = present(SYSTEM, CUSTOMER, [customer], ["nature", "deal_status"])
    assert [value.text for value in row.values] == ["Organisation", "No deal yet"]
    node = read_tree(CUSTOMER, ["nature", "in", ["organisation"]], actor=SYSTEM)
    assert describe(node, actor=SYSTEM) == "Nature is one of organisation"


def test_yes_and_no_are_large_alone():
    kind = kinds.BooleanKind()
    assert (kind.show(True), kind.show(False), kind.say(False)) == ("Yes", "No", "no")


def test_what_people_typed_keeps_its_letters():
    kind = kinds.ChoiceKind(choices={"1": "iPhone"})
    assert kind.show("1") == standing("iPhone") == "iPhone"


@pytest.mark.parametrize(
    ("name", "said"), [("Stage", "stage"), ("ID card", "ID card"), ("WeChat id", "WeChat id")]
)
def test_a_name_within_a_sentence(name, said):
    assert inside(name) == said


def test_options_of_a_form_and_of_a_query_are_large(page):
    form = page("/customers/new/")
    assert ">Organisation</option>" in form and ">organisation</option>" not in form
    query = page("/customers/")
    assert ">Valid</option>" in query and ">valid</option>" not in query


def test_an_address_names_its_region_once():
    line = {"kind": "office", "region": "320312", "detail": "工业南路315号"}
    customer = make(CUSTOMER, SYSTEM, 4, addresses=[line])
    cards = part_cards(SYSTEM, CUSTOMER, Customer.rows(SYSTEM).get(pk=customer.pk))
    [shown] = [card["lines"] for card in cards if "工业南路" in str(card["lines"])]
    assert "Tongshan" in shown[0]["html"] and "铜山" not in shown[0]["html"]


def test_statistics_ask_for_months_only_where_dates_are_grouped(page):
    by_stage = page("/opportunities/statistics/?by=stage")
    assert "Opportunities by stage" in by_stage and "Dates by" not in by_stage
    assert page("/opportunities/statistics/?by=created_at").count("Dates by") == 1
    both = page("/opportunities/statistics/?by=created_at&then=close_on")
    assert both.count("Dates by") == 2


def test_the_board_says_that_it_is_one(page):
    assert "<h1>Board: Opportunities</h1>" in page("/opportunities/board/")
