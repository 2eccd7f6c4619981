import argparse
import time

from guanxi.cli.terminal import Halt, say
from guanxi.kernel import registry
from guanxi.kernel.spec import Spec
from guanxi.search.documents import rebuild_documents
from guanxi.search.layout import is_searchable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("act", choices=["rebuild"], help="write every search document anew")
    parser.add_argument("names", nargs="*", help="such as customers.customer; all without a name")


def run(options: argparse.Namespace) -> int:
    for spec in _specs(options.names):
        started = time.monotonic()
        count = rebuild_documents(spec)
        if count:
            say(f"{spec.key}: {count:,} documents in {time.monotonic() - started:.1f} s")
    return 0


def _specs(names: list[str]) -> list[Spec]:
    """Raises Halt for a name that is no object, or one that is not searched."""
    if not names:
        return [spec for spec in registry.specs() if is_searchable(spec)]
    found = []
    for name in names:
        spec = registry.find(name)
        if spec is None or not is_searchable(spec):
            raise Halt(f"there is nothing to search under {name!r}. 没有可搜索的对象 {name!r}。")
        found.append(spec)
    return found
