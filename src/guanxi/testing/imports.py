"""Importing as a person does it: through the pages, with the jobs worked off in between."""

import threading
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.exchange import service
from guanxi.exchange.jobs import importer
from guanxi.exchange.models import Import, Stage
from guanxi.exchange.results import not_taken
from guanxi.exchange.run import Waiting, run_import
from guanxi.exchange.upload import take_file
from guanxi.jobs.execute import execute
from guanxi.jobs.models import State
from guanxi.jobs.queue import claim
from guanxi.jobs.run import Timing
from guanxi.kernel import registry
from guanxi.people.models import Person
from guanxi.testing.html import read

PATIENT = Timing(beat=3_600, breath=0)


def work_off_jobs() -> None:
    """Runs every waiting job of the bulk lane, here and now; a failed one is a failed test."""
    while (job := claim("bulk", "test", lease=PATIENT.lease_span)) is not None:
        execute(job, timing=PATIENT, stopping=threading.Event())
        job.refresh_from_db()
        assert job.state == State.DONE, (job.kind, job.state, job.error_code, job.error_text)


def upload(browser: Client, person: Person, path: str, file: Path | bytes) -> Import:
    """Sends a file to /import/PATH/ and returns the import that it became."""
    content = file if isinstance(file, bytes) else file.read_bytes()
    name = "table.csv" if isinstance(file, bytes) else file.name
    response = browser.post(f"/import/{path}/", {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 303, read(response).text()
    number = response["Location"].split("/")[2]
    return service.own_import(importer(person.pk), int(number))


def try_as_proposed(browser: Client, imported: Import, **changes: str) -> Import:
    """Sends the form of the assignment as it stands, but for `changes`, and runs the trial."""
    address = f"/import/{imported.pk}/mapping/"
    sent = read(browser.get(address)).form("").values()
    response = browser.post(address, {**sent, **changes, "act": "try"})
    assert response.status_code == 303, read(response).text()
    work_off_jobs()
    imported.refresh_from_db()
    assert imported.state == Stage.TRIED, imported.state
    return imported


def carry_out(browser: Client, imported: Import) -> Import:
    """Starts the import and waits for its end."""
    response = browser.post(f"/import/{imported.pk}/start/")
    assert response.status_code == 303, read(response).text()
    work_off_jobs()
    imported.refresh_from_db()
    assert imported.state == Stage.DONE, imported.state
    return imported


def bring(person: Person, key: str, content: bytes | str, **options: Any) -> Import:
    """Imports a table without pages: mapping and options as proposed, but for `options`."""
    raw = content.encode() if isinstance(content, str) else content
    actor = importer(person.pk)
    imported = take_file(actor, registry.spec(key), "table.csv", [raw])
    imported.options |= options
    imported.save()
    run_import(actor, imported, Waiting())
    return imported


def reasons(imported: Import, *, trial: bool = False) -> dict[int, str]:
    """{line: why it was refused or skipped}."""
    return {line: reason for line, _title, reason in not_taken(imported, trial=trial)}
