"""粘贴识别: from a pasted card to the form of a new customer or contact."""

from urllib.parse import parse_qs, urlsplit

import pytest

from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.registry import spec
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import CustomerLevel
from guanxi.testing.people import SYSTEM, Company, browser

pytestmark = pytest.mark.django_db
CODE = make_credit_code(4711, office="330206")
CARD = (
    "宁波云起包装材料有限公司\n林小满  采购经理\n13857426610\n0574-86881234\n"
    f"lin@yunqi.example\n税号：{CODE}\n浙江省宁波市北仑区明州路118号"
)


@pytest.fixture
def company():
    return Company()


def _read(client, path, **sent):
    return client.post(f"/{path}/paste/", {"text": CARD, "step": "read", **sent})


def test_what_stays_ticked_goes_into_the_customer_s_form(company):
    client = browser(company.anna)
    assert "/customers/paste/" in client.get("/customers/new/").content.decode()
    proposals = _read(client, "customers").context["proposals"]
    texts = [one.text for one in proposals]
    assert texts[:2] == ["宁波云起包装材料有限公司", CODE]
    taken = [str(at) for at, text in enumerate(texts) if text != "lin@yunqi.example"]
    answer = _read(client, "customers", step="take", take=taken, given="remark=展会")
    assert answer.status_code == 303
    form = client.get(answer.headers["Location"]).content.decode()
    for part in ("宁波云起包装材料有限公司", CODE, "13857426610", "0574-86881234"):
        assert f'value="{part}"' in form, part
    assert "林小满 采购经理" in form
    assert "明州路118号" in form
    assert "展会" in form
    assert "lin@yunqi.example" not in form
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["addresses.0.region"] == ["330206"]


def test_a_contact_is_linked_to_the_customer_only_within_reach(company):
    level = CustomerLevel.rows(SYSTEM).order_by("pk")[0]
    raw = {"name": "宁波云起包装材料有限公司", "level": str(level.pk)}
    raw["owner"] = str(company.anna.pk)
    create_record(SYSTEM, spec("customers.customer"), raw)

    def paths(person):
        found = _read(browser(person), "contacts").context["proposals"]
        return {path for one in found for path in one.values}

    assert {"name", "companies.0.customer", "companies.0.job"} <= paths(company.anna)
    others = paths(company.ben)
    assert "companies.0.customer" not in others
    assert "remark" in others


@pytest.mark.parametrize("text", ["", "今天下午三点开会"])
def test_nothing_recognised_is_said_and_the_text_stays(company, text):
    answer = browser(company.anna).post("/customers/paste/", {"text": text, "step": "read"})
    assert answer.status_code == 422
    assert answer.context["error"]
    assert text in answer.content.decode()


def test_who_may_not_create_pastes_nothing(company):
    assert browser(company.looker).get("/customers/paste/").status_code == 404
    assert browser(company.anna).get("/products/paste/").status_code == 404
