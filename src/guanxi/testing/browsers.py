"""Which Chromium the browser tests drive; none is ever downloaded."""

import os
import shutil
from functools import cache

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MISSING = "no Chromium here; apt install chromium, or set GUANXI_TEST_CHROMIUM to its path"


@cache
def chromium_path() -> str | None:
    given = os.environ.get("GUANXI_TEST_CHROMIUM")
    if given:
        return given
    return next((path for path in map(shutil.which, NAMES) if path), None)
