"""The version of this program, installed as a package or run from its folder."""

import tomllib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


@lru_cache
def version() -> str:
    if PROJECT.is_file():
        return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    try:
        return installed("guanxi")
    except PackageNotFoundError:
        return "0"
