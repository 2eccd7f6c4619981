"""Backup and restore as an administrator does them, with real databases and real accidents."""

import json
import shutil
import zipfile

import pytest

from guanxi.backup.archive import MANIFEST


def said(shown):
    return shown.stdout + shown.stderr


def manifest(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read(MANIFEST))


def content(path):
    """{table: (rows, checksum, last id)} but the stamp, which a restore moves on purpose."""
    return {
        one["name"]: (one["rows"], one["sha256"], one["last_id"])
        for one in manifest(path)["tables"]
        if one["name"] != "people_organisationstamp"
    }


def restored(installation, path, *words, **options):
    shown = installation.guanxi("restore", path, *words, **options)
    assert shown.returncode == 0, said(shown)
    return shown


def same_content(installation, path, folder):
    again = folder / "again.zip"
    shown = installation.guanxi("backup", again)
    assert shown.returncode == 0, said(shown)
    assert content(again) == content(path)
    assert manifest(again)["files_sha256"] == manifest(path)["files_sha256"]
    return again


def test_up_to_postgresql_and_back_table_by_table(backup, on_postgres, empty, tmp_path):
    assert content(backup)["customers_customer"][0] == 40
    assert manifest(backup)["files"] == 3
    restored(on_postgres, backup)
    assert on_postgres.script("documents").stdout.strip() == "same"
    up = same_content(on_postgres, backup, tmp_path)
    assert manifest(up)["database"] == "postgresql"
    restored(empty, up)
    (tmp_path / "again.zip").rename(tmp_path / "up.zip")
    same_content(empty, tmp_path / "up.zip", tmp_path)
    assert empty.script("documents").stdout.strip() == "same"
    assert empty.guanxi("check").returncode == 0


def test_ids_go_on_where_they_were_even_after_a_deleted_row(office, copy_of, on_postgres, tmp_path):
    copy = copy_of(office)
    assert copy.script("remove_last").returncode == 0
    expected = copy.script("next_id").stdout
    assert int(expected) == 41
    assert copy.guanxi("backup", tmp_path / "x.zip").returncode == 0
    restored(on_postgres, tmp_path / "x.zip")
    assert on_postgres.script("next_id").stdout == expected
    assert on_postgres.script("fill").returncode == 0
    fresh = on_postgres.ask("SELECT min(id) FROM customers_customer WHERE id > 40")
    assert fresh[0][0] > 40


def test_what_goes_on_after_a_restore_and_what_does_not(office, backup, empty):
    shown = restored(empty, backup)
    kinds = {kind for (kind,) in empty.ask("SELECT kind FROM jobs_job")}
    assert "exchange.tidy" in kinds
    assert "backup.make" not in kinds
    # Everybody reads the organisation anew, and the missing key is told.
    stamp = "SELECT value FROM people_organisationstamp"
    assert empty.ask(stamp) != office.ask(stamp)
    assert "GUANXI_FIELD_KEYS" in shown.stdout
    key = (office.folder / "secret-key").read_text().strip()
    empty.more = {"GUANXI_SECRET_KEY": key}
    again = restored(empty, backup, "--replace", "--no-backup", typed="replace\n")
    assert "GUANXI_FIELD_KEYS" not in again.stdout


def test_a_used_installation_is_replaced_only_with_the_word_and_kept_beforehand(
    office, backup, copy_of
):
    copy = copy_of(office)
    copy.script("remove_last")
    before = copy.ask("SELECT count(*) FROM customers_customer")
    refused = copy.guanxi("restore", backup)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    wrong = copy.guanxi("restore", backup, "--replace", typed="yes\n")
    assert wrong.returncode == 2
    assert copy.ask("SELECT count(*) FROM customers_customer") == before == [(39,)]
    (copy.folder / "files" / "loose.bin").write_bytes(b"of what is replaced")
    restored(copy, backup, "--replace", typed="替换\n")
    assert copy.ask("SELECT count(*) FROM customers_customer") == [(40,)]
    assert not (copy.folder / "files" / "loose.bin").exists()
    [kept] = (copy.folder / "backups").glob("guanxi-*-before.zip")
    assert content(kept)["customers_customer"][0] == 39


def test_a_running_installation_is_left_alone(office, backup, copy_of):
    copy = copy_of(office)
    copy.script("in_use")
    refused = copy.guanxi("restore", backup, "--replace", "--no-backup", typed="replace\n")
    assert refused.returncode == 1
    assert "正在运行" in refused.stderr
    copy.script("out_of_use")
    restored(copy, backup, "--replace", "--no-backup", typed="replace\n")


@pytest.mark.parametrize("step", ["files", "migrations"])
def test_a_restore_killed_in_the_middle_changes_nothing(office, backup, copy_of, tmp_path, step):
    copy = copy_of(office)
    copy.script("remove_last")
    assert copy.guanxi("backup", tmp_path / "before.zip").returncode == 0
    killed = copy.script("restore_long", backup, step)
    assert killed.returncode == -9, said(killed)
    same_content(copy, tmp_path / "before.zip", tmp_path)
    assert copy.script("documents").stdout.strip() == "same"
    restored(copy, backup, "--replace", "--no-backup", typed="replace\n")
    assert copy.ask("SELECT count(*) FROM customers_customer") == [(40,)]


