import gettext
import os

import pytest
from django.utils.translation import trans_real

from guanxi.conf.messages import compile_catalogs

CATALOG = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "customer"
msgstr "{text}"
"""


@pytest.fixture
def catalog(tmp_path):
    folder = tmp_path / "people" / "locale" / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    path = folder / "django.po"
    path.write_text(CATALOG.format(text="客户"), encoding="utf-8")
    return path


def translated(path):
    with path.with_suffix(".mo").open("rb") as stream:
        return gettext.GNUTranslations(stream).gettext("customer")


def test_a_missing_catalog_is_compiled_and_a_fresh_one_left(tmp_path, catalog):
    assert compile_catalogs(tmp_path) == [catalog.with_suffix(".mo")]
    assert translated(catalog) == "客户"
    assert compile_catalogs(tmp_path) == []
    assert sorted(file.name for file in catalog.parent.iterdir()) == ["django.mo", "django.po"]


def test_a_changed_catalog_is_compiled_again(tmp_path, catalog):
    compile_catalogs(tmp_path)
    catalog.write_text(CATALOG.format(text="顾客"), encoding="utf-8")
    later = catalog.stat().st_mtime_ns + 1_000_000
    os.utime(catalog, ns=(later, later))
    assert compile_catalogs(tmp_path) == [catalog.with_suffix(".mo")]
    assert translated(catalog) == "顾客"


def test_the_catalogs_of_all_packages_are_one():
    catalogs = trans_real.translation("zh-hans")._catalog._catalogs
    one = next(found for found in catalogs if "Restore" in found)
    assert (one["Restore"], one["Not contacted for 7 days"]) == ("恢复", "7 天未联系")
    assert len(catalogs) < 5
