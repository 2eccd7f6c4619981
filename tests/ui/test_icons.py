import re

import pytest

from guanxi.ui.icons import FOLDER, UnknownIcon, icon

TEMPLATES = FOLDER.parent / "templates"


def test_an_icon_is_inline_and_hidden_from_screen_readers():
    svg = icon("search")
    assert svg.startswith('<svg class="icon"')
    assert 'aria-hidden="true"' in svg
    assert "<path" in svg
    assert 'd="M0 0h24v24H0z"' not in svg


def test_a_filled_icon_keeps_its_filling():
    assert 'class="icon icon-filled"' in icon("star-filled")


@pytest.mark.parametrize("name", ["no-such-icon", "../secret", "LICENSE", "Search", "", "a/b"])
def test_an_unknown_name_is_an_error(name):
    with pytest.raises(UnknownIcon):
        icon(name)


def test_every_icon_that_a_template_names_exists():
    names = {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r'\{% icon "([^"]+)" %\}', file.read_text(encoding="utf-8"))
    }
    assert len(names) > 40
    assert [name for name in sorted(names) if not (FOLDER / f"{name}.svg").is_file()] == []
