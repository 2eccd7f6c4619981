"""Regions: reading of addresses, old codes, English, and what an address row makes of them."""

import hashlib
import json

import pytest
from django.utils import translation

from guanxi.kernel import regions
from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds import RegionKind
from guanxi.modules.customers.models import CustomerAddress

READ = [
    ("广东省深圳市南山区科技园1号", "440305", "科技园1号"),
    ("北京海淀区中关村大街1号", "110108", "中关村大街1号"),
    ("北京市北京市海淀区", "110108", ""),
    ("北京市市辖区海淀区", "110108", ""),
    ("浙江省义乌市稠城街道", "330782", "稠城街道"),
    ("广东 深圳 南山", "440305", ""),
    ("海淀区", "110108", ""),
    ("湖北省仙桃市", "429004", ""),
    ("广东省东莞市松山湖", "441900", "松山湖"),
    ("香港九龙城区", "810201", ""),
    ("台湾省台北市中正区", "710101", ""),
    ("北京市崇文区东花市", "110103", "东花市"),
]


@pytest.mark.parametrize(("text", "code", "rest"), READ)
def test_an_address_in_one_piece_is_taken_apart(text: str, code: str, rest: str) -> None:
    assert regions.read_region(text) == (code, rest)


@pytest.mark.parametrize(
    "text", ["南京东路100号", "北京西路 100号", "吉林大路3号", "朝阳区", "科技园"]
)
def test_a_street_named_after_a_city_is_no_city(text: str) -> None:
    assert regions.read_region(text) == ("", text)


def test_codes_out_of_use_stay_readable_and_are_not_offered() -> None:
    with translation.override("zh-hans"):
        assert RegionKind().show("110103") == "北京市 崇文区（2009 年撤销）"
    assert "110103" not in [one.code for one in regions.children("110100")]
    assert "110103" not in [one.code for one in regions.suggest("崇文")]


def test_english_names_come_from_small_to_large() -> None:
    with translation.override("en"):
        assert regions.full_name("440305") == "Nanshan District, Shenzhen, Guangdong"


def test_every_region_in_use_has_its_parents_and_reads_back() -> None:
    for one in regions.regions().values():
        if one.until is None:
            assert [step.level for step in regions.path_of(one.code)][0] == 1, one
            assert RegionKind().parse(one.code) == one.code


def test_names_that_mean_several_are_asked_about() -> None:
    with pytest.raises(Wrong):
        RegionKind().parse("鼓楼区")
    with pytest.raises(Wrong):
        RegionKind().parse("999999")


def test_the_file_is_the_one_its_source_says() -> None:
    folder = regions.FILE.parent
    said = json.loads((folder / "source.json").read_text(encoding="utf-8"))
    assert hashlib.sha256(regions.FILE.read_bytes()).hexdigest() == said["sha256"]


def _derived(**values: str) -> CustomerAddress:
    row = CustomerAddress(**values)
    row.derive()
    return row


def test_texts_of_older_rows_and_files_find_their_code() -> None:
    row = _derived(province="广东省", city="深圳市", district="南山区", detail="科技园1号")
    assert (row.region, row.detail) == ("440305", "科技园1号")
    row = _derived(province="广东省", city="东莞市", district="松山湖")
    assert (row.region, row.district) == ("441900", "松山湖")


def test_a_whole_address_in_the_street_line_is_split() -> None:
    row = _derived(detail="广东省深圳市南山区科技园1号")
    assert (row.region, row.city, row.detail) == ("440305", "深圳市", "科技园1号")
    assert _derived(detail="南京东路100号").region == ""


def test_the_region_decides_over_texts_and_country() -> None:
    row = _derived(region="810201", country="CN", city="深圳市")
    assert (row.country, row.province, row.district) == ("HK", "香港特别行政区", "九龙城区")


def test_a_new_city_forgets_the_district_of_the_old_one() -> None:
    row = _derived(region="330100", city="苏州市", district="姑苏区")
    assert (row.city, row.district) == ("杭州市", "")


def test_addresses_elsewhere_are_left_alone() -> None:
    row = _derived(country="US", province="CA", city="Chaoyang", detail="北京市海淀区1号")
    assert (row.region, row.city) == ("", "Chaoyang")
