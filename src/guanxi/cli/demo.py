import argparse

from django.conf import settings
from django.utils import translation

from guanxi.cli.terminal import bar, complain, end_bar, say
from guanxi.demo import service
from guanxi.demo.remove import Removal
from guanxi.demo.state import demo_batch, demo_password, demo_signins, is_whole
from guanxi.kernel import registry
from guanxi.kernel.errors import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "act",
        nargs="?",
        choices=("show", "make", "remove"),
        default="show",
        help="show who signs in (the default), make the demo, or remove it",
    )


def run(options: argparse.Namespace) -> int:
    acts = {"show": show, "make": make, "remove": remove}
    with translation.override(settings.LANGUAGE_CODE):
        try:
            return acts[options.act]()
        except Refused as refused:
            complain(refused.message)
            return 1


def show() -> int:
    batch = demo_batch()
    if batch is None:
        say("There is no demo; guanxi demo make makes it. 没有演示数据。")
        return 1
    if not is_whole(batch):
        say("The demo is not whole; make it anew or remove it. 演示数据不完整，请重新生成或清除。")
    say(f"Password of the demo 演示密码: {demo_password()}")
    for person in demo_signins(batch):
        say(f"  {person.user.username:<14} {person.name} {person.job}")
    return 0


def make() -> int:
    service.make_anew(bar)
    end_bar()
    return show()


def remove() -> int:
    removal = service.remove(Removal(), keep=lambda now: bar(now.done, 0), pause=lambda: None)
    end_bar()
    say(f"Removed {removal.done:,}. 已清除 {removal.done:,} 条。")
    for key, record_id, reason in removal.left:
        say(f"  stays 保留: {registry.spec(str(key)).name} {record_id}: {reason}")
    return 0
