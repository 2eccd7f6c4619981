from contextlib import contextmanager

import pytest

from guanxi.testing import run


@pytest.fixture
def parts(monkeypatch):
    """The parts of a whole run with given exit codes, and what pytest was asked to do."""

    def prepare(*, checks=0, sqlite=0, postgres=0, server="postgres://here/x"):
        asked = []

        @contextmanager
        def postgres_server():
            yield server

        def pytest_run(options, *, database=None):
            asked.append((options, database))
            return postgres if database else sqlite

        monkeypatch.setattr(run, "postgres_server", postgres_server)
        monkeypatch.setattr(run, "_checks", lambda: checks)
        monkeypatch.setattr(run, "_pytest", pytest_run)
        monkeypatch.setenv("GUANXI_TEST_SEED", "77")
        monkeypatch.delenv("GUANXI_TEST_ALL", raising=False)
        return asked

    return prepare


def test_all_green_runs_both_databases_in_the_same_printed_order(parts, capsys):
    asked = parts()
    assert run.main([]) == 0
    assert [database for _, database in asked] == ["", "postgres://here/x"]
    assert all("--randomly-seed=77" in options for options, _ in asked)
    assert "GUANXI_TEST_SEED=77" in capsys.readouterr().out


@pytest.mark.parametrize("red", ["checks", "sqlite", "postgres"])
def test_one_red_part_is_red_and_the_others_still_run(parts, red):
    asked = parts(**{red: 1})
    assert run.main([]) == 1
    assert len(asked) == 2


def test_without_postgresql_it_says_what_to_install(parts, capsys):
    parts(server=None)
    assert run.main([]) == 0
    told = capsys.readouterr().out
    assert "apt install postgresql" in told and "PostgreSQL: left out" in told


def test_in_ci_nothing_may_be_left_out(parts, monkeypatch):
    parts(server=None)
    monkeypatch.setenv("GUANXI_TEST_ALL", "1")
    assert run.main([]) == 1


def test_arguments_go_to_pytest_alone(parts):
    asked = parts()
    assert run.main(["tests/conf", "-k", "port"]) == 0
    assert asked == [(["tests/conf", "-k", "port"], None)]


def test_settings_of_the_machine_do_not_reach_the_tests(monkeypatch):
    monkeypatch.setenv("GUANXI_URL", "https://crm.example.com")
    monkeypatch.setenv("GUANXI_TEST_SEED", "5")
    kept = run._clean_environment()
    assert kept["GUANXI_URL"] == "" and kept["GUANXI_TEST_SEED"] == "5" and "PATH" in kept
