import sys
import threading

import pytest

from guanxi.cli import supervisor
from guanxi.cli.supervisor import Part, supervise


@pytest.fixture
def ending_with(monkeypatch):
    """Children that end at once with the exit code their only argument names."""

    def start(arguments):
        script = f"raise SystemExit({arguments[0]})"
        return supervisor.subprocess.Popen([sys.executable, "-c", script])

    monkeypatch.setattr(supervisor, "start", start)
    monkeypatch.setattr(supervisor, "LOOK_EVERY", 0.01)


def test_part_that_refuses_its_settings_ends_all(ending_with):
    assert supervise([Part("web", ["2"])], threading.Event(), on_look=lambda: None) == 2


def test_part_that_dies_is_started_again_ever_later(ending_with, capsys):
    stop = threading.Event()
    part = Part("web", ["1"])

    def look():
        if part.failures == 2:
            stop.set()

    assert supervise([part], stop, on_look=look) == 0
    shown = capsys.readouterr().err
    assert shown.count("web ended (1)") == 2
    assert "in 0.5 s" in shown
    assert "in 1.0 s" in shown


def test_pause_has_an_end():
    part = Part("web", [], failures=5000, began=supervisor.time.monotonic())
    part._note_end(4711)
    assert part.due - supervisor.time.monotonic() <= supervisor.LONGEST_PAUSE
    assert part.died == 4711


def test_steady_part_starts_again_soon():
    long_ago = supervisor.time.monotonic() - supervisor.STEADY_AFTER - 1
    part = Part("web", [], failures=5, began=long_ago)
    part._note_end(4711)
    assert part.due - supervisor.time.monotonic() <= 0.5
