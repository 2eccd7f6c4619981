"""The words after `guanxi`, in the order of the help.

Each has a module of this folder, of its own name unless `module` gives another, with
`add_arguments(parser)` and `run(options) -> int`, the exit code. It is imported when it is called;
with `django`, after Django is ready; with `database`, when a filled database answers.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Command:
    help: str
    django: bool = True
    database: bool = True
    module: str = ""


# Worker and schedule wait for a database that does not answer yet.
COMMANDS = {
    "serve": Command(help="start web, worker and schedule together", django=False, database=False),
    "web": Command(help="answer requests only", django=False, database=False),
    "worker": Command(help="do background jobs only", database=False),
    "schedule": Command(help="queue the scheduled jobs only", database=False),
    "migrate": Command(help="bring the database up to this version", database=False),
    "user": Command(help="give sign-ins: create, password, unlock, list, disable, enable"),
    "token": Command(help="let programs use the API: create, list, revoke"),
    "explain": Command(help="tell about an object, or why a person may use a record"),
    "demo": Command(help="show, make or remove the invented company"),
    "import": Command(help="bring a table into any object", module="importing"),
    "backup": Command(help="write everything into one file"),
    "restore": Command(help="bring a backup back", database=False),
    "reseal": Command(help="seal encrypted fields again with the first of the field keys"),
    "search": Command(help="write search documents anew: rebuild"),
    "check": Command(
        help="look for mistakes in the settings, declarations and migrations", database=False
    ),
    "shell": Command(help="open Python with Guanxi loaded", database=False),
}
