"""`guanxi import`: the same import without a page."""

import argparse

import pytest

from guanxi.cli import importing
from guanxi.kernel.actor import system_actor
from guanxi.modules.customers.models import Customer, Industry
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
