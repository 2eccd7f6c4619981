"""Plain e-mail addresses pass at once: none that the validator would refuse."""

import pytest
from django.core.exceptions import ValidationError

from guanxi.kernel.errors import Wrong
from guanxi.kernel.kinds import EmailKind
from guanxi.kernel.kinds.texts import PLAIN_EMAIL, VALID_EMAIL

GOOD = (
    "a@b.cn",
    "zihao.sun@tuohe-jiuzhou.example",
    "Li.Na+sales@Example.COM",
    f"{'a' * 64}@{'b' * 41}.cn",
    "李娜@例子.中国",
)
BAD = (
    *("a@b", "@b.cn", "a@", "a.b.cn", "a@b@c.cn", "a b@c.cn"),
    *(".a@b.cn", "a.@b.cn", "a..b@c.cn", "a@.cn", "a@b..cn", "a@-b.cn", "a@b-.cn", "a@b.c"),
    *(f"a@{'b' * 64}.cn", f"a@b.{'c' * 64}"),
)


def is_valid(text):
    try:
        VALID_EMAIL(text)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("text", [*GOOD, *BAD])
def test_the_short_way_lets_nothing_through_that_the_validator_refuses(text):
    assert is_valid(text) or not PLAIN_EMAIL.fullmatch(text)
    if is_valid(text):
        EmailKind().check(text)
    else:
        with pytest.raises(Wrong):
            EmailKind().check(text)


def test_usual_addresses_go_the_short_way():
    assert PLAIN_EMAIL.fullmatch("zihao.sun@tuohejiuzhou.example")
