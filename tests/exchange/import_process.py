"""A worker of its own for the test that kills an import.

Argument: JSON with database, folder and from how many rows on a second process helps.
"""

import json
import os
import sys
import threading

import django
from django.conf import settings

OPTIONS = json.loads(sys.argv[1])
os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.conf.settings"
settings.DATABASES = {"default": OPTIONS["database"]}
settings.MEDIA_ROOT = OPTIONS["media"]
django.setup()

from guanxi.exchange import pair  # noqa: E402
from guanxi.jobs.run import Timing  # noqa: E402
from guanxi.jobs.worker import run_worker  # noqa: E402

pair.WORTH_IT = OPTIONS["worth_it"]

if __name__ == "__main__":
    run_worker(("bulk",), threading.Event(), timing=Timing(lease=2, beat=0.4, longest_wait=0.1))
