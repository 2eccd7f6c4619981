"""Numbers as they stand in real lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.phones import mask_phone, read_phone, show_phone, split_phones


@pytest.mark.parametrize(
    ("typed", "digits", "e164", "ext", "kind"),
    [
        ("13812345678", "13812345678", "+8613812345678", "", "mobile"),
        ("+86 138-1234-5678", "13812345678", "+8613812345678", "", "mobile"),
        ("(+86)138 1234 5678", "13812345678", "+8613812345678", "", "mobile"),
        ("8613812345678", "13812345678", "+8613812345678", "", "mobile"),
        ("013812345678", "13812345678", "+8613812345678", "", "mobile"),
        ("１３８－１２３４－５６７８", "13812345678", "+8613812345678", "", "mobile"),
        ("13812345678.0", "13812345678", "+8613812345678", "", "mobile"),
        ("手机：13812345678", "13812345678", "+8613812345678", "", "mobile"),
        ("138-1234-5678（张总）", "13812345678", "+8613812345678", "", "mobile"),
        ("١٣٨١٢٣٤٥٦٧٨", "13812345678", "+8613812345678", "", "mobile"),
        ("010-88886666转8001", "01088886666", "+861088886666", "8001", "landline"),
        ("010-88886666-8001", "01088886666", "+861088886666", "8001", "landline"),
        ("(0755)26780000 分机 12", "075526780000", "+8675526780000", "12", "landline"),
        ("0512-6678 9012 ext. 3", "051266789012", "+8651266789012", "3", "landline"),
        ("+86-21-58881234*802", "02158881234", "+862158881234", "802", "landline"),
        ("+86 010 88886666", "01088886666", "+861088886666", "", "landline"),
        ("0086 10 8888 6666", "01088886666", "+861088886666", "", "landline"),
        ("861088886666", "01088886666", "+861088886666", "", "landline"),
        ("400-810-8888", "4008108888", "+864008108888", "", "400"),
        ("800 820 8888 转2", "8008208888", "+868008208888", "2", "400"),
        ("95588", "95588", "", "", "other"),
        ("10086", "10086", "", "", "other"),
        ("+1 650-253-0000", "6502530000", "+16502530000", "", "landline"),
        ("00 44 20 7946 0958", "2079460958", "+442079460958", "", "landline"),
        ("+852 6123 4567", "61234567", "+85261234567", "", "mobile"),
    ],
)
def test_numbers_are_read(typed, digits, e164, ext, kind):
    phone = read_phone(typed)
    assert (phone.digits, phone.e164, phone.ext, phone.kind) == (digits, e164, ext, kind)
    assert phone.typed == typed and phone.is_valid and not phone.reason


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("--", "empty"),
        ("1.38E+10", "digits_lost"),
        ("1.38e10", "digits_lost"),
        ("无", "letters"),
        ("张总13812345678", "letters"),
        ("138123", "too_short"),
        ("1381234567", "too_short"),
        ("010-8888666", "too_short"),
        ("12", "too_short"),
        ("138123456789", "too_long"),
        ("9" * 300, "too_long"),
        ("88886666", "area_code"),
        ("12345678901", "not_assigned"),
        ("12345", "not_assigned"),
        ("+999 123456789", "country"),
        ("13812345678/13912345678", "several"),
        ("13812345678，010-88886666", "several"),
    ],
)
def test_bad_numbers_say_why(typed, reason):
    phone = read_phone(typed)
    assert (phone.kind, phone.reason, phone.e164) == ("invalid", reason, "")
    assert not phone.is_valid


def test_region_is_the_country_of_numbers_without_a_prefix():
    assert read_phone("650-253-0000", "US").e164 == "+16502530000"
    assert read_phone("2123 4567", "HK").e164 == "+85221234567"
    assert read_phone("+86 138 1234 5678", "US").e164 == "+8613812345678"
    assert read_phone("13812345678", "US").e164 != "+8613812345678"


@given(st.text(max_size=40) | st.from_regex(r"[0-9+() \-转#,]{0,25}", fullmatch=True))
def test_reading_never_fails_and_the_text_stays(text):
    phone = read_phone(text)
    assert phone.typed in text
    assert phone.digits == "" or (phone.digits.isascii() and phone.digits.isdigit())
    assert phone.e164 == "" or phone.is_valid
    show_phone(text), mask_phone(text), split_phones(text)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13812345678", "138 1234 5678"),
        ("+86 138-1234-5678", "138 1234 5678"),
        ("010-88886666转8001", "010-8888 6666 转 8001"),
        ("057187654321", "0571-8765 4321"),
        ("4008108888", "400-810-8888"),
        ("95588", "95588"),
        ("+16502530000", "+1 650-253-0000"),
        ("call me", "call me"),
        ("", ""),
    ],
)
def test_show(typed, shown):
    assert show_phone(typed) == shown
    assert show_phone(shown) == shown


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("010-88886666转8001", "010****6666"),
        ("0755-26780000", "0755****0000"),
        ("4008108888", "400***8888"),
        ("95588", "*****"),
        ("13812345678/13912345678", "138*************3456"),
        ("ring twice", ""),
    ],
)
def test_mask(typed, masked):
    assert mask_phone(typed) == masked


def test_a_cell_with_several_numbers_is_split():
    cell = "13812345678 13912345678; 010-8888 6666，\n400-810-8888、139 1234 5678/95588"
    assert split_phones(cell) == [
        "13812345678",
        "13912345678",
        "010-8888 6666",
        "400-810-8888",
        "139 1234 5678",
        "95588",
    ]
    assert split_phones("13812345678,010-88886666") == ["13812345678", "010-88886666"]
    assert split_phones("138 1234 5678") == ["138 1234 5678"]
    assert split_phones("") == []
