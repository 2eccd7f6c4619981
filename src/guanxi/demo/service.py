"""Making and removing the demo from wherever it is asked for: command line, job, first start."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from guanxi.demo.make import Progress, make_demo
from guanxi.demo.remove import Removal, remove_demo
from guanxi.demo.state import demo_actor, demo_batch, is_whole
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Batch


def make_anew(progress: Progress) -> Batch:
    """Makes the demo, over what a broken-off attempt left. Raises Refused when it stands."""
    batch = demo_batch()
    if batch is not None:
        if is_whole(batch):
            raise Refused(_("The demo is there already."), code="demo_there")
        remove_demo(demo_actor(), batch, Removal(), keep=_nothing, pause=lambda: None)
    return make_demo(demo_actor(), progress)


def remove(
    removal: Removal, *, keep: Callable[[Removal], None], pause: Callable[[], None]
) -> Removal:
    """Removes the demo from where `removal` is. Raises Refused when there is none."""
    batch = demo_batch()
    if batch is None:
        raise Refused(_("There is no demo."), code="no_demo")
    return remove_demo(demo_actor(), batch, removal, keep=keep, pause=pause)


def _nothing(_removal: Removal) -> None:
    pass
