import polib
import pytest

from lint import messages
from lint.msgids import Msgid


@pytest.mark.parametrize(
    ("path", "package"),
    [
        ("src/guanxi/kernel/kinds/times.py", "kernel"),
        ("src/guanxi/modules/sales/rules.py", "modules/sales"),
        ("src/guanxi/pages/templates/pages/form.html", "pages"),
    ],
)
def test_a_text_goes_into_the_catalog_of_its_package(path, package):
    assert messages.package_of(path) == package


def test_missing_texts_are_added_once_and_wait_for_words(tmp_path, monkeypatch):
    found = [
        Msgid("src/guanxi/kernel/a.py", 1, "%(n)s row", plural="%(n)s rows"),
        Msgid("src/guanxi/kernel/b.py", 2, "%(n)s row", plural="%(n)s rows"),
        Msgid("src/guanxi/kernel/b.py", 3, None),
    ]
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "all_msgids", lambda: iter(found))
    assert messages.main([]) == 0
    assert messages.main(["kernel"]) == 0
    path = tmp_path / "src/guanxi/kernel/locale/zh_Hans/LC_MESSAGES/django.po"
    (entry,) = polib.pofile(str(path))
    assert (entry.msgid, entry.msgid_plural) == ("%(n)s row", "%(n)s rows")
    assert not entry.translated()
    assert "python-format" in entry.flags
