"""System checks: a declaration that is wrong stops the start, with the object and the word
named."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core import checks

from guanxi.kernel import registry
from guanxi.kernel.columns import column
from guanxi.kernel.errors import Wrong
from guanxi.kernel.numbering import number_problems
from guanxi.kernel.parameters import name_problems
from guanxi.kernel.record import Part, Record
from guanxi.kernel.rule import info_of
from guanxi.kernel.spec import Spec, Sum

PATH_WORDS = (
    "together",
    "uncopied",
    "columns",
    "search",
    "phones",
    "filters",
    "figures",
    "bulk_edit",
    "import_key",
    "fixed",
)


@checks.register("guanxi")
def check_specs(**_options: Any) -> list[checks.CheckMessage]:
    found: list[checks.CheckMessage] = []
    paths: dict[str, str] = {}
    for spec in registry.shown():
        for problem in _problems(spec):
            found.append(checks.Error(f"{spec.key}: {problem}", id="guanxi.E001"))
        if spec.path in paths:
            problem = f"{spec.key} and {paths[spec.path]} share the address /{spec.path}/"
            found.append(checks.Error(problem, id="guanxi.E002"))
        paths[spec.path] = spec.key
    return found + _undeclared()


def _problems(spec: Spec) -> list[str]:
    found = [
        problem
        for word, paths in _paths(spec)
        for path in paths
        for problem in _unknown(spec, path, word)
    ]
    typed = [*spec.form_fields, *(parts.name for parts in spec.parts)]
    typed += [name for action in spec.actions for name in info_of(action).asks]
    found += name_problems(spec.filters, typed)
    if spec.number:
        found += number_problems(spec)
    for extra in spec.extends:
        if registry.find(extra.parent) is None:
            found.append(f"extends an unknown object {extra.parent}")
    return found


def _paths(spec: Spec) -> Iterator[tuple[str, Iterable[str]]]:
    """Every word of the declaration that names columns, with the names."""
    for word in PATH_WORDS:
        yield word, getattr(spec, word)
    yield "form", spec.form_fields
    yield "number", [spec.number.field] if spec.number else []
    for same in spec.duplicates:
        yield "duplicates", [path for path in same.fields if "." not in path]
    for measure in spec.statistics:
        yield "statistics", [measure.by, *([measure.field] if isinstance(measure, Sum) else [])]
    for extra in spec.extends:
        yield "extends", extra.tab.stream.paths if extra.tab.stream else ()
    links = [b.removeprefix("through:") for b in spec.scope.branches if b.startswith("through:")]
    yield "scope", [*links, *(["owner"] if spec.scope.has_owner else [])]


def _unknown(spec: Spec, path: str, word: str) -> list[str]:
    try:
        column(spec, path)
    except (Wrong, KeyError) as wrong:
        return [f"{word}: {wrong}"]
    return []


def _undeclared() -> list[checks.CheckMessage]:
    """Every table of business rows is a Spec or the Part of one."""
    declared = {spec.model for spec in registry.specs()}
    declared |= {parts.model for spec in registry.specs() for parts in spec.parts}
    found: list[checks.CheckMessage] = []
    for root in (Record, Part):
        for model in _concrete(root):
            if model not in declared:
                problem = f"{model._meta.label} is neither a Spec nor the Part of one"
                found.append(checks.Error(problem, id="guanxi.E003"))
    return found


def _concrete(root: type) -> list[Any]:
    found = []
    for child in root.__subclasses__():
        found += _concrete(child)
        if not child._meta.abstract:
            found.append(child)
    return found
