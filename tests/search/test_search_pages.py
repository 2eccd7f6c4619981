"""The search page and the suggestions, as a browser asks for them."""

import pytest

from guanxi.kernel import acts
from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.people.models import FieldRule
from guanxi.search.recent import note_opened

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SYSTEM = system_actor("tests")
BOTH = pytest.mark.parametrize("address", ["/search/", "/search/suggest/"])


@pytest.fixture
def ask(client):
    def get(member, address, text):
        client.force_login(member.user)
        answer = client.get(address, {"q": text})
        assert answer.status_code == 200
        return answer.content.decode()

    return get


@pytest.fixture
def huawei(team, add):
    return add(team.lin.id, "华为技术", "13812345678", number="K-77")


@BOTH
@pytest.mark.parametrize("text", ["hw", "华为", "5678", "K-77"])
def test_the_owner_finds_the_customer(huawei, team, ask, address, text):
    page = ask(team.lin, address, text)
    assert f'href="/customers/{huawei.pk}/"' in page


@BOTH
@pytest.mark.parametrize("text", ["hw", "华为", "5678", "K-77", "13812345678", "华*", '" OR 1'])
def test_another_salesperson_does_not(huawei, team, ask, address, text):
    page = ask(team.wang, address, text)
    assert "/customers/" + str(huawei.pk) not in page
    assert "华为技术" not in page


@BOTH
def test_a_masked_number_finds_nothing_and_is_not_shown(huawei, team, roles, ask, address):
    with change(SYSTEM, roles["sales"]) as edit:
        rule = FieldRule(
            object="customers.customer", field="channels", mine="masked", others="masked"
        )
        edit.set_parts("field_rules", [rule])
    assert f"/customers/{huawei.pk}/" not in ask(team.lin, address, "5678")
    page = ask(team.lin, address, "K-77")
    assert f"/customers/{huawei.pk}/" in page
    assert "1234" not in page


def test_invalidated_customers_stand_on_the_page_with_a_mark(huawei, team, ask):
    acts.invalidate_record(SYSTEM, huawei)
    page = ask(team.lin, "/search/", "华为")
    assert f"/customers/{huawei.pk}/" in page
    assert "已失效" in page or "失效" in page
    assert f"/customers/{huawei.pk}/" not in ask(team.lin, "/search/suggest/", "华为")


def test_more_hits_than_shown_say_so_and_lead_to_the_list(team, add, ask):
    for number in range(21):
        add(team.lin.id, f"华为{number}")
    page = ask(team.lin, "/search/", "华为")
    assert "20+" in page
    assert 'href="/customers/?q=%E5%8D%8E%E4%B8%BA"' in page


@pytest.mark.parametrize("text", ["", "  ", "--", "<script>", "甲" * 5000, "\x00", "' \" \\"])
@BOTH
def test_any_text_gets_an_answer(team, ask, address, text):
    assert "<script>" not in ask(team.lin, address, text).replace("<script ", "")


def test_the_typed_text_is_marked(huawei, team, ask):
    assert "<mark>华为</mark>技术" in ask(team.lin, "/search/suggest/", "华为")


def test_before_typing_stand_the_records_opened_last(huawei, team, customers, ask):
    note_opened(team.lin.actor, customers, huawei.pk)
    assert f"/customers/{huawei.pk}/" in ask(team.lin, "/search/suggest/", "")
    assert "/customers/" not in ask(team.wang, "/search/suggest/", "")


def test_opening_the_record_page_is_remembered(huawei, team, ask, client):
    client.force_login(team.lin.user)
    assert client.get(f"/customers/{huawei.pk}/").status_code == 200
    assert "华为技术" in ask(team.lin, "/search/suggest/", "")


@pytest.mark.parametrize(
    "text", ["客户", "kh", "kehu", "追加客户", "zhuijia", "新建客户", "xinjian"]
)
def test_commands_are_found_by_their_beginning(team, ask, text):
    page = ask(team.lin, "/search/suggest/", text)
    assert 'href="/customers/new/"' in page or 'href="/customers/"' in page


def test_commands_without_the_right_are_not_offered(team, ask):
    assert "/persons/new/" not in ask(team.lin, "/search/suggest/", "新建")


@BOTH
def test_strangers_are_sent_to_sign_in(client, db, address):
    answer = client.get(address, {"q": "华为"})
    assert answer.status_code == 303
    assert "login" in answer["Location"]


@pytest.mark.parametrize(
    "text", ["商机看板", "去商机看板", "kanban", "sjkb", "shangjikanban", "opportunities board"]
)
def test_places_are_found_in_chinese_pinyin_initials_and_english(team, ask, text):
    for address in ("/search/", "/search/suggest/"):
        assert 'href="/opportunities/board/"' in ask(team.lin, address, text), address


def test_the_open_record_s_acts_come_first_and_only_for_those_who_see_it(huawei, team, client):
    def suggested(member, text=""):
        client.force_login(member.user)
        headers = {
            "HX-Request": "true",
            "HX-Current-URL": f"http://testserver/customers/{huawei.pk}/?kind=",
        }
        groups = client.get("/search/suggest/", {"q": text}, headers=headers).context["groups"]
        return [item["url"] for item in groups[0]["items"]] if groups else []

    edit = f"/customers/{huawei.pk}/edit/"
    assert edit in suggested(team.lin)
    for text in ("修改", "xiugai", "edit"):
        assert suggested(team.lin, text)[0] == edit, text
    assert edit not in suggested(team.wang)
