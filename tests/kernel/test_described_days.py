import pytest
from django.utils import translation

from guanxi.kernel import kinds, registry
from guanxi.kernel.actor import system_actor
from guanxi.kernel.describe import DAYS, NO_DAYS, describe
from guanxi.kernel.query import read

ACTOR = system_actor("tests")


def said(operator, days, language="zh-hans"):
    tree = ["next_contact_on", operator, days]
    with translation.override(language):
        return describe(read(registry.spec("customers.customer"), tree, actor=ACTOR), actor=ACTOR)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operator", "days", "sentence"),
    [
        ("older_than_days", 0, "下次联系 早于今天"),
        ("older_than_days", 7, "下次联系 距今超过 7 天"),
        ("not_for_days", 0, "下次联系 从未或早于今天"),
        ("due_within_days", 0, "下次联系 是今天或更早"),
        ("next_days", 0, "下次联系 是今天"),
    ],
)
def test_no_days_are_told_as_today(operator, days, sentence):
    assert said(operator, days) == sentence


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operator", "days", "sentence"),
    [
        ("older_than_days", 90, "Next contact is more than 90 days ago"),
        ("older_than_days", 1, "Next contact is more than 1 day ago"),
        ("not_for_days", 7, "Next contact is more than 7 days ago, or empty"),
        ("last_days", 3, "Next contact lies in the last 3 days"),
        ("next_days", 3, "Next contact lies in the next 3 days"),
        ("due_within_days", 3, "Next contact is overdue or due within 3 days"),
        ("older_than_days", 0, "Next contact is before today"),
    ],
)
def test_the_number_of_days_stands_where_english_puts_it(operator, days, sentence):
    assert said(operator, days, "en") == sentence


def test_every_operator_that_counts_days_has_words_for_none():
    kind = (kinds.DateKind(), kinds.BirthdayKind())
    counting = {one.name for each in kind for one in each.operators.values() if one.takes == "days"}
    assert counting == set(DAYS) == set(NO_DAYS)
