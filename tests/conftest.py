import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect, sync_playwright

from guanxi.conf.messages import compile_catalogs
from guanxi.kernel import stamps
from guanxi.testing.browsers import MISSING, chromium_path

ON_BOTH_DATABASES = Path(__file__).parent / "kernel"
ALL_OR_RED = os.environ.get("GUANXI_TEST_ALL") == "1"

settings.register_profile(
    "guanxi",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("guanxi")


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        compile_catalogs()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(ON_BOTH_DATABASES) or item.get_closest_marker("manual"):
            item.add_marker("postgres")
        if item.get_closest_marker("browser") and not chromium_path() and not ALL_OR_RED:
            item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_collection_finish():
    # Thousands of tests stay to the end; looking through them for garbage took a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_terminal_summary(terminalreporter):
    left_out = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if MISSING in str(report.longrepr)
    ]
    if left_out:
        terminalreporter.write_line(
            f"{len(left_out)} browser tests left out: {MISSING}", yellow=True
        )


@pytest.fixture(autouse=True)
def own_state(settings, tmp_path):
    # What an earlier test noted stands for rows that have been rolled back.
    stamps.note(stamps.NONE)
    settings.MEDIA_ROOT = tmp_path / "files"
    # Every browser has the middleware made anew, which would look through all static files.
    settings.WHITENOISE_AUTOREFRESH = True
    # A slow one is for passwords that somebody might steal.
    quick = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [quick, *settings.PASSWORD_HASHERS]
    # A second process would not see the database of the tests.
    settings.IMPORT_PROCESSES = 1


@pytest.fixture(scope="module")
def chromium():
    """A running Chromium; Debian's, since none is downloaded.

    It ends with the file: the driver's event loop makes Django believe that it is called from
    asynchronous code, and a job that runs in a context of its own would get another connection.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as driver:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = driver.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox"])
        expect.set_options(timeout=20_000)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, live_server):
    """A fresh Chinese browser window; addresses count from the test's own server."""
    window = chromium.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1280, "height": 800},
    )
    yield window.new_page()
    window.close()
