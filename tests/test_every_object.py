import pytest

pytest.register_assert_rewrite("guanxi.testing.objects")

from guanxi.testing.every_object import case, class_case, classes, company  # noqa: E402
from guanxi.testing.objects import acts, api, common, forms, lists, money, rights  # noqa: E402

globals().update(classes(lists, forms, money, acts, common, rights, api))

__all__ = ["case", "class_case", "company"]
