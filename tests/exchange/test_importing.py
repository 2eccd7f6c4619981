"""Imports of invented tables: what goes in, what is refused and why, what is left alone."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guanxi.exchange.jobs import tidy
from guanxi.exchange.models import Import, Stage
from guanxi.kernel import registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.change import change
from guanxi.kernel.models import Change
from guanxi.kernel.same import find_same
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import Customer, CustomerAddress, CustomerChannel, Industry
from guanxi.modules.sales.models import Opportunity
from guanxi.people.models import Department, Person
from guanxi.testing.html import read
from guanxi.testing.imports import (
    bring,
    carry_out,
    reasons,
    try_as_proposed,
    upload,
    work_off_jobs,
)
from guanxi.testing.people import Company, actor, browser

SYSTEM = system_actor("tests")
CUSTOMER = "customers.customer"


@pytest.fixture
def company(db):
    return Company()


def customers():
    return Customer.rows(SYSTEM)


def channels(name):
    found = CustomerChannel._all.filter(customer__name=name).order_by("position")
    return list(found.values_list("kind", "value"))


def test_a_chinese_table_goes_in_as_it_is(company):
    table = (
        "客户名称,手机,邮箱,行业,城市,详细地址,人数,年营收,备注\n"
        "苏州启明精密机械有限公司,13812567790,sales@qiming.example.com,制造业,苏州,东吴南路88号,320,2.4亿,老客户\n"
        "宁波海丰物流有限公司,０５７４－８７６５４３２１,,交通物流,宁波,,45,8600万,\n"
    )
    imported = bring(company.boss, CUSTOMER, table)
    assert imported.counts == {"created": 2}
    first = customers().get(name="苏州启明精密机械有限公司")
    assert (first.industry.name, first.headcount, first.revenue) == ("制造业", 320, 240_000_000)
    assert first.owner_id == company.boss.pk
    assert channels(first.name) == [
        ("mobile", "13812567790"),
        ("email", "sales@qiming.example.com"),
    ]
    place = CustomerAddress._all.get(customer=first)
    assert (place.city, place.region, place.detail) == ("苏州市", "320500", "东吴南路88号")
    assert place.is_main
    assert channels("宁波海丰物流有限公司")[0][0] == "landline"


def test_gbk_is_read(company):
    imported = bring(
        company.boss, CUSTOMER, "客户名称,行业\n上海清和生物医药,医药/生物\n".encode("gbk")
    )
    assert imported.counts == {"created": 1}
    assert customers().get().industry.code == "pharma"


def test_two_phones_in_a_cell_become_two_channels(company):
    bring(company.boss, CUSTOMER, "客户名称,电话\n甲公司,13812567790、010-88886666转8001\n")
    assert channels("甲公司") == [("mobile", "13812567790"), ("landline", "010-88886666转8001")]


def test_digits_that_are_lost_are_refused_with_the_reason(company):
    table = (
        "客户名称,手机,信用代码\n甲公司,1.38E+10,\n乙公司,,9.14E+17\n"
        "丙公司,13812567790,\n丁公司,,9.14E+17\n"
    )
    imported = bring(company.boss, CUSTOMER, table)
    assert imported.counts == {"refused": 3, "created": 1}
    found = reasons(imported)
    assert "1.38E+10 丢失了数位" in found[2]
    assert "9.14E+17 丢失了数位" in found[3]
    assert found[5] == found[3]


def test_the_words_are_those_of_the_form(company):
    boss = actor(company.boss)
    spec = registry.spec(CUSTOMER)
    imported = bring(
        company.boss,
        CUSTOMER,
        f"客户名称,人数,手机\n{'长' * 121},abc,12345\n,3,\n",
        duplicates="create",
    )
    found = reasons(imported)
    for field, raw in (("name", "长" * 121), ("headcount", "abc")):
        with pytest.raises(Exception) as caught:
            create_record(boss, spec, {"name": "甲", field: raw})
        assert caught.value.errors[field][0] in found[2]
    with pytest.raises(Exception) as caught:
        create_record(boss, spec, {"name": ""})
    assert caught.value.errors["name"][0] in found[3]


def test_a_row_that_stands_twice_is_taken_once(company):
    table = "客户编号,客户名称\nK1,甲公司\nK2,乙公司\nK1,甲公司（改）\n"
    imported = bring(company.boss, CUSTOMER, table)
    assert imported.counts == {"created": 2, "skipped": 1}
    assert reasons(imported) == {4: "与本文件第 2 行相同。"}


@pytest.mark.parametrize(
    ("choice", "counts"),
    [
        ("skip", {"skipped": 1}),
        ("create", {"created": 1}),
        ("update", {"updated": 1}),
    ],
)
def test_what_looks_the_same_is_skipped_created_or_updated(company, choice, counts):
    bring(company.boss, CUSTOMER, "客户名称\n华为技术有限公司\n")
    imported = bring(
        company.boss, CUSTOMER, "客户名称,人数\n华为技术（深圳）有限公司,9\n", duplicates=choice
    )
    assert imported.counts == counts
    assert customers().count() == 1 + (choice == "create")
    if choice == "update":
        assert customers().get().headcount == 9


def test_blank_cells_keep_what_is_stored_and_channels_add_up(company):
    bring(company.boss, CUSTOMER, "客户编号,客户名称,人数,手机\nK1,甲公司,10,13812567790\n")
    imported = bring(company.boss, CUSTOMER, "客户编号,人数,手机,微信\nK1,,13912567790,wx-jia\n")
    assert imported.counts == {"updated": 1}
    assert customers().get().headcount == 10
    assert channels("甲公司") == [
        ("mobile", "13812567790"),
        ("mobile", "13912567790"),
        ("wechat", "wx-jia"),
    ]


def test_parents_may_stand_below_their_subsidiaries(company):
    table = "客户名称,母公司\n孙公司,子公司\n子公司,总公司\n总公司,\n"
    imported = bring(company.boss, CUSTOMER, table)
    assert imported.counts == {"created": 3}
    grandchild = customers().get(name="孙公司")
    assert grandchild.parent.parent.name == "总公司"
    assert grandchild.version == 1


def test_rows_in_a_circle_are_refused(company):
    imported = bring(
        company.boss, CUSTOMER, "客户名称,母公司\n甲公司,乙公司\n乙公司,甲公司\n丙公司,甲公司\n"
    )
    assert imported.counts == {"refused": 3}
    assert "绕成了圈" in reasons(imported)[2]
    assert "甲公司" in reasons(imported)[4]


def test_unknown_names_are_created_only_when_allowed(company):
    table = "客户名称,行业\n甲公司,火星农业\n"
    imported = bring(company.boss, CUSTOMER, table, create=[])
    assert "火星农业" in reasons(imported)[2]
    imported = bring(company.boss, CUSTOMER, table, create=[1])
    assert (imported.counts, imported.extra) == ({"created": 1}, {"customers.industry": 1})
    assert Industry.rows(SYSTEM).get(name="火星农业").position > 1
    limited = company.person("导入员", grants_to_import())
    with pytest.raises(Exception) as caught:
        bring(limited, CUSTOMER, "客户名称,行业\n乙公司,木星农业\n", create=[1])
    assert "无权" in caught.value.message


def grants_to_import():
    verbs = "view create edit import delete"
    return {("records", verb): "own" for verb in verbs.split()} | {
        ("terms", "view"): "all",
        ("people", "view"): "all",
    }


def test_rows_for_others_must_stay_within_reach(company):
    anna = company.person("进口安娜", grants_to_import())
    imported = bring(anna, CUSTOMER, "客户名称,负责人\n甲公司,进口安娜\n乙公司,本杰明\n丙公司,\n")
    assert imported.counts == {"created": 2, "refused": 1}
    assert {row.owner_id for row in customers()} == {anna.pk}


def test_strangers_rows_are_neither_changed_nor_told(company):
    bring(company.boss, CUSTOMER, "客户编号,客户名称\nK1,秘密公司\n")
    anna = company.person("进口安娜", grants_to_import())
    imported = bring(anna, CUSTOMER, "客户编号,客户名称\nK1,抢来的公司\n", duplicates="create")
    assert imported.counts == {"refused": 1}
    assert "秘密" not in reasons(imported)[2]
    imported = bring(anna, CUSTOMER, "客户名称\n秘密公司\n", duplicates="skip")
    assert "同事" in reasons(imported)[2]


def test_modes(company):
    bring(company.boss, CUSTOMER, "客户名称,人数\n甲公司,1\n")
    table = "客户名称,人数\n甲公司,2\n乙公司,3\n"
    assert bring(company.boss, CUSTOMER, table, mode="new").counts == {"skipped": 1, "created": 1}
    assert bring(
        company.boss, CUSTOMER, "客户名称,人数\n甲公司,5\n丙公司,6\n", mode="update"
    ).counts == {
        "updated": 1,
        "skipped": 1,
    }


def test_a_stage_is_reached_by_its_rule_unless_it_is_history(company):
    table = (
        "商机编号,商机名称,阶段,发现日期,关闭日期\n"
        "O1,一号,赢单,2026-01-01,2026-03-01\n"
        "O2,二号,输单,2026-01-01,2026-03-01\n"
        "O3,三号,报价,,\n"
    )
    imported = bring(company.boss, "sales.opportunity", table, history=False)
    assert imported.counts == {"created": 2, "refused": 1}
    assert "原因" in reasons(imported)[3]
    won = Opportunity.rows(SYSTEM).get(number="O1")
    assert (won.stage.code, str(won.closed_on)) == ("won", "2026-03-01")
    imported = bring(company.boss, "sales.opportunity", table, history=True)
    assert imported.counts["created"] == 1
    assert Opportunity.rows(SYSTEM).get(number="O2").close_reason.name == "导入"


def test_history_needs_its_own_right(company):
    with pytest.raises(Exception) as caught:
        bring(
            company.person("进口安娜", grants_to_import()),
            "sales.opportunity",
            "商机编号\nO1\n",
            history=True,
        )
    assert "历史" in caught.value.message


def test_a_superior_who_has_no_row_joins_the_department(company):
    table = "姓名,主管,部门\n小王,老李,华南区\n小张,老李,华南区\n"
    imported = bring(company.boss, "people.person", table)
    assert imported.extra == {"people.department": 1, "people.person": 1}
    chief = Person.rows(SYSTEM).get(name="老李")
    assert chief.department == Department.rows(SYSTEM).get(name="华南区")
    assert Person.rows(SYSTEM).filter(superior=chief).count() == 2


def test_what_others_have_touched_stays_when_an_import_is_undone(company):
    window = browser(company.boss)
    imported = upload(window, company.boss, "customers", "客户名称\n甲公司\n乙公司\n".encode())
    imported = carry_out(window, try_as_proposed(window, imported))
    touched = customers().get(name="乙公司")
    with change(SYSTEM, touched):
        touched.headcount = 7
    window.post(f"/import/{imported.pk}/undo/")
    work_off_jobs()
    imported.refresh_from_db()
    assert (imported.state, imported.left) == (Stage.UNDONE, 1)
    assert [row.name for row in customers()] == ["乙公司"]
    page = read(window.get(f"/import/{imported.pk}/")).text()
    assert "这次导入已撤销。" in page
    assert reasons(imported)[0] in page


def test_a_trial_writes_nothing_and_foretells_everything(company):
    window = browser(company.boss)
    table = "客户编号,客户名称,行业,手机\nK1,甲公司,火星农业,13812567790\nK2,,,\nK1,丙公司,,\nK4,丁公司,,12\n"
    before = Change.objects.count()
    imported = try_as_proposed(window, upload(window, company.boss, "customers", table.encode()))
    assert imported.counts == {"created": 1, "refused": 2, "skipped": 1}
    assert imported.extra == {"customers.industry": 1}
    assert Change.objects.count() == before
    assert not customers().exists()
    foretold = reasons(imported, trial=True)
    page = read(window.get(f"/import/{imported.pk}/trial/")).text()
    assert foretold[3] in page
    imported = carry_out(window, imported)
    assert reasons(imported) == foretold


def test_the_refused_rows_come_back_with_their_reasons(company):
    window = browser(company.boss)
    table = "客户名称,人数,备注\n甲公司,abc,=1+1\n乙公司,2,\n"
    imported = upload(window, company.boss, "customers", table.encode())
    imported = carry_out(window, try_as_proposed(window, imported))
    response = window.get(f"/import/{imported.pk}/refused/")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert rows[0][:3] == ["客户名称", "人数", "备注"]
    assert rows[1][:3] == ["甲公司", "abc", "'=1+1"]
    assert "人数" in rows[1][3]
    assert len(rows) == 2


def test_strangers_see_nothing_of_an_import(company):
    window = browser(company.boss)
    imported = upload(window, company.boss, "customers", "客户名称\n甲公司\n".encode())
    stranger = browser(company.person("别人", grants_to_import()))
    for tail in ("", "mapping/", "place/", "trial/", "progress/", "refused/"):
        assert stranger.get(f"/import/{imported.pk}/{tail}").status_code == 404
    for tail in ("start/", "undo/", "cancel/"):
        assert stranger.post(f"/import/{imported.pk}/{tail}").status_code == 404
    assert imported.file_name not in read(stranger.get("/import/")).text()
    nobody = browser(company.nobody)
    assert nobody.get("/import/customers/").status_code == 404
    assert nobody.get("/import/no-such-thing/").status_code == 404
    assert nobody.get("/import/999999/").status_code == 404


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        ("客户名称\n".encode(), "表头"),
        (b"%PDF-1.7 \x00\x01", "PDF"),
        (b"PK\x03\x04 nothing else", "XLSX"),
    ],
)
def test_what_is_no_table_is_answered_in_words(company, content, words):
    window = browser(company.boss)
    response = window.post("/import/customers/", {"file": SimpleUploadedFile("a.csv", content)})
    assert response.status_code == 422
    text = read(response).text()
    assert words in text
    assert not Import.objects.exists()


def test_pasted_rows_are_a_table_too(company):
    window = browser(company.boss)
    response = window.post("/import/customers/", {"pasted": "客户名称\t人数\n甲公司\t3\n"})
    assert response.status_code == 303
    imported = carry_out(window, try_as_proposed(window, Import.objects.get()))
    assert imported.counts == {"created": 1}


def test_keys_of_duplicates_are_written_like_those_of_the_form(company):
    bring(company.boss, CUSTOMER, "客户名称,手机\n甲公司,138 1256 7790\n")
    spec = registry.spec(CUSTOMER)
    twin = Customer(name="甲公司")
    found = find_same(spec, twin, {"channels": []}, book=1)
    assert list(found.values()) == [[customers().get().pk]]


def test_a_corrected_file_of_refused_rows_goes_in(company):
    table = "客户名称,人数,拒绝原因\n甲公司,3,人数：这不是数字。\n"
    assert bring(company.boss, CUSTOMER, table).mapping == {"0": "name", "1": "headcount"}


def test_meanings_that_were_not_asked_for_stay(company):
    window = browser(company.boss)
    table = "客户名称,行业\n" + "".join(f"公司{n},神秘{n}\n" for n in range(60))
    imported = upload(window, company.boss, "customers", table.encode())
    imported.options["replace"] = {"1": {"神秘59": "金融"}}
    imported.options["create"] = []
    imported.save()
    imported = try_as_proposed(window, imported)
    assert imported.options["replace"]["1"]["神秘59"] == "金融"
    assert imported.counts == {"created": 1, "refused": 59}


def test_old_files_are_removed_and_say_so(company, settings):
    window = browser(company.boss)
    imported = upload(window, company.boss, "customers", "客户名称\n甲公司\n".encode())
    imported = carry_out(window, try_as_proposed(window, imported))
    Import.objects.update(created_at=timezone.now() - timedelta(days=200))
    tidy(None)
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert window.get(f"/import/{imported.pk}/").status_code == 200
    assert window.get(f"/import/{imported.pk}/refused/").status_code == 303
    assert "已被清理" in window.get(f"/import/{imported.pk}/").content.decode()
