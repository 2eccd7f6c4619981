"""`guanxi import`: the same import without a page."""

import argparse
from datetime import timedelta

import pytest

from guanxi.cli import importing
from guanxi.exchange import hand, service
from guanxi.exchange.models import Import, Stage
from guanxi.exchange.work import CHUNK, FEWEST, MOST, SPAN
from guanxi.jobs.models import Job, State
from guanxi.jobs.queue import requeue_expired
from guanxi.kernel.actor import system_actor
from guanxi.modules.customers.models import Customer, Industry
from guanxi.testing.imports import work_off_jobs
from guanxi.testing.people import Company

SYSTEM = system_actor("tests")


@pytest.fixture
def call(db, tmp_path, capsys):
    company = Company()

    def run(content, *words, person=company.boss.name):
        path = tmp_path / "accounts.csv"
        path.write_text(content, encoding="utf-8")
        parser = argparse.ArgumentParser()
        importing.add_arguments(parser)
        given = [str(path), "--object", "customers", "--as", person, *words]
        code = importing.run(parser.parse_args(given))
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_a_trial_then_the_import(call):
    table = "account,sector\nAcme,finance\nBeta,finnance\n"
    code, said = call(table, "--trial")
    assert code == 1
    assert "finnance" in said
    assert not Customer.rows(SYSTEM).exists()
    code, said = call(table, "--accept-proposals")
    assert code == 0
    assert "finnance -> 金融 (1)" in said
    assert Customer.rows(SYSTEM).filter(industry__code="finance").count() == 2


def test_words_of_the_command_line_overrule_proposals(call):
    code, said = call(
        "account,sector,size\nAcme,space,7\n",
        *("--create-missing", "sector", "--map", "size=headcount", "--map", "account=name"),
    )
    assert code == 0, said
    acme = Customer.rows(SYSTEM).get()
    assert (acme.industry, acme.headcount) == (Industry.rows(SYSTEM).get(name="space"), 7)
    code, said = call("account,sector\nAcme,cosmos\n", "--replace", "sector:cosmos=space")
    assert code == 0, said
    assert "未变: 1" in said


def test_refusals_and_mistakes_are_told_apart(call):
    code, said = call("account,employees\nAcme,many\nBeta,7\n")
    assert code == 1
    assert "员工人数" in said
    assert call("account\nAcme\n", "--map", "nothing=name")[0] == 2
    assert call("account\nAcme\n", "--map", "account=nothing")[0] == 2
    assert call("", "--trial")[0] == 2
    code, said = call("account\nAcme\n", person="无权")
    assert code == 2
    assert "无权导入" in said


def test_a_broken_off_import_is_finished_by_its_number(call, monkeypatch):
    table = "account,employees\n" + "".join(f"公司{number},7\n" for number in range(600))
    real = hand.Hand.write

    def second_chunk_breaks(self, cursor, *more):
        if cursor["done"] > CHUNK:
            raise KeyboardInterrupt
        return real(self, cursor, *more)

    monkeypatch.setattr(hand.Hand, "write", second_chunk_breaks)
    with pytest.raises(KeyboardInterrupt):
        call(table, "--duplicates", "create")
    broken = Import.objects.get()
    assert (broken.state, broken.job.state) == (Stage.FAILED, State.CANCELLED)
    assert Customer.rows(SYSTEM).count() == CHUNK
    monkeypatch.setattr(hand.Hand, "write", real)
    code, said = call("", "--go-on", str(broken.pk))
    assert code == 0, said
    assert Customer.rows(SYSTEM).count() == 600
    broken.refresh_from_db()
    assert (broken.state, broken.counts) == (Stage.DONE, {"created": 600})
    assert call("", "--go-on", str(broken.pk))[0] == 2


def test_chunks_fit_the_time_others_have_to_wait(call, monkeypatch):
    """Slow transactions become smaller at once, quick ones larger step by step."""
    sizes, real = [], hand.Hand.write

    def noting(self, cursor, *more):
        sizes.append(cursor["done"] - sum(sizes))
        return real(self, cursor, *more)

    clock = iter([0, 0.01, 0, 0.01, 0, SPAN * 6, 0, 60, 0, SPAN])
    monkeypatch.setattr(hand.Hand, "write", noting)
    monkeypatch.setattr(hand, "perf_counter", lambda: next(clock))
    rows = CHUNK * 19 // 4 + 2 * FEWEST
    code, said = call("account\n" + "".join(f"公司{number}\n" for number in range(rows)))
    assert code == 0, said
    assert sizes[:3] == [CHUNK, CHUNK * 3 // 2, min(CHUNK * 9 // 4, MOST)]
    assert sizes[3:] == [FEWEST] * len(sizes[3:])


def test_only_ones_own_import_goes_on(call):
    assert call("account\nAcme\n")[0] == 0
    number = str(Import.objects.get().pk)
    code, said = call("", "--go-on", number, person="无权")
    assert code == 2
    assert number in said


def test_a_killed_command_is_taken_over(call, monkeypatch):
    """Its lease runs out: the job waits again, and the import says so instead of “under way”."""
    table = "account\n" + "".join(f"公司{number}\n" for number in range(10))

    def killed(job, **more):
        raise SystemError("killed")

    monkeypatch.setattr(service, "execute", killed)
    monkeypatch.setattr(service, "finish", lambda *_: None)
    with pytest.raises(SystemError):
        call(table)
    Import.objects.update(state=Stage.RUNNING)
    job = Job.objects.get()
    assert job.state == State.RUNNING
    assert requeue_expired(job.lease_until + timedelta(seconds=1)) == 1
    work_off_jobs()
    assert (Import.objects.get().state, Customer.rows(SYSTEM).count()) == (Stage.DONE, 10)


def test_what_else_a_table_holds_is_said_with_its_command(call):
    code, said = call("客户名称,联系人,手机\n甲公司,张三,13912345678\n", "--trial")
    assert code == 0, said
    assert "这张表里还有联系人：联系人、手机。" in said
    assert "--object contacts --as" in said
    code, said = call("客户名称,电话\n甲公司,13912345678\n", "--trial")
    assert "还有" not in said
