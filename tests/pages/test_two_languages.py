"""A Chinese page holds no English sentence of ours: every text asked for has its Chinese."""

import gettext as gnu

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from guanxi.kernel.registry import spec, specs
from guanxi.testing.people import Company, actor, browser
from guanxi.testing.samples import make, make_rows

pytestmark = pytest.mark.django_db
#: Names and signs that are the same in both languages.
SAME = {"QQ", "ID", "", "—"}


class Watched:
    """The Chinese catalog, which notes every text it has no entry for."""

    def __init__(self, catalog):
        self.catalog, self.missing = catalog, set()

    def __getattr__(self, name):
        return getattr(self.catalog, name)

    def gettext(self, text):
        self._note(text)
        return self.catalog.gettext(text)

    def ngettext(self, one, many, number):
        if (one, self.catalog.plural(number)) not in self.catalog._catalog:
            self.missing.add(one)
        return self.catalog.ngettext(one, many, number)

    def _note(self, text):
        if text not in SAME and self.catalog._catalog.get(text) is None:
            self.missing.add(text)


@pytest.fixture
def watched(monkeypatch):
    """Chinese as usual, with a list of what is missing from it."""
    with translation.override("zh-hans"):
        chinese = trans_real.translation("zh-hans")
    watch = Watched(chinese)
    monkeypatch.setitem(trans_real._translations, "zh-hans", watch)
    return watch


def test_the_watch_notices_what_is_missing(watched):
    with translation.override("zh-hans"):
        assert translation.gettext("No such sentence of ours.") == "No such sentence of ours."
        assert translation.gettext("Save") != "Save"
    assert watched.missing == {"No such sentence of ours."}
    assert gnu.NullTranslations is not None


def visit(client, urls):
    for url in urls:
        answer = client.get(url)
        assert answer.status_code in (200, 404, 409), url


def test_every_page_is_chinese(watched):
    company = Company()
    client = browser(company.boss)
    visit(client, ["/", "/menu/", "/search/?q=x", "/search/?q=样例", "/profile/", "/no-such-page/"])
    for known in specs():
        rows = make_rows(known, actor(company.boss), 2)
        steps = ["", "columns/", "new/", "board/", "statistics/", "sort/", "pick/?field=x&return=/"]
        steps += ["?q=绝无此词啊", "?page=9", "?void=void", "suggest/?q=样", "total/"]
        one = f"{rows[0].pk}/"
        acts = [
            "",
            "edit/",
            "timeline/",
            "invalidate/",
            "delete/",
            "restore/",
            "transfer/",
            "share/",
        ]
        acts += [f"{rule.info.name}/" for rule in known.actions]
        acts += [f"field/{name}/" for name in known.form_fields]
        visit(client, [f"/{known.path}/{step}" for step in [*steps, *(one + act for act in acts)]])
        _refusals(client, known, rows)
    assert sorted(watched.missing) == []


def _refusals(client, known, rows):
    """What is said when something is wrong, done or taken back."""
    one = f"/{known.path}/{rows[0].pk}/"
    client.post(f"/{known.path}/new/", dict.fromkeys(known.form_fields, "x" * 3000))
    client.post(f"/{known.path}/new/", dict.fromkeys(known.form_fields, ""))
    client.post(f"{one}edit/", {known.title: "改过", "version": "0"})
    client.post(f"{one}field/{known.title}/", {known.title: "改过", "version": rows[0].version})
    for act in ("invalidate", "edit", "restore", "delete"):
        client.post(f"{one}{act}/", {"reason": "录错"})
        client.get(f"/{known.path}/")
    for act in ("edit", "transfer", "invalidate", "restore", "delete"):
        client.post(f"/{known.path}/bulk/{act}/", {"tick": [row.pk for row in rows]})
        client.post(f"/{known.path}/bulk/{act}/")
        client.get(f"/{known.path}/?void=all")


def test_those_without_rights_are_told_in_chinese(watched):
    company = Company()
    row = make(spec("sales.opportunity"), actor(company.boss), 1)
    for person in (company.nobody, company.looker, company.anna):
        client = browser(person)
        urls = [
            "/",
            "/opportunities/",
            f"/opportunities/{row.pk}/",
            f"/opportunities/{row.pk}/edit/",
        ]
        for url in [*urls, "/opportunities/new/"]:
            client.get(url)
            client.post(url)
    assert sorted(watched.missing) == []


def test_what_is_there_on_the_first_day_has_an_english_name():
    boss = actor(Company().boss)
    nameless = {
        one.key: [row.name for row in one.model.rows(boss).filter(name_en="")]
        for one in specs()
        if hasattr(one.model, "name_en") and one.key != "people.role"
    }
    assert {"sales.stage", "sales.pipeline"} <= set(nameless)
    assert not {key: names for key, names in nameless.items() if names}
