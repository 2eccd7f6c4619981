"""What differs between installations, read once from the environment and from `.env`."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parents[3]
LOOPBACK = ("127.0.0.1", "localhost", "::1")
YES = ("1", "true", "yes", "on")
NO = ("0", "false", "no", "off")
SHORTEST_SECRET = 32


class EnvironmentFault(Exception):
    """A setting of this installation can't be used; the text is one line for the terminal."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """`database` holds Django's keys; its ENGINE is "sqlite3" or "postgresql"."""

    host: str
    port: int
    web_workers: int
    data_dir: Path
    backup_dir: Path
    database: Mapping[str, Any]
    secret_key: str
    field_keys: tuple[str, ...]
    debug: bool
    demo: bool
    timing: bool
    time_zone: str
    allowed_hosts: list[str]
    trusted_origins: list[str]
    https: bool
    proxies: int
    site_url: str
    mail_server: Mapping[str, Any]
    robots_private: bool


def read_environment(values: Mapping[str, str] | None = None, root: Path = ROOT) -> Environment:
    """Reads `values`, or `.env` of `root` overlaid by the process environment.

    Relative paths count from `root`. Makes the data folder and, without GUANXI_SECRET_KEY, the
    kept key. Raises EnvironmentFault at the first value that can't be used.
    """
    given = _given(root) if values is None else values
    settings = {name: text.strip() for name, text in given.items() if text and text.strip()}
    data_dir = _data_dir(settings.get("GUANXI_DATA_DIR", "var"), root)
    host = settings.get("GUANXI_HOST", "127.0.0.1")
    public = _public_url(settings.get("GUANXI_URL", ""))
    secret_key = _secret_key(settings.get("GUANXI_SECRET_KEY", ""), data_dir)
    return Environment(
        host=host,
        port=_port(settings.get("GUANXI_PORT", "8000")),
        web_workers=_web_workers(settings.get("GUANXI_WEB_WORKERS", "1")),
        data_dir=data_dir,
        backup_dir=_backup_dir(settings.get("GUANXI_BACKUP_DIR", ""), data_dir, root),
        database=_database(settings.get("DATABASE_URL", ""), data_dir, root),
        secret_key=secret_key,
        field_keys=_field_keys(settings.get("GUANXI_FIELD_KEYS", ""), secret_key, root),
        debug=_flag("GUANXI_DEBUG", settings.get("GUANXI_DEBUG", "0")),
        demo=_flag("GUANXI_DEMO", settings.get("GUANXI_DEMO", _demo_by_default(settings))),
        timing=_flag("GUANXI_TIMING", settings.get("GUANXI_TIMING", "0")),
        time_zone=_time_zone(settings.get("GUANXI_TIME_ZONE", "Asia/Shanghai")),
        allowed_hosts=_allowed_hosts(host, public),
        trusted_origins=[f"{public.scheme}://{public.netloc}"] if public else [],
        https=bool(public and public.scheme == "https"),
        proxies=_proxies(settings.get("GUANXI_PROXIES", "0")),
        site_url=f"{public.scheme}://{public.netloc}" if public else "",
        mail_server=_mail_server(
            settings.get("GUANXI_MAIL_URL", ""), settings.get("GUANXI_MAIL_FROM", "")
        ),
        robots_private=_flag("GUANXI_ROBOTS_PRIVATE", settings.get("GUANXI_ROBOTS_PRIVATE", "0")),
    )


def _given(root: Path) -> dict[str, str]:
    kept = {name: text for name, text in dotenv_values(root / ".env").items() if text}
    return kept | dict(os.environ)


def _port(text: str) -> int:
    if text.isdecimal() and len(text) < 6 and 1 <= int(text) <= 65535:
        return int(text)
    raise EnvironmentFault(
        f"GUANXI_PORT must be a number from 1 to 65535, not {text!r}. 端口应为 1 到 65535 的数字。"
    )


def _web_workers(text: str) -> int:
    if text.isdecimal() and len(text) < 6 and 1 <= int(text) <= 64:
        return int(text)
    raise EnvironmentFault(
        f"GUANXI_WEB_WORKERS must be a number from 1 to 64, not {text!r}. 进程数应为 1 到 64 的数字。"
    )


def _proxies(text: str) -> int:
    if text.isdecimal() and len(text) < 6 and int(text) <= 9:
        return int(text)
    raise EnvironmentFault(
        "GUANXI_PROXIES must be the number of reverse proxies in front, from 0 to 9, "
        f"not {text!r}. 反向代理的层数应为 0 到 9。"
    )


def _flag(name: str, text: str) -> bool:
    if text.lower() in YES + NO:
        return text.lower() in YES
    raise EnvironmentFault(f"{name} must be 1 or 0, not {text!r}. 此项只能填 1 或 0。")


def _demo_by_default(settings: Mapping[str, str]) -> str:
    """Who names a database has decided to use Guanxi; the others have a first look."""
    return "0" if "DATABASE_URL" in settings else "1"


def _mail_server(url: str, sender: str) -> dict[str, Any]:
    """The columns of guanxi.notices.models.MailServer, {} without GUANXI_MAIL_URL."""
    if not url:
        return {}
    parts = _split(url)
    security = {"smtps": "tls", "smtp+starttls": "starttls", "smtp": "none"}.get(parts.scheme)
    try:
        port = parts.port or {"tls": 465, "starttls": 587}.get(security or "", 25)
    except ValueError:
        port = 0
    if not security or not parts.hostname or not port or "@" not in sender:
        # The address may hold a password, so it is not repeated.
        raise EnvironmentFault(
            "GUANXI_MAIL_URL must be smtps://user:password@host:465 (or smtp+starttls://, smtp://) "
            "and GUANXI_MAIL_FROM an e-mail address. 邮件服务器设置格式不对。"
        )
    return {
        "host": parts.hostname,
        "port": port,
        "security": security,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "sender": sender,
    }


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as fault:
        raise EnvironmentFault(
            f"GUANXI_TIME_ZONE names no time zone: {name!r}; try Asia/Shanghai. 没有这个时区。"
        ) from fault
    return name


def _split(url: str) -> SplitResult:
    """The parts of an address; none of what is no address at all, such as http://[::1."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _public_url(text: str) -> SplitResult | None:
    if not text:
        return None
    parts = _split(text)
    if parts.scheme in ("http", "https") and parts.hostname:
        return parts
    raise EnvironmentFault(
        f"GUANXI_URL must look like https://crm.example.com, not {text!r}. 访问网址格式不对。"
    )


