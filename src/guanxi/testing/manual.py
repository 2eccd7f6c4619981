"""`make manual`: the journeys of the browser tests once more, keeping the pictures of the operation
manual and of README."""

import os
from pathlib import Path

from guanxi.testing import run

PICTURES = Path(__file__).resolve().parents[3] / "docs" / "zh" / "pictures"


def main(arguments: list[str]) -> int:
    """`arguments` go to pytest, such as `-k recycle` for some pictures only."""
    os.environ["GUANXI_MANUAL"] = str(PICTURES)
    os.environ["GUANXI_TEST_ALL"] = "1"
    return run.main(["tests/browser", "-m", "manual", *arguments])
