import os
import subprocess
import sys

import pytest

from guanxi.cli import supervisor

FOLLOWER = """
import sys, threading
from guanxi.cli.ending import follow_parent, stop_on_signals
sys.platform = {platform!r}
stop = threading.Event()
stop_on_signals(stop, grace={grace})
print(follow_parent(), flush=True)
while not stop.wait(0.05):
    pass
{after}
"""


def start(*, platform, parent, grace=None, after=""):
    environment = os.environ | {"PYTHONPATH": supervisor.SOURCE, "GUANXI_PARENT": parent}
    script = FOLLOWER.format(platform=platform, grace=grace, after=after)
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


@pytest.mark.skipif(os.name == "nt", reason="pretends to be macOS")
def test_without_linux_the_end_of_the_pipe_is_the_end_of_the_parent():
    with start(platform="darwin", parent=str(os.getpid())) as process:
        assert process.stdout.readline() == b"True\n"
        process.stdin.close()
        assert process.wait(timeout=20) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel of Linux tells")
def test_parent_that_ended_before_it_could_be_watched():
    with start(platform="linux", parent="1") as process:
        assert process.wait(timeout=20) == 0


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_process_that_does_not_get_ready_ends_after_its_grace():
    with start(
        platform=sys.platform, parent="", grace=0.2, after="threading.Event().wait(60)"
    ) as process:
        assert process.stdout.readline() == b"False\n"
        process.terminate()
        assert process.wait(timeout=20) == 1
