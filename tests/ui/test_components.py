from collections import Counter
from html.parser import HTMLParser

import pytest
from django.contrib.staticfiles import finders
from django.utils import translation

from guanxi.conf.messages import compile_catalogs
from guanxi.ui.styleguide.views import PAGES
from guanxi.ui.widgets import WIDGETS

VOID = {"input", "link", "meta", "img", "hr", "br", "col"}
ERRORS = (400, 403, 404, 409, 500)


class Page(HTMLParser):
    """Collects what the rules below ask for, and that every tag is closed in turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"{tag} at {self.getpos()}")

    def values(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


@pytest.fixture(scope="module", autouse=True)
def _catalogs():
    compile_catalogs()


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_sound_markup(show, name):
    page = Page(show(name))
    assert page.wrong == []
    assert page.open == []
    ids = Counter(page.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize("name", PAGES)
def test_labels_and_notes_point_at_something(show, name):
    page = Page(show(name))
    ids = set(page.values("id"))
    wanted = {
        ident
        for key in ("for", "aria-describedby", "aria-labelledby", "aria-controls")
        for value in page.values(key)
        for ident in value.split()
    }
    assert sorted(wanted - ids) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_runs_or_styles_inline(show, name):
    page = Page(show(name))
    for tag, attrs in page.tags:
        assert "style" not in attrs
        assert not [key for key in attrs if key.startswith(("on", "hx-on"))]
        assert tag != "style"
        assert tag != "script" or attrs.get("src") or attrs.get("type") == "application/json"
        assert not (attrs.get("src") or "").startswith(("http:", "https:", "//"))


@pytest.mark.parametrize("name", PAGES)
def test_buttons_of_icons_have_a_name(show, name):
    page = Page(show(name))
    bare = [
        attrs
        for tag, attrs in page.tags
        if tag in ("a", "button", "summary")
        and "btn-icon" in (attrs.get("class") or "")
        and not attrs.get("aria-label")
        and not attrs.get("title")
    ]
    assert bare == []


def test_every_static_file_of_a_page_exists(show):
    page = Page(show("list"))
    urls = [
        attrs.get("href") or attrs.get("src") or ""
        for tag, attrs in page.tags
        if tag in ("link", "script")
    ]
    files = [url.split("static/", 1)[1] for url in urls if "static/" in url]
    assert len(files) > 10
    assert [file for file in files if finders.find(file) is None] == []


def test_the_page_speaks_chinese_and_english(show):
    with translation.override("zh-hans"):
        chinese = show("list")
    with translation.override("en"):
        english = show("list")
    assert 'lang="zh-hans"' in chinese
    for word in (
        "首页",
        "上一页",
        "下一页",
        "尾页",
        "跳转",
        "共 2,314 条",
        "共 47 页",
        "查询",
        "清空",
    ):
        assert word in chinese
    for word in ("First page", "Jump", "2,314 records", "47 pages"):
        assert word in english


def test_what_the_person_chose_is_there_before_any_script(show):
    text = show("list", theme="dark", density="compact", menu="folded", closed="2.4")
    assert 'data-theme-choice="dark"' in text
    assert 'data-density="compact"' in text
    assert 'data-menu="folded"' in text
    groups = [attrs for tag, attrs in Page(text).tags if "data-group" in attrs]
    assert [a["data-group"] for a in groups if "open" not in a] == ["2", "4"]


def test_a_cookie_of_a_stranger_is_only_text(show):
    assert "<script>x" not in show("list", theme='"><script>x')


@pytest.mark.parametrize("code", ERRORS)
def test_error_pages_are_calm_and_have_a_way_out(render, code):
    with translation.override("zh-hans"):
        text = render(f"ui/errors/{code}.html", {"error_code": "7f3a"})
    assert str(code) in text
    assert 'href="/"' in text
    assert "7f3a" in text
    assert "回首页" in text


def test_an_error_page_says_the_reason_it_was_given(render):
    assert "无权查看 &lt;b&gt;" in render("ui/errors/403.html", {"message": "无权查看 <b>"})


@pytest.mark.parametrize("widget", [*WIDGETS, "address"])
def test_widgets_escape_their_value_and_show_their_error(render, widget):
    nasty = '"><img src=x>'
    field = {
        "name": "f",
        "label": "Name",
        "widget": widget,
        "value": nasty,
        "text": nasty,
        "error": "Not so",
        "required": True,
        "url": "/pick/",
        "options": [{"value": nasty, "label": nasty, "selected": True}],
    }
    text = render("ui/_field.html", {"f": field})
    assert "<img src=x>" not in text
    assert "Not so" in text
    assert Page(text).open == []


def test_a_link_field_works_without_a_script(render):
    field = {
        "name": "customer",
        "label": "Customer",
        "widget": "link",
        "value": 7,
        "text": "启明精密",
        "url": "/customers/pick/",
    }
    text = render("ui/_field.html", {"f": field})
    assert 'name="customer" value="7"' in text
    assert "/customers/pick/?field=customer&amp;return=%2Fui%2Flist%2F%3Fq%3Dx" in text


def test_a_read_only_field_has_no_control(render):
    field = {"name": "n", "label": "Number", "widget": "text", "value": "KH-1", "readonly": True}
    text = render("ui/_field.html", {"f": field})
    assert "<input" not in text
    assert "KH-1" in text


def test_an_optional_choice_can_be_emptied(render):
    options = [{"value": "a", "label": "A", "selected": True}]
    field = {"name": "n", "label": "N", "widget": "choice", "value": "a", "options": options}
    assert '<option value="">' in render("ui/_field.html", {"f": field})
    assert '<option value="">' not in render("ui/_field.html", {"f": {**field, "required": True}})


def test_the_pager_counts_later_when_the_total_is_not_known(render):
    pager = {
        "total": None,
        "pages": None,
        "total_url": "/total/",
        "page": 1,
        "per_page": 50,
        "per_page_options": [50],
        "next_url": "?page=2",
    }
    text = render("ui/_pager.html", {"pager": pager})
    assert 'hx-get="/total/"' in text
    assert "skeleton" in text
    assert 'href="?page=2"' in text


def test_the_pager_without_pages_before_offers_none(render):
    pager = {
        "total": 3,
        "pages": 1,
        "page": 1,
        "per_page": 50,
        "per_page_options": [50],
        "first_url": "",
        "prev_url": "",
        "next_url": "",
        "last_url": "",
    }
    text = render("ui/_pager.html", {"pager": pager})
    assert text.count('aria-disabled="true"') == 4
    assert 'data-pages="1"' in text


def test_invalid_rows_are_marked_in_words(render):
    table = {
        "label": "x",
        "columns": [{"label": "Name"}],
        "ticks": True,
        "rows": [
            {"id": 1, "url": "/1/", "label": "a", "cells": ["a"], "voided": True},
            {"id": 2, "url": "/2/", "label": "b", "cells": ["<b>"]},
        ],
    }
    with translation.override("zh-hans"):
        text = render("ui/_table.html", {"table": table})
    assert text.count("已失效") == 1
    assert "<b>" not in text
    assert 'value="2" form="bulk"' in text


def test_a_row_shows_what_it_has_and_its_texts_are_no_markup(render):
    columns = [
        {"label": "<Name>", "sort_url": "?sort=-name&x=1", "sorted": "asc", "title": "by pinyin"},
        {"label": "Amount"},
    ]
    row = {"id": 7, "url": "/7/", "label": '"a"', "cells": ["@id<", "1"], "alarm": "late"}
    table = {"label": "x", "columns": columns, "ticks": True, "acts_label": "Acts"}
    text = render("ui/_table.html", {"table": {**table, "rows": [row | {"acts": "-"}]}})
    assert text.count("data-tick-all") == 1
    assert '<th scope="col" aria-sort="ascending">' in text
    assert 'href="?sort=-name&amp;x=1" title="by pinyin">&lt;Name&gt;<svg' in text
    assert "<span>Amount</span>" in text
    assert 'value="7" form="bulk"' in text and "&quot;a&quot;" in text
    assert '<a class="row-link" href="/7/" data-row-link>@id&lt;</a>' in text
    assert '<tr data-row class="alarm">' in text and "late</span></th><td>1</td>" in text
    assert '<td class="row-acts">-</td></tr>' in text
    plain = render(
        "ui/_table.html", {"table": {**table, "ticks": False, "acts_label": "", "rows": [row]}}
    )
    assert "data-tick" not in plain and "row-acts" not in plain


def test_only_a_running_job_asks_again(render):
    job = {
        "id": 1,
        "title": "Import",
        "state": "running",
        "poll_url": "/jobs/1/",
        "done": 1200,
        "total": 8800,
    }
    running = render("ui/_progress.html", {"job": job})
    assert 'hx-get="/jobs/1/"' in running
    assert "1,200 / 8,800" in running
    assert "hx-get" not in render("ui/_progress.html", {"job": {**job, "state": "done"}})


def test_a_card_that_may_not_be_moved_offers_no_move(render):
    card = {"id": 1, "title": "x", "url": "/1/", "amount": "1"}
    column = {"id": 1, "label": "A", "count": 1, "cards": [card]}
    text = render("ui/_board.html", {"board": {"label": "b", "columns": [column]}})
    assert 'data-card="1"' in text
    assert "data-move" not in text
