import json

import pytest

from lint import hosts, templates, translations, vendored

CATALOG = "src/guanxi/sales/locale/zh_Hans/LC_MESSAGES/django.po"
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
PYTHON = "from django.utils.translation import gettext_lazy as _, pgettext\n"


def entries(*pairs):
    return HEAD + "\n".join(f'{english}\nmsgstr "{chinese}"\n' for english, chinese in pairs)


def test_every_text_needs_its_chinese(said):
    found = said(
        translations.check,
        {
            "src/guanxi/sales/a.py": PYTHON
            + "_('Won')\n_('Lost')\npgettext('sort', 'order')\nfor _ in (): pass\n_(given)\n",
            "src/guanxi/sales/templates/a.html": (
                "{% load i18n %}\n{% translate 'Save' %}{{ _('Lost') }}\n"
                "{% blocktranslate with n=1 %}Hello {{ n }}{% endblocktranslate %}\n"
            ),
            CATALOG: entries(
                ('msgid "Won"', "赢单"),
                ('#, fuzzy\nmsgid "Lost"', "输单"),
                ('msgid "order"', "订单"),
                ('msgid "Save"', ""),
                ('msgid "Hello %(n)s"', "你好 %(n)s"),
            ),
        },
    )
    assert sorted(found) == [
        ("src/guanxi/sales/a.py", 3, "no Chinese for 'Lost'"),
        ("src/guanxi/sales/a.py", 4, "no Chinese for 'order' in the context 'sort'"),
        ("src/guanxi/sales/a.py", 6, "translates a computed text"),
        ("src/guanxi/sales/templates/a.html", 2, "no Chinese for 'Lost'"),
        ("src/guanxi/sales/templates/a.html", 2, "no Chinese for 'Save'"),
    ]


def test_two_chinese_for_one_english_and_lost_placeholders_are_found(said):
    other = CATALOG.replace("sales", "billing")
    found = said(
        translations.check,
        {
            CATALOG: entries(('msgid "order"', "订单"), ('msgid "%(n)s rows"', "几行")),
            other: entries(('msgid "order"', "排序")),
        },
    )
    texts = [text for _, _, text in sorted(found)]
    assert len(texts) == 2
    assert "'订单'" in texts[0] and "'排序'" in texts[0]
    assert texts[1] == "other placeholders than '%(n)s rows'"


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<p onclick='go()'>x</p>",
        '<a {% if a > b %}class="x"{% endif %} onclick="go()">x</a>',
        '<b hx-on:click="go()">x</b>',
        '<a href="javascript:go()">x</a>',
        "<style>p { color: red }</style>",
        '<p style="color: red">x</p>',
        '<img src="https://elsewhere.example/x.png">',
        '<link rel="stylesheet" href="//elsewhere.example/x.css">',
    ],
)
def test_forbidden_markup_is_found_in_templates_and_python(said, markup):
    page, code = "src/guanxi/ui/templates/x.html", "src/guanxi/ui/x.py"
    found = said(templates.check, {page: f"<p>\n{markup}\n", code: f"MARKUP = {markup!r}\n"})
    expected = [(page, 2)] if "{%" in markup else [(page, 2), (code, 1)]
    assert [(path, line) for path, line, _ in found] == expected


def test_ordinary_markup_passes(said):
    markup = (
        "<script src=\"{% static 'ui/app.js' %}\" defer></script>\n"
        '<script type="application/json" id="rows">{}</script>\n'
        '<a href="https://help.example.com" data-once="1">{{ condition }}</a>\n'
    )
    assert said(templates.check, {"src/guanxi/ui/templates/x.html": markup}) == []


def test_scripts_and_style_sheets_stay_at_home(said):
    files = {
        "src/guanxi/ui/static/x.css": "@import 'https://fonts.example/a.css';\n",
        "src/guanxi/ui/static/x.js": "const here = 1;\nfetch('//elsewhere.example/a');\n",
    }
    assert [(path, line) for path, line, _ in said(templates.check, files)] == [
        ("src/guanxi/ui/static/x.css", 1),
        ("src/guanxi/ui/static/x.js", 2),
    ]


def test_registries_and_folders_of_a_machine_are_found(said):
    files = {
        "docs/a.md": "see https://packages.example/simple\n",
        "docs/b.md": "lies in /ho" + "me/li/guanxi\n",
        "docs/c.md": "open /home or https://guanxi.example/home/page\n",
        "picture.png": "fine",
    }
    found = said(hosts.check, files, hosts=frozenset({"packages.example"}))
    assert found == [
        ("docs/a.md", 1, "names a package registry"),
        ("docs/b.md", 1, "names a folder of one machine"),
    ]


def test_pip_knows_its_own_registry():
    assert len(hosts.registry_hosts()) >= 2


def test_vendored_files_are_the_released_ones(said):
    folder = "src/guanxi/ui/static/vendor/lib"
    entry = {"source": "lib.js", "sha256": vendored.digest(b"released")}
    manifest = {"name": "lib", "version": "1.0", "files": {"lib.js": entry, "gone.js": entry}}
    package = {"dependencies": {"lib": "1.1"}}
    found = said(
        vendored.check,
        {
            f"{folder}/vendor.json": json.dumps(manifest),
            f"{folder}/lib.js": "edited",
            f"{folder}/extra.js": "x",
            "frontend/package.json": json.dumps(package),
        },
    )
    assert found == [
        (folder, 0, "not the version of package.json"),
        (f"{folder}/extra.js", 0, "not listed in vendor.json"),
        (f"{folder}/gone.js", 0, "listed but missing"),
        (f"{folder}/lib.js", 0, "digest differs"),
    ]
