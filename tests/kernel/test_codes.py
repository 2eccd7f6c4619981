"""The check digit of 统一社会信用代码 against published codes and every kind of slip."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.codes import ALPHABET, CodeError, check_credit_code, make_credit_code

PUBLISHED = ["914403001922038216", "9144030071526726XG", "91330100799655058B"]


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_pass(code):
    assert check_credit_code(code) == code
    assert check_credit_code(f" {code[:4].lower()} {code[4:]}\u3000") == code


def test_full_width_and_small_letters_are_folded():
    assert check_credit_code("９１３３０１００７９９６５５０５８ｂ") == "91330100799655058B"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("  -", "empty"),
        ("9.14E+17", "digits_lost"),
        ("9.14403E+17", "digits_lost"),
        ("110000001234567", "length"),
        ("9133010079965505", "length"),
        ("91330100799655O58B", "characters"),
        ("9133010079965505SB", "characters"),
        ("91AB0100799655058B", "characters"),
        ("91330100799655058C", "check"),
        ("914403001922038200", "check"),
        ("统一社会信用代码", "length"),
    ],
)
def test_refusals_say_why(text, reason):
    with pytest.raises(CodeError) as refused:
        check_credit_code(text)
    assert refused.value.reason == reason
    assert isinstance(refused.value, ValueError)


@given(st.integers(0, 10**8 - 1), st.integers(2, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(seed, place, char):
    code = make_credit_code(seed)
    assert check_credit_code(code) == code
    wrong = code[:place] + char + code[place + 1 :]
    if wrong != code:
        with pytest.raises(CodeError):
            check_credit_code(wrong)


def test_invented_codes_are_distinct_and_repeatable():
    codes = [make_credit_code(seed) for seed in range(20_000)]
    assert len(set(codes)) == 20_000
    assert codes[5] == make_credit_code(5)


def test_a_refusal_is_a_sentence():
    with (
        translation.override("zh-hans"),
        pytest.raises(CodeError, match="统一社会信用代码应为 18 位"),
    ):
        check_credit_code("123")
    with translation.override("en"), pytest.raises(CodeError, match="18 characters"):
        check_credit_code("123")
