"""Numbers are typed in many ways and read in one, on the list as on the record page."""

import pytest

from guanxi.kernel.registry import spec
from guanxi.testing.html import read
from guanxi.testing.people import Company, actor, browser
from guanxi.testing.samples import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "typed", "shown"),
    [
        ("mobile", "13800138000", "138 0013 8000"),
        ("mobile", "+86138-0013-8000", "138 0013 8000"),
        ("mobile", "１３８００１３８０００", "138 0013 8000"),
        ("landline", "+86 755 26780000", "0755-2678 0000"),
        ("landline", "01088886666转8001", "010-8888 6666 转 8001"),
        ("service", "4008123123", "400-812-3123"),
        ("mobile", "0016502530000", "+1 650-253-0000"),
        ("mobile", "+852 51234567", "+852 5123 4567"),
        ("wechat", "13800138000", "13800138000"),
    ],
)
def test_a_number_is_grouped_for_reading(kind, typed, shown):
    company = Company()
    line = {"kind": kind, "value": typed, "is_main": True}
    row = make(spec("customers.customer"), actor(company.boss), 4, channels=[line])
    window = browser(company.boss)
    for url in ("/customers/", f"/customers/{row.pk}/"):
        words = read(window.get(url)).words
        assert shown in words, url
        assert typed == shown or typed not in words, url
