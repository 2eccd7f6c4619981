import argparse
import re
from collections.abc import Iterator

from guanxi.cli.terminal import WRONG_USE, complain, say
from guanxi.conf.env import ROOT
from guanxi.kernel.errors import Wrong
from guanxi.kernel.spec import Spec
from guanxi.people.explain import explain_access
from guanxi.people.finding import find_object, find_person, find_record
from guanxi.people.object_facts import TESTS, explain_object


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.usage = "guanxi explain OBJECT | guanxi explain access PERSON RECORD"
    parser.add_argument(
        "words", nargs="+", metavar="WORD", help="customers.customer, or access 张伟 customers/17"
    )


def run(options: argparse.Namespace) -> int:
    try:
        lines = _lines(options.words)
    except Wrong as wrong:
        complain(wrong.message)
        return 1
    if lines is None:
        complain("guanxi explain OBJECT, or guanxi explain access PERSON RECORD. 用法不对。")
        return WRONG_USE
    say("\n".join(lines))
    return 0


def _lines(words: list[str]) -> list[str] | None:
    match words:
        case ["access", person, record]:
            return explain_access(find_person(person), find_record(record))
        case [name] if name != "access":
            spec = find_object(name)
            return [*explain_object(spec), *_tests(spec)]
    return None


def _tests(spec: Spec) -> Iterator[str]:
    """Where there is a source tree: the test files that speak of this object."""
    yield str(TESTS)
    yield f"    guanxi.py test tests -k {spec.model.__name__.lower()}"
    named = re.compile(rf"\b({re.escape(spec.key)}|{spec.model.__name__})\b")
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if named.search(text):
            yield f"    {path.relative_to(ROOT).as_posix()}"
