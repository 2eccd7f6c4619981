import argparse

from guanxi.cli.terminal import say
from guanxi.kernel.reseal import reseal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    failed = 0
    for told in reseal():
        failed += told.left
        if told.done or not told.left:
            say(
                f"{told.label}: {told.done:,} values sealed with the first key. 已用第一把密钥重新加密。"
            )
        if told.left:
            say(
                f"{told.label}: {told.left:,} values no key opens; add the key they were sealed with. 缺少密钥。"
            )
    return 1 if failed else 0
