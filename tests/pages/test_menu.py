"""The tree menu holds every screen of the operation manual, in its groups, and each one opens."""

import pytest

from guanxi.testing.html import read
from guanxi.testing.people import Company, browser

pytestmark = pytest.mark.django_db

FOURTEEN = {
    "客户信息": "/customers/",
    "客户来源": "/customer-sources/",
    "客户状态": "/customer-statuses/",
    "客户意向": "/customer-intentions/",
    "交流信息": "/communications/",
    "交流类型": "/communication-types/",
    "关系类型": "/relation-types/",
    "热点分类": "/hot-topics/",
    "交流自定义信息": "/communication-information/",
    "计划信息": "/plans/",
    "计划设置": "/plan-settings/",
    "计划类型": "/plan-types/",
    "产品信息": "/products/",
    "产品类别": "/product-categories/",
}


def test_s01_01_02_03_all_fourteen_screens_stand_in_the_menu_and_open():
    window = browser(Company().boss)
    start = read(window.get("/"))
    assert set(FOURTEEN) <= set(start.words)
    assert set(FOURTEEN.values()) <= set(start.links)
    for entry, address in FOURTEEN.items():
        page = window.get(address)
        assert page.status_code == 200, address
        assert entry.removesuffix("信息") in read(page).text()
