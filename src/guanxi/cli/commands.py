"""The words after `guanxi`, in the order of the help.

Each has a module of this folder, of its own name unless `module` gives another, with
`add_arguments(parser)` and `run(options) -> int`, the exit code. It is imported when it is called;
with `django`, after Django is ready.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Command:
    help: str
    django: bool = True
    module: str = ""


COMMANDS = {
    "serve": Command(help="start web, worker and schedule together", django=False),
    "web": Command(help="answer requests only", django=False),
    "worker": Command(help="do background jobs only"),
    "schedule": Command(help="queue the scheduled jobs only"),
    "migrate": Command(help="bring the database up to this version"),
    "user": Command(help="give sign-ins: create, password, list, disable, enable"),
    "token": Command(help="let programs use the API: create, list, revoke"),
    "explain": Command(help="tell about an object, or why a person may use a record"),
    "demo": Command(help="show, make or remove the invented company"),
    "import": Command(help="bring a table into any object", module="importing"),
    "backup": Command(help="write everything into one file"),
    "restore": Command(help="bring a backup back"),
    "reseal": Command(help="seal encrypted fields again with the first of the field keys"),
    "search": Command(help="write search documents anew: rebuild"),
    "check": Command(help="look for mistakes in the settings, declarations and migrations"),
    "shell": Command(help="open Python with Guanxi loaded"),
}
