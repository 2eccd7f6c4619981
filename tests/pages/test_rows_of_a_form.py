"""Child rows of a form that comes back: only what says something, each fault at its row."""

import re

import pytest

from guanxi.testing.people import Company, browser

pytestmark = pytest.mark.django_db


def test_a_fault_stands_at_its_row_and_rows_left_empty_stay_folded() -> None:
    sent = {
        "name": "南浦印务有限公司",
        "channels-TOTAL": "2",
        "channels-0-kind": "mobile",
        "channels-0-value": "",
        "channels-1-kind": "mobile",
        "channels-1-value": "12",
        "addresses-TOTAL": "1",
        "addresses-0-kind": "office",
        "addresses-0-country": "CN",
    }
    page = browser(Company().boss).post("/customers/new/", sent).content.decode()
    faulty = re.findall(
        r'<div class="parts-row has-error" id="(.*?)"(.*?)<p class="error">', page, re.DOTALL
    )
    ((ident, row),) = faulty
    assert ident == "id_channels-0"
    assert 'href="#id_channels-0"' in page
    assert 'value="12"' in row
    folds = re.findall(r'<details class="form-section"( open)?>', page)
    assert folds
    assert not any(folds)
