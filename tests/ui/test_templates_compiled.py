"""Templates are compiled once a language: what is written out in them becomes text, what depends
on the page stays."""

import pytest
from django.template import Context, Engine
from django.template.base import TextNode
from django.utils import translation

PAGE = (
    "{% load i18n static ui %}"
    '<h1>{% translate "Customers" %}</h1>{% icon "x" %}{% static "ui/css/base.css" %}'
    '{% if loud %}<b>{% translate "Save" %}</b>{% else %}<i>{% translate "Cancel" %}</i>{% endif %}'
    "{% for name in names %}{% icon name %}{% translate word %}{{ name }}{% endfor %}"
    '{% translate "Delete" as later %}[{{ later }}]'
)


@pytest.fixture
def engine():
    return Engine(
        loaders=[
            ("guanxi.ui.loaders.Loader", [("django.template.loaders.locmem.Loader", {"p": PAGE})])
        ],
        libraries={
            "i18n": "django.templatetags.i18n",
            "static": "django.templatetags.static",
            "ui": "guanxi.ui.templatetags.ui",
        },
    )


@pytest.fixture
def draw(engine):
    def make(language: str, **context) -> str:
        with translation.override(language):
            return engine.get_template("p").render(Context(context))

    return make


def test_each_language_has_its_own_words(draw):
    assert "<h1>Customers</h1>" in draw("en")
    assert "<h1>客户</h1>" in draw("zh-hans")
    assert "<h1>Customers</h1>" in draw("en")


def test_what_depends_on_the_page_is_worked_out_each_time(draw):
    loud = draw("en", loud=True, names=["star"], word="Edit")
    assert "<b>Save</b>" in loud and "<i>" not in loud and "[Delete]" in loud
    calm = draw("en", loud=False, names=["plus", "check"], word="Invalid")
    assert "<i>Cancel</i>" in calm and "Invalidplus" in calm and "Invalidcheck" in calm


def test_what_stands_written_out_is_one_text(engine):
    with translation.override("en"):
        nodes = engine.get_template("p").nodelist
    first = nodes[0]
    assert type(first) is TextNode
    assert "Customers</h1><svg" in first.s and "base.css" in first.s
    assert [type(one).__name__ for one in nodes[1:3]] == ["IfNode", "ForNode"]
    branches = [branch for _condition, branch in nodes[1].conditions_nodelists]
    assert [len(branch) for branch in branches] == [1, 1]
