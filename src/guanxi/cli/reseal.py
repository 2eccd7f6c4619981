import argparse

from guanxi.cli.terminal import say
from guanxi.kernel.reseal import reseal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    pass


def run(options: argparse.Namespace) -> int:
    failed = 0
    for spec, done, left in reseal():
        failed += left
        say(f"{spec.key}: {done:,} values sealed with the first key. 已用第一把密钥重新加密。")
        if left:
            say(
                f"{spec.key}: {left:,} values no key opens; add the key they were sealed with. 缺少密钥。"
            )
    return 1 if failed else 0
