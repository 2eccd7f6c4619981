from collections import Counter

from guanxi.exchange.reading.match import Target, propose_columns, propose_values


def is_amount(value):
    return str(value).replace(".", "").isdigit()


TARGETS = [
    Target("number", ("商机编号", "number"), ("opportunity id",)),
    Target("owner", ("负责人", "owner"), ("sales agent",)),
    Target("customer", ("客户", "customer"), ("account", "公司名称")),
    Target("stage", ("阶段", "stage"), ("deal stage",)),
    Target("amount", ("预计金额", "expected amount"), ("close value",), is_amount),
    Target("close_on", ("预计成交日期", "expected close"), ("close date",)),
    Target("phone", ("电话", "phone"), ("手机",)),
]


def names(header, samples=None):
    found = propose_columns(header, samples or [[]] * len(header), TARGETS)
    return {header[column]: match.target for column, match in found.items()}


def test_columns_find_their_fields_in_either_language():
    assert names(["opportunity_id", "SalesAgent", "Account", "deal stage", "Close Date"]) == {
        "opportunity_id": "number",
        "SalesAgent": "owner",
        "Account": "customer",
        "deal stage": "stage",
        "Close Date": "close_on",
    }
    assert names(["商机编号*", "负责人（姓名）", "客户", "联系电话", "预计成交日"]) == {
        "商机编号*": "number",
        "负责人（姓名）": "owner",
        "客户": "customer",
        "联系电话": "phone",
        "预计成交日": "close_on",
    }


def test_columns_that_mean_nothing_known_are_left_out():
    assert names(["regional_office", "备注", "(C)", ""]) == {}


def test_one_field_takes_one_column_the_better_named():
    assert names(["联系人电话", "电话"]) == {"电话": "phone"}
    assert names(["电话", "电话 (2)"]) == {"电话": "phone"}


def test_values_that_do_not_fit_speak_against_a_name():
    header = ["expected amount", "close_value"]
    assert names(header, [["high", "low"], ["1054", "4514"]]) == {"close_value": "amount"}
    assert names(header, [["12", "13"], ["x", "y"]]) == {"expected amount": "amount"}


def test_misspelt_values_get_a_proposal_with_their_rows():
    known = ["GTX Pro", "GTX Plus Pro", "GTX Plus Basic", "technology", "Philippines", "批发业"]
    unknown = Counter({"GTXPro": 1480, "technolgy": 12, "Philipines": 1, "批发": 3, "gtx pro": 2})
    proposals = propose_values(unknown, known)
    assert [(p.text, p.best, p.rows) for p in proposals] == [
        ("GTXPro", "GTX Pro", 1480),
        ("technolgy", "technology", 12),
        ("批发", "批发业", 3),
        ("gtx pro", "GTX Pro", 2),
        ("Philipines", "Philippines", 1),
    ]
    assert all(0.8 <= p.score <= 1 for p in proposals)


def test_values_that_may_mean_two_things_or_another_get_none():
    known = ["GTX Plus", "GTX PLUS", "A类客户", "广西", "VIP1", "2023年展会", "MG Special"]
    unknown = Counter(["gtxplus", "B类客户", "广东", "VIP2", "2024年展会", "Pro", "产品"])
    assert [p.best for p in propose_values(unknown, known)] == [None] * 7


def test_proposals_do_not_depend_on_the_order_of_the_known():
    known = ["Alpha Beta", "Alpha Betb", "Gamma"]
    unknown = Counter({"Alpha Bet": 2, "Gama": 1, "Gamma.": 1})
    assert propose_values(unknown, known) == propose_values(unknown, known[::-1])