def _allowed_hosts(host: str, public: SplitResult | None) -> list[str]:
    if public and public.hostname:
        return [public.hostname, *LOOPBACK[:2], "[::1]"]
    return [*LOOPBACK[:2], "[::1]"] if host in LOOPBACK else ["*"]


def _data_dir(text: str, root: Path) -> Path:
    folder = (root / Path(text).expanduser()).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise EnvironmentFault(
            f"GUANXI_DATA_DIR can't be used: {folder} ({fault.strerror}). 数据目录无法使用。"
        ) from fault
    if os.access(folder, os.W_OK):
        return folder
    raise EnvironmentFault(f"GUANXI_DATA_DIR can't be written to: {folder}. 数据目录不可写。")


def _backup_dir(text: str, data_dir: Path, root: Path) -> Path:
    """Need not be there before the first backup: it may lie on a disk that is plugged in."""
    return (root / Path(text).expanduser()).resolve() if text else data_dir / "backups"


def _database(url: str, data_dir: Path, root: Path) -> dict[str, Any]:
    if not url:
        return {"ENGINE": "sqlite3", "NAME": str(data_dir / "guanxi.sqlite3")}
    parts = _split(url)
    name = unquote(parts.path[1:])
    if parts.scheme == "sqlite" and not parts.netloc and name and name != ":memory:":
        return {"ENGINE": "sqlite3", "NAME": str((root / name).resolve())}
    if parts.scheme in ("postgres", "postgresql") and name:
        return _postgresql(parts, name)
    # The address may hold a password, so it is not repeated.
    raise EnvironmentFault(
        "DATABASE_URL must be sqlite:///file or postgres://user:password@host:5432/name. "
        "数据库地址格式不对。"
    )


def _postgresql(parts: SplitResult, name: str) -> dict[str, Any]:
    try:
        port = parts.port
    except ValueError as fault:
        raise EnvironmentFault(
            "DATABASE_URL has a port that is no number. 数据库地址中的端口不对。"
        ) from fault
    return {
        "ENGINE": "postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _secret_key(given: str, data_dir: Path) -> str:
    if not given:
        return _kept_key(data_dir / "secret-key")
    if len(given) >= SHORTEST_SECRET:
        return given
    raise EnvironmentFault(
        f"GUANXI_SECRET_KEY must have at least {SHORTEST_SECRET} characters. 密钥太短。"
    )


def _field_keys(file: str, secret_key: str, root: Path) -> tuple[str, ...]:
    """The keys of encrypted fields: the lines of an own file, or the secret key of the cookies."""
    if not file:
        return (secret_key,)
    path = root / Path(file).expanduser()
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as fault:
        raise EnvironmentFault(
            f"GUANXI_FIELD_KEYS names a file that can't be read: {path}. 字段密钥文件无法读取。"
        ) from fault
    if lines and all(len(line) >= SHORTEST_SECRET for line in lines):
        return tuple(lines)
    raise EnvironmentFault(
        f"GUANXI_FIELD_KEYS: each line of {path} must be a key of at least {SHORTEST_SECRET} "
        "characters. 字段密钥文件每行一个密钥，至少 32 个字符。"
    )


def _kept_key(path: Path) -> str:
    if not path.exists():
        _keep_new_key(path)
    key = path.read_text(encoding="ascii").strip()
    if len(key) >= SHORTEST_SECRET:
        return key
    raise EnvironmentFault(
        f"The kept key is damaged; delete it for a new one (all sign in again): {path}. 密钥文件已损坏。"
    )


def _keep_new_key(path: Path) -> None:
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix="secret-key.")
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(48))
    try:
        # Several processes may start together: a link never replaces the first one's key.
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:
        os.replace(fresh, path)
        return
    os.unlink(fresh)
