"""What the command line says, and how it ends early."""

import sys

WRONG_USE = 2


class Halt(Exception):
    """Ends the program: the text is one clear line for the terminal."""

    def __init__(self, line: str, *, code: int = WRONG_USE) -> None:
        super().__init__(line)
        self.line = line
        self.code = code


def unusable(fault: Exception) -> Halt:
    """What ends a command whose database can't be used."""
    reason = " ".join(str(fault).split())
    return Halt(f"the database can't be used: {reason}. 数据库无法使用。")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    sys.stderr.write(f"guanxi: {line}\n")
    sys.stderr.flush()


def bar(done: int, total: int, step: str = "") -> None:
    """How far something is, on one line that is written over; nothing where nobody looks."""
    if sys.stdout.isatty():
        text = f"{min(done * 100 // total, 100)} %" if total else f"{done:,}"
        sys.stdout.write(f"\r\033[K{step} {text}")
        sys.stdout.flush()


def end_bar() -> None:
    if sys.stdout.isatty():
        sys.stdout.write("\r\033[K")
        sys.stdout.flush()
