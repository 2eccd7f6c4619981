"""What a backup holds while people work, which files are refused, and the page."""

import json
import os
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from guanxi.backup import make
from guanxi.backup.archive import MANIFEST, open_archive
from guanxi.backup.jobs import MAKE, NIGHTLY, plan
from guanxi.backup.make import make_backup
from guanxi.backup.neutral import Sum, line_of, read_rows, write_rows
from guanxi.backup.restore import restore_backup
from guanxi.backup.store import fresh_path, kept, prune
from guanxi.backup.tables import LEFT_OUT, tables
from guanxi.jobs.models import Job, State
from guanxi.jobs.queue import enqueue
from guanxi.jobs.worker import drain
from guanxi.kernel import registry
from guanxi.kernel.errors import Refused
from guanxi.kernel.files import keep_file
from guanxi.kernel.models import StoredFile
from guanxi.kernel.values import create_record
from guanxi.modules.customers.models import Customer
from guanxi.testing.people import SYSTEM, Company, browser


def quiet(*_step):
    pass


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "backups"


@pytest.fixture
def company(transactional_db):
    return Company()


def create(company, name):
    spec = registry.spec("customers.customer")
    return create_record(SYSTEM, spec, {"name": name, "owner": str(company.anna.pk)})


def rows_in(path, name):
    with open_archive(path) as archive:
        [entry] = [one for one in archive.manifest.tables if one.name == name]
        names = entry.table.names
        return [dict(zip(names, row, strict=True)) for row in archive.rows(entry)]


def test_every_table_is_held_or_left_out_for_a_reason():
    held = {table.name for table in tables()}
    every = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert held | LEFT_OUT == every | LEFT_OUT
    assert {"customers_customer", "kernel_payload", "people_user", "backup_plan"} <= held
    assert not held & LEFT_OUT


def test_it_holds_one_moment_while_people_go_on_working(company, tmp_path, monkeypatch):
    create(company, "前")
    monkeypatch.setattr(make, "OFTEN", 1)
    written = []

    def work(_done, _total):
        if not written:
            written.append(create(company, "后"))

    make_backup(tmp_path / "x.zip", made_by="", tell=work)
    assert [row["name"] for row in rows_in(tmp_path / "x.zip", "customers_customer")] == ["前"]
    changes = rows_in(tmp_path / "x.zip", "kernel_change")
    payloads = rows_in(tmp_path / "x.zip", "kernel_payload")
    assert {row["id"] for row in changes} == {row["change_id"] for row in payloads}
    assert Customer.rows(SYSTEM).filter(name="后").exists()


