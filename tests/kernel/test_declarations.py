"""A wrong declaration stops the start, with the object and the word named."""

from dataclasses import replace

import pytest
from django.core.checks import run_checks
from django.db import models

from guanxi.kernel import registry
from guanxi.kernel.parameters import name_problems
from guanxi.kernel.record import Dictionary
from guanxi.kernel.spec import AddTab, Capability, Count, Scope, Section, Spec, Tab, dictionary
from guanxi.kernel.startup import check_specs
from guanxi.kernel.streams import Stream
from guanxi.modules.catalog.models import Unit

UNIT = registry.spec("catalog.unit")


def test_what_is_declared_is_sound():
    assert check_specs() == []
    assert [one for one in run_checks() if one.id.startswith("guanxi.")] == []


@pytest.mark.parametrize(
    "words, said",
    [
        ({"columns": "name nope"}, "columns"),
        ({"search": "nope"}, "search"),
        ({"filters": "name.nope"}, "filters"),
        ({"figures": "nope"}, "figures"),
        ({"bulk_edit": "nope"}, "bulk_edit"),
        ({"import_key": "version"}, "import_key"),
        ({"form": (Section("", "name nope"),)}, "form"),
        ({"statistics": (Count(by="nope"),)}, "statistics"),
        ({"scope": Scope.OWNER}, "scope"),
        ({"scope": Scope.through("nope")}, "scope"),
        ({"extends": (AddTab("no.such", Tab("catalog.unit", via="x")),)}, "extends"),
        (
            {
                "extends": (
                    AddTab(
                        "customers.customer",
                        Tab(
                            "catalog.unit", "x", Stream("at", who="name", what="name", text="name")
                        ),
                    ),
                )
            },
            "extends",
        ),
        ({"path": "customers"}, "share the address"),
    ],
)
def test_a_wrong_word_is_named(monkeypatch, words, said):
    monkeypatch.setitem(registry._specs, UNIT.key, replace(UNIT, **words))
    problems = [str(one.msg) for one in check_specs()]
    assert len(problems) == 1
    assert UNIT.key in problems[0]
    assert said in problems[0]


def test_a_spec_says_its_scope_and_knows_its_words():
    with pytest.raises(TypeError):
        Spec(model=Unit, path="x")
    with pytest.raises(TypeError, match="scope"):
        Spec(model=Unit, path="x", scope=Scope(()))
    with pytest.raises(TypeError, match="colums"):
        Spec(model=Unit, path="x", scope=Scope.EVERYONE, colums="name")
    with pytest.raises(TypeError):
        Spec(Unit, Scope.EVERYONE, "x")
    with pytest.raises(AttributeError):
        UNIT.path = "y"


def test_objects_are_registered_once():
    with pytest.raises(ValueError, match="twice"):
        registry.register(registry.Module(name="catalog", label="x"))
    with pytest.raises(ValueError, match="twice"):
        registry.register(registry.Module(name="again", label="x", specs=(UNIT,)))
    registry._modules.pop("again", None)


def test_a_table_without_a_spec_is_noticed(monkeypatch):
    monkeypatch.delitem(registry._specs, UNIT.key)
    assert any("Unit is neither" in str(one.msg) for one in check_specs())


def test_capabilities_are_on_unless_off_says_why():
    for capability in Capability:
        owned = capability in (Capability.TRANSFER, Capability.SHARE)
        assert UNIT.can(capability) is not owned
    quiet = dictionary(Unit, path="x", off={Capability.DELETE: "kept for ever"})
    assert not quiet.can(Capability.DELETE)


def test_a_dictionary_takes_a_dozen_lines():
    """Name, code, remark and order come along; its unique name binds within the account set."""
    assert issubclass(Unit, Dictionary)
    names = {field.name for field in Unit._meta.fields}
    assert {"name", "name_key", "code", "remark", "position", "book", "version"} <= names
    unique = [one for one in Unit._meta.constraints if isinstance(one, models.UniqueConstraint)]
    assert [one.fields for one in unique] == [("book", "name")]


@pytest.mark.parametrize(
    "asked, typed, said",
    [
        ("name page", "name", "filters: page can't be called so, page is a parameter"),
        ("name where", "name", "where is a parameter"),
        ("name", "name version", "form: version can't be called so, version is a parameter"),
        ("closed closed_from", "name", "closed_from is what closed is asked by"),
        ("amount amount_currency", "name", "amount_currency is what amount is asked by"),
    ],
)
def test_a_name_that_means_two_things_stops_the_start(asked, typed, said):
    assert list(name_problems(["title"], ["title"])) == []
    (problem,) = name_problems(asked.split(), typed.split())
    assert said in problem


def test_names_are_checked_at_the_start(monkeypatch):
    filters = f"{' '.join(UNIT.filters)} {UNIT.title}"
    monkeypatch.setitem(registry._specs, UNIT.key, replace(UNIT, filters=filters))
    monkeypatch.setattr("guanxi.kernel.parameters.OF_LISTS", {UNIT.title})
    problems = [str(one.msg) for one in check_specs()]
    assert any(f"{UNIT.key}: filters: {UNIT.title} can't be called so" in one for one in problems)
