"""Folding, pinyin keys and company cores on the names people really type."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.text import (
    core_name,
    escape_like,
    fold,
    initials,
    name_key,
    simplify,
    strip_hiding,
    syllables,
)

REAL_NAMES = Path(__file__).parents[3] / "shared/data/names/company_names_zh.txt"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＡＢＣ　公司", "abc 公司"),
        ("  a\t\n b  ", "a b"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("華為", "華為"),
        ("Straße", "strasse"),
        ("İstanbul", "i̇stanbul"),
        ("零\u200b宽\ufeff字\u00ad符", "零宽字符"),
        ("①㈱㎡", "1(株)m2"),
        ("", ""),
        ("\u3000 ", ""),
    ],
)
def test_fold(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202d华为\u202c\u200b", "华为"),
        ("\u202egnp.exe", "gnp.exe"),
        ("\u200b\ufeff", ""),
        ("\u200d \ufe0f", ""),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("一\n二", "一\n二"),
    ],
)
def test_signs_nobody_sees_are_left_out(typed, kept):
    assert strip_hiding(typed) == kept


@given(st.text())
def test_fold_twice_is_fold_once(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("重庆长安汽车", "chong qing chang an qi che"),
        ("厦门银行", "xia men yin hang"),
        ("长春音乐学院", "chang chun yin yue xue yuan"),
        ("六安市乐清商行", "lu an shi yue qing shang hang"),
        ("绿源女装", "lv yuan nv zhuang"),
        ("TCL集团", "tcl ji tuan"),
        ("Müller Łódź Ægir", "muller lodz aegir"),
        ("華為技術", "hua wei ji shu"),
        ("🚀·星 ·", "xing"),
        ("𬭎基", "hong ji"),
        ("。。", ""),
    ],
)
def test_name_key(name, key):
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("person", "key"),
    [
        ("单田芳", "shan tian fang"),
        ("曾国强", "zeng guo qiang"),
        ("解小东", "xie xiao dong"),
        ("仇英", "qiu ying"),
        ("华罗庚", "hua luo geng"),
        ("盖叫天", "ge jiao tian"),
        ("区志航", "ou zhi hang"),
        ("查良镛", "zha liang yong"),
        ("尉迟恭", "yu chi gong"),
        ("尉健行", "wei jian xing"),
        ("万俟卨", "mo qi xie"),
        ("长孙无忌", "zhang sun wu ji"),
        ("乐毅", "yue yi"),
        ("任 宁", "ren ning"),
        ("Ann Lee", "ann lee"),
        ("", ""),
    ],
)
def test_a_surname_is_read_as_one(person, key):
    assert name_key(person, surname=True) == key


def test_surname_reading_only_at_the_start():
    assert name_key("小单", surname=True) == "xiao dan"
    assert name_key("单县机械") == "shan xian ji xie"


def test_names_sort_as_in_an_address_book():
    people = ["张三", "Zoe", "李四", "阿强", "章一", "Adam", "立春"]
    ordered = sorted(people, key=lambda name: name_key(name, surname=True))
    assert ordered == ["阿强", "Adam", "立春", "李四", "张三", "章一", "Zoe"]


@given(st.text(max_size=200))
def test_a_key_is_short_ascii(text):
    key = name_key(text)
    assert key.isascii() and len(key) <= 80 and key == key.strip()


def test_letters_nobody_can_read_sort_last():
    assert name_key("あい") > name_key("作坊")
    assert syllables("あ华") == ["hua"]


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("华为技术", "hwjs"),
        ("TCL集团", "tcljt"),
        ("360科技", "360kj"),
        ("重庆火锅", "cqhg"),
        ("Acme Trading Co", "atc"),
        ("😀", ""),
        ("あ", ""),
    ],
)
def test_initials(text, short):
    assert initials(text) == short


@pytest.mark.parametrize(
    "name",
    [
        "澜岳精密机械有限公司",
        "澜岳精密机械(苏州)有限公司",
        "澜岳精密机械（中国）股份有限公司",
        "瀾岳精密機械集團有限責任公司",
        "澜岳精密机械  有限公司 ",
        "「澜岳」精密机械（江苏省苏州市）有限公司",
        "澜岳精密机械集团股份公司",
        "澜岳·精密机械公司",
    ],
)
def test_one_firm_has_one_core(name):
    assert core_name(name) == "澜岳精密机械"


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("GTX Pro", "gtxpro"),
        ("GTXPro", "gtxpro"),
        ("Acme Co., Ltd.", "acme"),
        ("ACME Corporation (China) Ltd", "acme"),
        ("Müller GmbH & Co. KG", "müller"),
        ("小米（MI）科技有限公司", "小米mi科技"),
        ("中国移动通信集团有限公司北京分公司", "中国移动通信北京分公司"),
        ("有限公司", "有限公司"),
        ("集团", "集团"),
        ("Ltd", "ltd"),
        ("（）", ""),
        ("", ""),
    ],
)
def test_core_name(name, core):
    assert core_name(name) == core


def test_places_go_only_when_something_remains():
    assert core_name("江苏省苏州市澜岳机械有限公司", drop_place=True) == "澜岳机械"
    assert core_name("北京银行股份有限公司", drop_place=True) == "银行"
    assert core_name("上海有限公司", drop_place=True) == "上海"
    assert core_name("苏州澜岳机械有限公司") == "苏州澜岳机械"


@given(st.text(max_size=60))
def test_a_core_is_empty_only_without_letters(text):
    assert bool(core_name(text)) == any(char.isalnum() for char in fold(text))


def test_simplify_leaves_what_is_ambiguous():
    assert simplify("華為技術（東莞）") == "华为技术（东莞）"
    assert simplify("乾坤") == "乾坤"
    assert simplify("abc") == "abc"


def test_escape_like():
    assert escape_like(r"100%_\x") == r"100\%\_\\x"
    assert escape_like("50%!", escape="!") == "50!%!!"


def test_real_names_get_ascii_keys_with_the_dictionary_reading():
    if not REAL_NAMES.exists():
        pytest.skip("needs the shared corpus of company names")
    pypinyin = pytest.importorskip("pypinyin")
    names = [name for name in REAL_NAMES.read_text(encoding="utf-8").splitlines() if name]
    sample = [name for name in random.Random(7).sample(names, 4000) if fold(name).isalpha()]
    same = sum(
        name_key(name).replace(" ", "") == "".join(pypinyin.lazy_pinyin(fold(name)))[:80]
        for name in sample
    )
    assert len(sample) > 3000
    assert same / len(sample) > 0.97
