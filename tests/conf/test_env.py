import os
import stat
from pathlib import Path

import pytest

from guanxi.conf.env import EnvironmentFault, read_environment


def test_nothing_given_is_enough(tmp_path):
    env = read_environment({}, tmp_path)
    assert (env.host, env.port) == ("127.0.0.1", 8000)
    assert env.data_dir == tmp_path / "var"
    assert env.database == {"ENGINE": "sqlite3", "NAME": str(tmp_path / "var" / "guanxi.sqlite3")}
    assert env.time_zone == "Asia/Shanghai"
    assert env.allowed_hosts == ["127.0.0.1", "localhost", "[::1]"]
    assert not env.debug and not env.https


def test_env_file_counts_and_the_process_environment_counts_more(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("GUANXI_PORT=8123\nGUANXI_HOST=10.0.0.5\n", encoding="utf-8")
    monkeypatch.setenv("GUANXI_PORT", "8124")
    monkeypatch.delenv("GUANXI_HOST", raising=False)
    monkeypatch.setenv("GUANXI_DATA_DIR", str(tmp_path / "data"))
    env = read_environment(root=tmp_path)
    assert (env.host, env.port) == ("10.0.0.5", 8124)
    assert env.allowed_hosts == ["*"]


def test_the_kept_key_is_made_once_and_private(tmp_path):
    first = read_environment({}, tmp_path)
    again = read_environment({}, tmp_path)
    assert first.secret_key == again.secret_key and len(first.secret_key) >= 60
    path = tmp_path / "var" / "secret-key"
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret-key"]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_address(tmp_path, scheme):
    url = f"{scheme}://li%40hq:p%3Aw@db.internal:6432/crm?sslmode=require"
    assert read_environment({"DATABASE_URL": url}, tmp_path).database == {
        "ENGINE": "postgresql",
        "NAME": "crm",
        "USER": "li@hq",
        "PASSWORD": "p:w",
        "HOST": "db.internal",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }


def test_sqlite_addresses(tmp_path):
    relative = read_environment({"DATABASE_URL": "sqlite:///data/x.sqlite3"}, tmp_path)
    assert relative.database["NAME"] == str(tmp_path / "data" / "x.sqlite3")
    file = tmp_path / "空 格.sqlite3"
    absolute = read_environment({"DATABASE_URL": f"sqlite:///{file}"}, tmp_path / "other")
    assert Path(absolute.database["NAME"]) == file


def test_a_public_address_sets_hosts_and_origins(tmp_path):
    env = read_environment({"GUANXI_URL": "https://crm.example.com"}, tmp_path)
    assert env.allowed_hosts[0] == "crm.example.com" and "*" not in env.allowed_hosts
    assert env.trusted_origins == ["https://crm.example.com"] and env.https


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("GUANXI_PORT", "http"),
        ("GUANXI_PORT", "0"),
        ("GUANXI_PORT", "65536"),
        ("GUANXI_PORT", "-1"),
        ("GUANXI_DEBUG", "maybe"),
        ("GUANXI_TIME_ZONE", "Asia/Beijing"),
        ("GUANXI_TIME_ZONE", "../../etc/passwd"),
        ("GUANXI_SECRET_KEY", "short"),
        ("GUANXI_URL", "crm.example.com"),
        ("DATABASE_URL", "mysql://root:secret@localhost/x"),
        ("DATABASE_URL", "postgres://root:secret@localhost"),
        ("DATABASE_URL", "postgres://root:secret@localhost:port/x"),
        ("DATABASE_URL", "postgres://root:secret@[::1/x"),
        ("GUANXI_URL", "https://[::1"),
        ("GUANXI_MAIL_URL", "smtps://root:secret@[::1"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(tmp_path, name, text):
    with pytest.raises(EnvironmentFault, match=name) as caught:
        read_environment({name: text}, tmp_path)
    assert "\n" not in str(caught.value)
    assert "secret@" not in str(caught.value)


def test_a_data_folder_that_is_a_file_is_named(tmp_path):
    file = tmp_path / "taken"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(EnvironmentFault, match="GUANXI_DATA_DIR"):
        read_environment({"GUANXI_DATA_DIR": str(file)}, tmp_path)


def test_a_damaged_key_is_named(tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "secret-key").write_text("", encoding="ascii")
    with pytest.raises(EnvironmentFault, match="secret-key"):
        read_environment({}, tmp_path)


@pytest.mark.parametrize("text", ["-1", "10", "one", "1.5"])
def test_a_number_of_proxies_that_is_none_is_refused(tmp_path, text):
    with pytest.raises(EnvironmentFault, match="GUANXI_PROXIES"):
        read_environment({"GUANXI_PROXIES": text}, root=tmp_path)


def test_proxies_are_counted(tmp_path):
    assert read_environment({}, root=tmp_path).proxies == 0
    assert read_environment({"GUANXI_PROXIES": "2"}, root=tmp_path).proxies == 2
