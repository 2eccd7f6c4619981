import pytest

from guanxi.ui.fields import draw_field
from guanxi.ui.templatetags import ui
from guanxi.ui.widgets import control


def test_a_control_tells_screen_readers_what_they_must_know():
    text = control(
        {"name": "title", "required": True, "error": "too long", "help": "short", "max": 20}
    )
    assert 'id="id_title"' in text
    assert 'aria-required="true"' in text
    assert 'aria-invalid="true"' in text
    assert 'aria-describedby="id_title_help id_title_error"' in text
    assert 'data-max="20"' in text
    assert "maxlength" not in text


def test_a_control_escapes_what_people_typed():
    text = control({"name": "x", "placeholder": '"><script>alert(1)</script>'})
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_bare_field_still_has_its_label_for_readers():
    assert 'aria-label="Number"' in control({"name": "x", "label": "Number", "bare": True})


def test_labels_begin_large_and_a_missing_one_says_nothing():
    assert ">E-mail</label>" in draw_field({"name": "x", "label": "e-mail", "widget": "text"}, "/")
    assert "<span>Main</span>" in draw_field(
        {"name": "x", "label": "main", "widget": "boolean"}, "/"
    )
    assert "None" not in draw_field({"name": "x", "widget": "text"}, "/")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("林晓雯", "晓雯"),
        ("欧阳思远", "思远"),
        ("李雷", "李雷"),
        ("Anna Berg", "AB"),
        ("anna", "A"),
        ("", ""),
    ],
)
def test_an_avatar_shows_the_given_name(name, shown):
    assert ui.avatar(name).endswith(f">{shown}</span>")


def test_an_avatar_keeps_its_colour():
    assert ui.avatar("林晓雯") == ui.avatar("林晓雯")
    tones = {
        ui.avatar(name).split("tone-")[1][0] for name in ("林晓雯", "陈志远", "周雨桐", "赵敏")
    }
    assert len(tones) > 1


def test_right_aligned_columns_are_named_on_the_table():
    columns = [{"align": ""}, {"align": "right"}, {}, {"align": "end"}]
    assert ui.right_aligned(columns) == "end-1 end-3"


def test_thousands():
    assert ui.thousands(1234567) == "1,234,567"


@pytest.mark.parametrize(
    ("cookie", "closed"), [("1.3", True), ("13", False), ("", False), (None, False)]
)
def test_closed_menu_groups_are_kept_in_a_cookie(cookie, closed):
    assert ui.in_cookie(3, cookie) is closed