def test_a_restore_on_postgresql_killed_in_the_middle_changes_nothing(backup, on_postgres):
    restored(on_postgres, backup)
    assert on_postgres.script("remove_last").returncode == 0
    assert on_postgres.script("restore_long", backup, "migrations").returncode == -9
    assert on_postgres.ask("SELECT count(*) FROM customers_customer") == [(39,)]


def test_search_documents_a_killed_restore_did_not_write_come_at_the_next_start(
    office, backup, copy_of
):
    copy = copy_of(office)
    assert copy.script("restore_long", backup, "documents").returncode == -9
    assert copy.guanxi("migrate").returncode == 0
    assert copy.script("documents").stdout.strip() == "same"


def test_a_backup_killed_in_the_middle_leaves_nothing_that_looks_like_one(office, copy_of):
    copy = copy_of(office)
    target = copy.folder / "backups" / "guanxi-20260101-000000.zip"
    assert copy.script("write_long", target).returncode == -9
    left = [path.name for path in target.parent.iterdir()]
    assert len(left) == 1 and left[0].endswith(".part")
    assert copy.guanxi("backup").returncode == 0
    [whole] = target.parent.iterdir()
    assert manifest(whole)["files"] == 3


@pytest.mark.skipif(not shutil.which("prlimit"), reason="needs prlimit")
def test_a_full_disk_is_told_and_nothing_is_left_behind(office, backup, copy_of, empty, tmp_path):
    copy, target = copy_of(office), tmp_path / "full" / "x.zip"
    # SQLite's own files beside the database need some 32 kB.
    full = copy.guanxi("backup", target, limit=100_000)
    assert full.returncode == 1, said(full)
    assert "磁盘空间不足" in full.stderr
    assert list(target.parent.iterdir()) == []
    full = empty.guanxi("restore", backup, limit=100_000)
    assert full.returncode == 1, said(full)
    assert "未做任何改动" in full.stderr
    assert not [path for path in (empty.folder / "files").rglob("*") if path.is_file()]
    restored(empty, backup)


def test_an_existing_file_is_not_overwritten(office, backup):
    before = backup.read_bytes()
    refused = office.guanxi("backup", backup)
    assert refused.returncode == 1
    assert backup.read_bytes() == before


def test_a_value_postgresql_can_t_hold_is_named_and_nothing_is_kept(
    office, copy_of, on_postgres, tmp_path
):
    copy = copy_of(office)
    copy.write("UPDATE customers_customer SET remark = 'a' || char(0) || 'b' WHERE id = 7")
    assert copy.guanxi("backup", tmp_path / "nul.zip").returncode == 0
    refused = on_postgres.guanxi("restore", tmp_path / "nul.zip")
    assert refused.returncode == 1
    assert "customers_customer" in refused.stderr
    sql = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
    assert on_postgres.ask(sql) == [(0,)]


LATER = """
from django.db import migrations, models

def more(apps, schema_editor):
    for plan in apps.get_model("backup", "Plan").objects.all():
        plan.keep += 1
        plan.save()
    Customer = apps.get_model("customers", "Customer")
    Customer._base_manager.update(salutation="later")

class Migration(migrations.Migration):
    dependencies = [("backup", "0001_initial"), ("customers", "0001_initial")]
    operations = [
        migrations.RunPython(more),
        migrations.AddField("plan", "note", models.CharField(max_length=9, default="new")),
        migrations.AddField("plan", "more", models.IntegerField(null=True)),
    ]
"""


def later_version(installation, folder):
    """The same installation with a program that knows one migration more."""
    package = folder / "later_migrations"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "0001_initial.py").write_text(
        "from guanxi.backup.migrations import *\n"
        "from importlib import import_module\n"
        "Migration = import_module('guanxi.backup.migrations.0001_initial').Migration\n"
    )
    (package / "0002_later.py").write_text(LATER)
    (folder / "later_settings.py").write_text(
        "from guanxi.conf.settings import *\nMIGRATION_MODULES = {'backup': 'later_migrations'}\n"
    )
    path = installation.environment()["PYTHONPATH"]
    installation.more = {
        "DJANGO_SETTINGS_MODULE": "later_settings",
        "PYTHONPATH": f"{path}:{folder}",
    }


def test_an_older_backup_is_migrated_up_and_a_newer_one_refused(
    backup, empty, on_postgres, tmp_path
):
    later_version(empty, tmp_path / "code")
    restored(empty, backup)
    assert empty.ask("SELECT DISTINCT salutation FROM customers_customer") == [("later",)]
    # The program knows no column `note`, so its own tables are read by hand.
    assert len(empty.ask("SELECT note, more FROM backup_plan")) == 0
    newer = tmp_path / "newer.zip"
    shown = empty.guanxi("backup", newer)
    assert shown.returncode == 0, said(shown)
    refused = on_postgres.guanxi("restore", newer)
    assert refused.returncode == 1
    assert "较新版本" in refused.stderr
    assert on_postgres.ask("SELECT 1 FROM pg_tables WHERE schemaname = 'public'") == []


def test_an_older_backup_is_migrated_up_on_postgresql(backup, on_postgres, tmp_path):
    later_version(on_postgres, tmp_path / "code")
    restored(on_postgres, backup)
    assert on_postgres.ask("SELECT DISTINCT salutation FROM customers_customer") == [("later",)]
