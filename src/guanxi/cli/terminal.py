"""What the command line says, and how it ends early."""

import sys

WRONG_USE = 2


class Halt(Exception):
    """Ends the program: the text is one clear line for the terminal."""

    def __init__(self, line: str, *, code: int = WRONG_USE) -> None:
        super().__init__(line)
        self.line = line
        self.code = code


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def complain(line: str) -> None:
    sys.stderr.write(f"guanxi: {line}\n")
    sys.stderr.flush()
