"""Loading and measuring for the spike, once Django is ready."""

import argparse
import json
import random
import time
from dataclasses import asdict
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from bench import masses, organisation, questions
from bench.measure import HEAD, take
from bench.report import say

RESULTS = Path(__file__).parent / "results"


def load(options: argparse.Namespace) -> int:
    call_command("migrate", verbosity=0)
    rng, began = random.Random(7), time.monotonic()
    masses.make_terms()
    staff = organisation.make_staff(rng, options.owners, timezone.now())
    drawn = min(options.rows, options.drawn)
    masses.load_customers(rng, drawn, staff, say)
    masses.load_opportunities(rng, drawn * 3 // 10, staff, say)
    masses.multiply(options.rows // drawn, staff, say)
    masses.settle()
    say(f"loaded in {time.monotonic() - began:.0f} s")
    return 0


def measure(options: argparse.Namespace) -> int:
    taken = []
    say(HEAD)
    for name, call in questions.all_questions():
        if options.only in name:
            one = take(name, call)
            taken.append(one)
            say(one.line())
            if options.sql:
                say(f"    {one.slowest[:1500]}")
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"spike-{connection.vendor}.json"
    if not options.only:
        path.write_text(json.dumps([asdict(one) for one in taken], indent=1), encoding="utf-8")
    return 0