def test_a_cancelled_backup_leaves_nothing(company, tmp_path, monkeypatch):
    monkeypatch.setattr(make, "OFTEN", 1)

    def stop(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_backup(tmp_path / "new" / "x.zip", made_by="", tell=stop)
    assert list((tmp_path / "new").iterdir()) == []


def test_a_stored_file_that_is_gone_is_counted(transactional_db, settings, tmp_path):
    kept, gone = (
        keep_file(SYSTEM, SimpleUploadedFile(f"{name}.bin", b"x" * 500), max_bytes=9999)
        for name in "ab"
    )
    (settings.MEDIA_ROOT / gone.path).unlink()
    manifest = make_backup(tmp_path / "x.zip", made_by="", tell=quiet)
    assert (manifest.missing, manifest.files) == (1, 1)
    with open_archive(tmp_path / "x.zip") as archive:
        assert list(archive.files()) == [(kept.path, 500, kept.sha256)]


@pytest.fixture
def made(backup, tmp_path):
    """A backup of another installation, to be spoilt."""
    return SimpleNamespace(path=Path(shutil.copy(backup, tmp_path / "made.zip")))


@pytest.fixture
def untouched(db):
    """The database is as before once the test is over."""
    before = Customer.rows(SYSTEM).count(), StoredFile.objects.count()
    yield
    assert (Customer.rows(SYSTEM).count(), StoredFile.objects.count()) == before


def refused(path):
    with pytest.raises(Refused) as found:
        restore_backup(path, replace=True, tell=quiet)
    return found.value


@pytest.mark.parametrize("part", [0, 0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(made, untouched, part):
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: int(len(whole) * part)])
    assert refused(made.path).code == "damaged"


def test_a_flipped_byte_is_found_wherever_it_is(made, untouched):
    whole = made.path.read_bytes()
    with zipfile.ZipFile(made.path) as archive:
        places = [
            info.header_offset + 30 + len(info.filename) + 20 + min(info.compress_size // 2, 400)
            for info in archive.infolist()
            if info.compress_size > 100 and info.filename.startswith("tables/")
        ]
    for place in places[:12]:
        made.path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        assert refused(made.path).code == "damaged", place


def rewritten(source, target, change):
    """A copy whose members went through change(name, bytes) -> bytes or None to leave it out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def with_manifest(source, target, **values):
    def change(name, content):
        if name != MANIFEST:
            return content
        return json.dumps(json.loads(content) | values).encode()

    return rewritten(source, target, change)


def test_a_changed_row_or_a_missing_table_is_found(made, untouched, tmp_path):
    target = tmp_path / "y.zip"

    def other_name(name, content):
        return content.replace("客户007".encode(), "客户700".encode())

    assert refused(rewritten(made.path, target, other_name)).code == "damaged"

    def without(name, content):
        return None if name == "tables/customers_customer.jsonl" else content

    assert refused(rewritten(made.path, target, without)).code == "damaged"


def test_a_path_that_leaves_the_folder_is_refused(made, untouched, tmp_path):
    row = ["../outside", 1, "0" * 64]
    total = Sum(("text", "int", "text"))
    total.add(row, line_of(row))
    target = with_manifest(made.path, tmp_path / "y.zip", files_sha256=total.hex)

    def lead_out(name, content):
        return line_of(row) if name == "files.jsonl" else content

    assert refused(rewritten(target, tmp_path / "z.zip", lead_out)).code == "damaged"


def test_other_files_and_newer_ones_are_told_apart(made, untouched, tmp_path):
    target = tmp_path / "y.zip"
    assert refused(tmp_path / "nothing.zip").code == "no_file"
    target.write_text("no zip")
    assert refused(target).code == "damaged"
    assert refused(rewritten(made.path, target, lambda n, c: None)).code == "no_backup"
    assert refused(with_manifest(made.path, target, product="x")).code == "no_backup"
    assert refused(with_manifest(made.path, target, format=2)).code == "newer"
    newer = [["customers", "9999_later"]]
    assert refused(with_manifest(made.path, target, migrations=newer)).code == "newer"
    other = [["spaceships", "0001_initial"]]
    assert "spaceships" in refused(with_manifest(made.path, target, migrations=other)).message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.lists(st.tuples(JSON, st.text(max_size=12), st.booleans(), st.datetimes()), max_size=5))
def test_rows_come_back_as_they_were(stored):
    kinds = ["json", "text", "bool", "moment"]
    as_stored = [(json.dumps(one), text, flag, str(at)) for one, text, flag, at in stored]
    neutral = list(read_rows(as_stored, kinds))
    assert [json.loads(line_of(row)) for row in neutral] == neutral
    back = list(write_rows(neutral, kinds, "sqlite"))
    assert [tuple(row) for row in back] == [(a, b, int(c), d) for a, b, c, d in as_stored]


def test_the_page_makes_lists_downloads_and_deletes(company):
    boss = browser(company.boss)
    assert "还没有备份" in boss.get("/backup/").text
    assert boss.post("/backup/make/").status_code == 303
    assert "/backup/progress/" in boss.get("/backup/").text
    drain()
    [one] = kept()
    text = boss.get("/backup/").text
    assert one.name in text
    assert company.boss.name in text
    whole = b"".join(boss.get(f"/backup/{one.name}/").streaming_content)
    assert whole == one.path.read_bytes()
    assert "删除后无法恢复" in boss.get(f"/backup/{one.name}/delete/").text
    assert one.path.exists()
    assert boss.post(f"/backup/{one.name}/delete/").status_code == 303
    assert kept() == []
    assert boss.get(f"/backup/{one.name}/").status_code == 404


def test_nothing_but_backups_is_handed_out(company, settings):
    boss = browser(company.boss)
    settings.BACKUP_DIR.mkdir()
    (settings.BACKUP_DIR / "secret.zip").write_text("no")
    for name in ("secret.zip", "..%2Fsecret-key", "guanxi-1.zip"):
        assert boss.get(f"/backup/{name}/").status_code == 404


@pytest.mark.parametrize("address", ["", "make/", "cancel/", "progress/"])
def test_it_is_for_administrators(company, made, address):
    for person in (company.anna, company.looker, company.nobody):
        visitor = browser(person)
        assert visitor.get(f"/backup/{address}").status_code in (404, 405)
        assert visitor.post(f"/backup/{address}").status_code == 404


def test_a_number_that_is_none_is_told_at_its_field(company):
    boss = browser(company.boss)
    for typed in ("", "0", "abc", "9999"):
        answer = boss.post("/backup/", {"keep": typed, "nightly": "on"})
        assert answer.status_code == 400
        assert "id_keep_error" in answer.text
    assert plan().keep == 7
    assert boss.post("/backup/", {"keep": "3"}).status_code == 303
    assert (plan().keep, plan().nightly) == (3, False)


def test_the_oldest_go_when_a_new_one_is_safe_and_broken_ones_don_t_count(made, settings):
    settings.BACKUP_DIR.mkdir()
    for day in range(1, 5):
        target = settings.BACKUP_DIR / f"guanxi-2026010{day}-022000.zip"
        shutil.copy(made.path, target)
        os.utime(target, (day * 1000, day * 1000))
    (settings.BACKUP_DIR / "guanxi-20260109-022000.zip").write_text("broken")
    prune(2)
    left = {one.name: one.manifest is None for one in kept()}
    assert left == {
        "guanxi-20260103-022000.zip": False,
        "guanxi-20260104-022000.zip": False,
        "guanxi-20260109-022000.zip": True,
    }


def test_the_night_makes_one_only_where_it_shall(company):
    chosen = plan()
    chosen.nightly = False
    chosen.save()
    enqueue(NIGHTLY, {}, person_id=None)
    drain()
    assert kept() == []
    chosen.nightly = True
    chosen.save()
    enqueue(NIGHTLY, {}, person_id=None)
    drain()
    assert len(kept()) == 1


def test_a_full_disk_fails_the_job_with_a_sentence(company, settings, tmp_path):
    settings.BACKUP_DIR = tmp_path / "file"
    settings.BACKUP_DIR.write_text("in the way of the folder")
    enqueue(MAKE, {}, person_id=None)
    drain()
    job = Job.objects.get(kind=MAKE)
    assert (job.state, job.error_code) == (State.FAILED, "unwritable")
    assert "无法写入" in browser(company.boss).get("/backup/").text


def test_names_are_told_apart_by_their_note():
    assert fresh_path("before").name.endswith("-before.zip")
